import { expect, test } from 'vitest'
import { addressHash } from '../../src/mail/addressHash.ts'

const hash = addressHash('ann@example.org', 'secret')

test('is HMAC-SHA-256 of the address in lower case', () => {
  // printf ann@example.org | openssl dgst -sha256 -hmac secret
  expect(hash).toBe('566cb62df2491f370d510bc041f04093c0b077fb601f548649e3a12180e95233')
})

test.each(['Ann@Example.org', ' ann@example.org ', 'ANN@EXAMPLE.ORG'])(
  '%j is the same mailbox',
  (address) => {
    expect(addressHash(address, 'secret')).toBe(hash)
  },
)

test('both spellings of an international domain are one', () => {
  expect(addressHash('ann@münchen.example', 's')).toBe(addressHash('ann@xn--mnchen-3ya.example', 's'))
})

test('another address or another secret gives another hash', () => {
  expect(addressHash('ann2@example.org', 'secret')).not.toBe(hash)
  expect(addressHash('ann@example.org', 'other')).not.toBe(hash)
})

test('what is no address has a hash too', () => {
  expect(addressHash(' Not An Address ', 'secret')).toBe(addressHash('not an address', 'secret'))
})
