import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { selectRows } from '../engine/rows.ts'
import type { TokenPurpose, TokenRow } from '../engine/schema.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/** How long a token of each purpose works, counted from when it was made. */
export const TOKEN_LIFETIME_MS: Record<TokenPurpose, number> = {
  confirm: 48 * HOUR,
  manage: 90 * DAY,
  view: 400 * DAY,
  // The unsubscribe link must work as long as somebody may still find the mail.
  unsubscribe: 1000 * DAY,
  session: 90 * DAY,
  // A feed reader never comes back to a page to renew it.
  feed: 10_000 * DAY,
  'old address': 48 * HOUR,
  'new address': 48 * HOUR,
}

const TOKEN_BYTES = 32
const TOKEN_SHAPE = /^[\w-]{43}$/
/** What mail programs take for a part of a link that ends a sentence, or stands in brackets or quotes. */
const TRAILING = /[.,;:!?)\]>'"’”]+$/

export interface TokenFor {
  purpose: TokenPurpose
  subscriberId: number
  /** The digest whose mail carries the link; for `view` the digest it opens. */
  digestId?: number
}

const NEW_TOKEN = {
  hash: 'text',
  purpose: 'text',
  subscriber_id: 'bigint',
  digest_id: 'bigint',
  expires_at: 'timestamptz',
  created_at: 'timestamptz',
}

/** Makes a secret link token: 256 random bits, base64url. Only its hash is stored. */
export async function createToken(db: Db | Tx, target: TokenFor, now: Date): Promise<string> {
  const [token] = await createTokens(db, [target], now)
  return token!
}

/** Makes many tokens in one statement, in the order of their targets. */
export async function createTokens(db: Db | Tx, targets: TokenFor[], now: Date): Promise<string[]> {
  const tokens = targets.map(() => randomBytes(TOKEN_BYTES).toString('base64url'))
  const rows = targets.map(({ purpose, subscriberId, digestId }, index) => ({
    hash: hashToken(tokens[index]!),
    purpose,
    subscriber_id: subscriberId,
    digest_id: digestId ?? null,
    expires_at: new Date(now.getTime() + TOKEN_LIFETIME_MS[purpose]),
    created_at: now,
  }))
  if (rows.length > 0)
    await sql`
      INSERT INTO tokens (hash, purpose, subscriber_id, digest_id, expires_at, created_at)
      ${selectRows(rows, NEW_TOKEN)}`.execute(db)
  return tokens
}

/** Finds a token's row if the token has this purpose and has not expired. Used ones are found too. */
export async function findToken(
  db: Db | Tx,
  purpose: TokenPurpose,
  token: string,
  now: Date,
): Promise<TokenRow | undefined> {
  const secret = token.replace(TRAILING, '')
  if (!TOKEN_SHAPE.test(secret)) return undefined
  const hash = hashToken(secret)
  const row = await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
  // The index compares hashes byte by byte, which reveals nothing about the token. The final comparison takes
  // constant time.
  if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return undefined
  const expired = row.expires_at !== null && row.expires_at <= now
  return row.purpose === purpose && !expired ? row : undefined
}

/** Marks a token as used; false if it was used before. */
export async function markTokenUsed(tx: Tx, hash: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('tokens')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Deletes one token: a mail's that was certainly not delivered, or a session's that is over. */
export async function deleteToken(db: Db, token: string): Promise<void> {
  await db.deleteFrom('tokens').where('hash', '=', hashToken(token)).execute()
}

/** Deletes all tokens of one purpose of a subscriber, so that their links stop working. */
export async function deleteTokensOf(tx: Tx, subscriberId: number, purpose: TokenPurpose): Promise<void> {
  await tx
    .deleteFrom('tokens')
    .where('subscriber_id', '=', subscriberId)
    .where('purpose', '=', purpose)
    .execute()
}

/** Deletes expired tokens; returns how many. */
export async function deleteExpiredTokens(db: Db, now: Date): Promise<number> {
  const result = await db.deleteFrom('tokens').where('expires_at', '<=', now).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** The sha256 of a token, hex. A token is 256 random bits, so a fast hash is enough: there is nothing to guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
