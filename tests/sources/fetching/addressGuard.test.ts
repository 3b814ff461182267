import type { LookupAddress } from 'node:dns'
import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../src/errors.ts'
import { checkAddress, guardedLookup, refusedRange } from '../../../src/sources/fetching/addressGuard.ts'

describe('ranges', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['100.100.100.201', 'carrierGradeNat'],
    ['0.0.0.0', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['192.0.0.192', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fe80::1', 'linkLocal'],
    ['fd00:ec2::253', 'uniqueLocal'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['::7f00:1', 'reserved'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['2001:db8::1', 'reserved'],
    ['93.184.216.34', undefined],
    ['::ffff:93.184.216.34', undefined],
    ['2606:4700::1111', undefined],
  ])('%s is %s', (ip, expected) => {
    expect(refusedRange(ip, false)).toBe(expected)
  })

  test.each([
    ['127.0.0.1', undefined],
    ['::1', undefined],
    ['192.168.1.1', undefined],
    ['fd12::1', undefined],
    ['169.254.169.254', 'linkLocal'],
    ['::ffff:169.254.169.254', 'linkLocal'],
    ['fd00:ec2::254', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['::ffff:100.100.100.200', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['224.0.0.1', 'multicast'],
  ])('where private sources are allowed, %s is %s', (ip, expected) => {
    expect(refusedRange(ip, true)).toBe(expected)
  })
})

describe('addresses', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://①②⑦.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1:8443/x',
    'http://0/',
  ])('%s is refused', (address) => {
    expect(() => checkAddress(address, false)).toThrow(
      /^expected a public address, got .*: use a public address, or set ALLOW_PRIVATE_SOURCES=true$/,
    )
  })

  test.each([
    'ftp://x.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    '/papers',
    '',
    'http://',
    'huggingface.co/papers',
  ])('%j is no address of a page', (address) => {
    expect(() => checkAddress(address, true)).toThrow(
      `expected an http(s) address, got ${JSON.stringify(address)}`,
    )
  })

  test('one with a password is refused without repeating it', () => {
    const refuse = () => checkAddress('https://me:secret@x.example/', true)
    expect(refuse).toThrow('expected an address without user and password, got one for x.example')
    expect(refuse).not.toThrow(/secret/)
  })

  test('a public one is taken', () => {
    expect(checkAddress('https://huggingface.co/papers?date=2026-01-01', false).host).toBe('huggingface.co')
  })
})

describe('names', () => {
  test('one that resolves to loopback is refused', async () => {
    await expect(resolve('localhost', false)).rejects.toThrow(PermanentError)
    await expect(resolve('localhost', false)).rejects.toThrow(
      /^expected a public address, got localhost \((127\.0\.0\.1|::1)\), which is loopback/,
    )
  })

  test('is resolved where private sources are allowed', async () => {
    const addresses = await resolve('localhost', true)
    expect(addresses.map(({ address }) => address)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^127\.0\.0\.1$|^::1$/)]),
    )
  })
})

function resolve(name: string, allowPrivate: boolean): Promise<LookupAddress[]> {
  return new Promise((done, fail) => {
    guardedLookup(allowPrivate)(name, { all: true }, (error, addresses) =>
      error ? fail(error) : done(addresses as LookupAddress[]),
    )
  })
}
