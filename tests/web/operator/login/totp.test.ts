import { TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import {
  makeRecoveryCodes,
  makeSecret,
  otpauthAddress,
  recoveryHash,
  seal,
  stepOf,
  unseal,
} from '../../../../src/web/operator/login/totp.ts'

/** The shared secret of RFC 6238, appendix B, in base32; its codes cut to six digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('the code at %i seconds is that of RFC 6238', (seconds, code) => {
  expect(stepOf(RFC_SECRET, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30))
})

test('a code counts a step before and after, and no further', () => {
  const at = (seconds: number) => stepOf(RFC_SECRET, '287 082', new Date((59 + seconds) * 1000))
  expect([at(-59), at(-30), at(30), at(60)]).toEqual([1, 1, 1, undefined])
  for (const typed of ['', '28708', '287082x', '2870822'])
    expect(stepOf(RFC_SECRET, typed, new Date(59_000))).toBeUndefined()
})

test('codes are those of an independent library, for any secret at any time', () => {
  for (let n = 0; n < 200; n += 1) {
    const secret = makeSecret()
    const timestamp = n * 7_654_321_000
    const code = new TOTP({ secret }).generate({ timestamp })
    expect(stepOf(secret, code, new Date(timestamp))).toBe(Math.floor(timestamp / 30_000))
  }
})

test('a secret has 160 bits, and its address names whose it is', () => {
  const secret = makeSecret()
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(makeSecret()).not.toBe(secret)
  expect(new URL(otpauthAddress(secret, 'digest.example.org')).searchParams.get('secret')).toBe(secret)
  expect(otpauthAddress(secret, 'digest.example.org')).toMatch(
    /^otpauth:\/\/totp\/Paperboy:admin%20at%20digest\.example\.org\?/,
  )
})

test('recovery codes differ, and are known in any case and with or without dashes', () => {
  const codes = makeRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}$/)
  const hash = recoveryHash(codes[0]!, 'key')
  expect(recoveryHash(codes[0]!.toUpperCase().replaceAll('-', ' '), 'key')).toBe(hash)
  expect(recoveryHash(codes[0]!, 'another key')).not.toBe(hash)
  expect(recoveryHash('123456', 'key')).toBeUndefined()
})

test('what is sealed opens with the same SECRET alone, and not if a bit changed', () => {
  const sealed = seal('a secret', 'one key')
  expect(sealed.includes('a secret')).toBe(false)
  expect(unseal(sealed, 'one key')).toBe('a secret')
  expect(unseal(sealed, 'another')).toBeUndefined()
  sealed[sealed.length - 1]! ^= 1
  expect(unseal(sealed, 'one key')).toBeUndefined()
  expect(unseal(Buffer.alloc(3), 'one key')).toBeUndefined()
})
