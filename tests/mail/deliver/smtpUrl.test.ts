import { describe, expect, test } from 'vitest'
import { isNearby, parseSmtpUrl, tlsOptions } from '../../../src/mail/deliver/smtpUrl.ts'

describe('user and password of SMTP_URL', () => {
  test.each([
    ['smtp://AKIAQ:BEV0cShE/VzqX75/+1Fs@mail.example:25', 'AKIAQ', 'BEV0cShE/VzqX75/+1Fs'],
    ['smtp://AKIAQ:587/VzqX75/+1Fs@mail.example:25', 'AKIAQ', '587/VzqX75/+1Fs'],
    ['smtp://user:12#ab@mail.example:25', 'user', '12#ab'],
    ['smtp://user:a?b@mail.example:25', 'user', 'a?b'],
    ['smtp://user:50%off@mail.example:25', 'user', '50%off'],
    ['smtp://user:p%40ss%3Aword@mail.example:25', 'user', 'p@ss:word'],
    ['smtp://user%40example.org:a:b@c@mail.example:25', 'user@example.org', 'a:b@c'],
    ['smtp://user@mail.example:25', 'user', ''],
  ])('%s', (url, user, pass) => {
    expect(parseSmtpUrl(url)).toMatchObject({ host: 'mail.example', port: 25, auth: { user, pass } })
  })

  test('scheme, port and option', () => {
    expect(parseSmtpUrl('smtps://mail.example')).toMatchObject({ port: 465, secure: true, requireTLS: false })
    expect(parseSmtpUrl('smtp://[::1]:2525/?requireTLS=true')).toEqual({
      host: '::1',
      port: 2525,
      secure: false,
      requireTLS: true,
    })
  })
})

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.20.0.5', true],
  ['192.168.1.1', true],
  ['::1', true],
  ['fd12::1', true],
  ['localhost', true],
  ['postfix', true],
  ['172.32.0.1', false],
  ['8.8.8.8', false],
  ['2001:db8::1', false],
  ['mail.example.org', false],
  ['10.example.org', false],
])('%s is nearby: %s', (host, nearby) => {
  expect(isNearby(host)).toBe(nearby)
  if (nearby) expect(tlsOptions(host, { insecure: true })).toEqual({ rejectUnauthorized: false })
  else expect(() => tlsOptions(host, { insecure: true })).toThrow(/SMTP_TLS: .* SMTP_TLS_CA/)
})

test('a file without certificates is refused', () => {
  expect(() => tlsOptions('mail.example', { ca: 'nothing' })).toThrow(/SMTP_TLS_CA: expected a file with/)
})
