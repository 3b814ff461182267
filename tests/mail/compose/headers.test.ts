import { describe, expect, test } from 'vitest'
import {
  checkedMessageId,
  digestHeaders,
  letterHeaders,
  messageIdOf,
} from '../../../src/mail/compose/headers.ts'
import { httpUrl, requiredHttpUrl, siteOf } from '../../../src/mail/compose/link.ts'

const URL_OUT = 'https://d.example.org/u/abc'
const DAY = { fromAddress: 'digest@example.org', siteName: 'Paperboy', day: '2026-11-20' }

test('a digest carries one-click unsubscribe, its list and that a machine wrote it', () => {
  expect(digestHeaders({ url: URL_OUT }, DAY)).toEqual({
    'List-Unsubscribe': '<https://d.example.org/u/abc>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Id': '"Paperboy" <digest.example.org>',
    'Feedback-ID': '2026-11-20::digest:paperboy',
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  })
})

test('a letter is no list mail but can be ended all the same', () => {
  expect(letterHeaders({ url: URL_OUT })).toEqual({
    'List-Unsubscribe': '<https://d.example.org/u/abc>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Feedback-ID': '::letter:paperboy',
    'Auto-Submitted': 'auto-generated',
  })
})

test('one click is promised over https alone; a mail unsubscribes too where mail is read', () => {
  const address = 'bounces+abc@b.example.org'
  expect(letterHeaders({ url: 'http://localhost:3000/u/abc', address })).toMatchObject({
    'List-Unsubscribe':
      '<http://localhost:3000/u/abc>, <mailto:bounces+abc@b.example.org?subject=unsubscribe>',
  })
  expect(letterHeaders({ url: 'http://localhost:3000/u/abc' })).not.toHaveProperty('List-Unsubscribe-Post')
})

test.each([
  ['Say "papers"\\', '"Say \\"papers\\"\\\\" <digest.example.org>'],
  ['Zeitungsjunge für alle', '<digest.example.org>'],
  ['', '<digest.example.org>'],
  ['=?utf-8?Q?=0D=0ABcc:_evil?=', '<digest.example.org>'],
])('the list of site %j is %s', (siteName, expected) => {
  expect(digestHeaders({ url: URL_OUT }, { ...DAY, siteName })['List-Id']).toBe(expected)
})

describe('messageIdOf', () => {
  const id = messageIdOf('digest 17', 'secret', 'digest@example.org')

  test('is the same on every attempt and names nobody', () => {
    expect(messageIdOf('digest 17', 'secret', 'digest@example.org')).toBe(id)
    expect(id).toMatch(/^<[0-9a-f]{40}@example\.org>$/)
    expect(checkedMessageId(id)).toBe(id)
  })

  test('differs with the mail and the installation', () => {
    expect(messageIdOf('digest 18', 'secret', 'digest@example.org')).not.toBe(id)
    expect(messageIdOf('digest 17', 'other', 'digest@example.org')).not.toBe(id)
  })

  test.each([
    '',
    'a@b',
    '<a>',
    '<a@b> X-Evil: 1',
    '<a@b\r\nBcc: c@d.test>',
    '<a@b@c>',
    '<ä@b>',
    `<${'a'.repeat(300)}@b>`,
  ])('%j is refused', (text) => {
    expect(() => checkedMessageId(text)).toThrow(/^Message-ID: expected <id@domain>/)
  })
})

describe('httpUrl', () => {
  test.each([
    ['https://example.org/a?b=c&d=1#e', 'https://example.org/a?b=c&d=1#e'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['https://example.org/<>" x', 'https://example.org/%3C%3E%22%20x'],
    ['https://example.org/a\r\nBcc:x', 'https://example.org/aBcc:x'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('%j is %s', (text, expected) => {
    expect(httpUrl(text)).toBe(expected)
  })

  test.each([
    undefined,
    '',
    '/papers/1',
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'mailto:a@b.test',
    'file:///etc/passwd',
    'https://paypal.com@evil.test/',
    `https://example.org/${'a'.repeat(600)}`,
  ])('%j is no link of a mail', (text) => {
    expect(httpUrl(text)).toBeUndefined()
  })

  test('a needed link says which it is', () => {
    expect(() => requiredHttpUrl('javascript:alert(1)', 'viewUrl')).toThrow(
      /^viewUrl: expected an http\(s\) address of at most 600 characters, got "javascript:alert\(1\)"; check PUBLIC_URL$/,
    )
  })

  test.each([
    ['https://www.example.org/a', 'example.org'],
    ['http://localhost:3000/', 'localhost:3000'],
  ])('the site of %s is %s', (url, expected) => {
    expect(siteOf(url)).toBe(expected)
  })
})
