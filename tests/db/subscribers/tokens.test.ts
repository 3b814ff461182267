import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { insertSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import {
  createToken,
  deleteExpiredTokens,
  deleteTokensOf,
  findToken,
  hashToken,
  markTokenUsed,
} from '../../../src/db/subscribers/tokens.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const HOUR = 60 * 60 * 1000
const later = (hours: number) => new Date(NOW.getTime() + hours * HOUR)
const PURPOSES = ['confirm', 'manage', 'unsubscribe', 'view'] as const

let database: TestDatabase
let subscriberId: number
let subscribers = 0

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  const email = `subscriber${++subscribers}@example.org`
  const { db } = database
  const row = await db
    .transaction()
    .execute((tx) => insertSubscriber(tx, { email, status: 'active', consent_source: 'web' }))
  subscriberId = row!.id
})

describe('a token', () => {
  test('is 256 random bits, of which only the sha256 is stored', async () => {
    const token = await createToken(database.db, { purpose: 'manage', subscriberId }, NOW)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await database.db
      .selectFrom('tokens')
      .selectAll()
      .where('subscriber_id', '=', subscriberId)
      .execute()
    expect(rows.map((row) => row.hash)).toEqual([hashToken(token)])
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('opens what it was made for, and nothing else', async () => {
    const opened = []
    for (const made of PURPOSES) {
      const token = await createToken(database.db, { purpose: made, subscriberId }, NOW)
      for (const asked of PURPOSES) {
        if ((await findToken(database.db, asked, token, NOW)) !== undefined) opened.push(`${made}→${asked}`)
      }
    }
    expect(opened).toEqual(PURPOSES.map((purpose) => `${purpose}→${purpose}`))
  })

  test.each([
    ['confirm', 48],
    ['manage', 90 * 24],
    ['view', 400 * 24],
    ['unsubscribe', 1000 * 24],
  ] as const)('for %s works %i hours, and not at their end', async (purpose, hours) => {
    const token = await createToken(database.db, { purpose, subscriberId }, NOW)
    const [before, at] = [new Date(later(hours).getTime() - 1), later(hours)]
    expect([
      (await findToken(database.db, purpose, token, before))?.subscriber_id,
      await findToken(database.db, purpose, token, at),
    ]).toEqual([subscriberId, undefined])
    await deleteExpiredTokens(database.db, before)
    expect(await findToken(database.db, purpose, token, before)).toBeDefined()
    await deleteExpiredTokens(database.db, at)
    expect(await findToken(database.db, purpose, token, before)).toBeUndefined()
  })

  test('is not found by anything near it', async () => {
    const token = await createToken(database.db, { purpose: 'view', subscriberId }, NOW)
    const near = fc.oneof(
      fc.nat(42).map((at) => token.slice(0, at)),
      fc
        .tuple(fc.nat(42), fc.constantFrom(...'AZaz09-_'))
        .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1)),
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        `${token}=`,
        ` ${token}`,
        `${token}\0`,
        hashToken(token),
        token.toLowerCase(),
        token.toUpperCase(),
      ),
    )
    await fc.assert(
      fc.asyncProperty(near, async (guess) => {
        fc.pre(guess !== token)
        expect(await findToken(database.db, 'view', guess, NOW)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
    expect(await findToken(database.db, 'view', token, NOW)).toBeDefined()
  })

  test('is used up once', async () => {
    const token = await createToken(database.db, { purpose: 'confirm', subscriberId }, NOW)
    const use = () => database.db.transaction().execute((tx) => markTokenUsed(tx, hashToken(token), NOW))
    expect([await use(), await use()]).toEqual([true, false])
    expect((await findToken(database.db, 'confirm', token, NOW))?.used_at).toEqual(NOW)
  })

  test('goes with others of its purpose, and only those', async () => {
    const [confirm, manage] = [
      await createToken(database.db, { purpose: 'confirm', subscriberId }, NOW),
      await createToken(database.db, { purpose: 'manage', subscriberId }, NOW),
    ]
    await database.db.transaction().execute((tx) => deleteTokensOf(tx, subscriberId, 'confirm'))
    expect(await findToken(database.db, 'confirm', confirm, NOW)).toBeUndefined()
    expect(await findToken(database.db, 'manage', manage, NOW)).toBeDefined()
  })
})
