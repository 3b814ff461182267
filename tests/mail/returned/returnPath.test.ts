import { expect, test } from 'vitest'
import { findReturnPaths, readReturnPath, returnPathOf } from '../../../src/mail/returned/returnPath.ts'

const KEY = { bounceAddress: 'bounces@b.example.org', secret: 'a secret of the tests' }
const PATH = returnPathOf({ kind: 'digest', id: 4711 }, 'Ann@example.org', KEY)

test('a return path is a short address that names nobody, and the same for the same mail', () => {
  expect(PATH).toMatch(/^bounces\+[a-z2-7]{28}@b\.example\.org$/)
  expect(returnPathOf({ kind: 'digest', id: 4711 }, 'ann@example.org', KEY)).toBe(PATH)
  const next = returnPathOf({ kind: 'digest', id: 4712 }, 'Ann@example.org', KEY)
  expect(next.slice(8, 14)).not.toBe(PATH.slice(8, 14))
})

test.each(['digest', 'letter', 'unsubscribe'] as const)('a path for a %s leads back to it', (kind) => {
  const found = readReturnPath(returnPathOf({ kind, id: 2 ** 40 }, 'ann@example.org', KEY).toUpperCase(), KEY)
  expect(found?.target).toEqual({ kind, id: 2 ** 40 })
  expect([found?.isFor('ANN@example.org'), found?.isFor('bea@example.org')]).toEqual([true, false])
})

test('a path that was changed, made with another secret or made up proves nothing', () => {
  const swapped = PATH.replace(/\+./, PATH[8] === 'a' ? '+b' : '+a')
  const foreign = returnPathOf({ kind: 'digest', id: 4711 }, 'ann@example.org', { ...KEY, secret: 'another' })
  const made = `bounces+${'a'.repeat(28)}@b.example.org`
  for (const path of [swapped, foreign, made]) {
    expect(readReturnPath(path, KEY)?.isFor('ann@example.org') ?? false).toBe(false)
  }
})

test.each([
  'bounces@b.example.org',
  'bounces+short@b.example.org',
  PATH.replace('b.example', 'c.example'),
  `x${PATH}`,
  `${PATH}.evil.example`,
  PATH.replace('@', '0@'),
])('%s is no return path', (address) => {
  expect(readReturnPath(address, KEY)).toBeUndefined()
})

test('return paths are found in what a report quotes, each once', () => {
  const text = `Original-Mail-From: <${PATH}>\r\nReturn-Path: ${PATH.toUpperCase()}\r\nTo: x${PATH} ${PATH}.evil.example`
  expect(findReturnPaths(text, KEY).map(({ target }) => target)).toEqual([{ kind: 'digest', id: 4711 }])
})
