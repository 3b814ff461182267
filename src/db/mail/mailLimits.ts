import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'

/**
 * One row for each relay or recipient domain with a limit, or that wants to be left alone: for all processes and machines
 * of an installation, by the database's clock.
 */

/** How much somebody takes. Undefined: any number. */
export interface Rate {
  perSecond: number | undefined
  perHour: number | undefined
}

/** Turns that were given: the first begins after `waitMs`, the next ones one after another at the rate. */
export interface Turns {
  count: number
  waitMs: number
  /** When more of an hour's mails may be free, in milliseconds from now. */
  moreAfterMs: number
}

/** An hour is counted in pieces of five minutes. With the piece that has begun there are thirteen. */
const PIECE_SECONDS = 300
const PIECES = 13

/**
 * Takes up to `want` turns in one statement, so that processes together never take more than the rate. In any sixty minutes
 * at most `perHour` are given, and a few less, because a piece of five minutes ends as a whole.
 */
export async function takeTurns(db: Db, name: string, rate: Rate, want: number): Promise<Turns> {
  for (;;) {
    const turns = await takeTurnsOf(db, name, rate, want)
    if (turns !== undefined) return turns
    await sql`INSERT INTO mail_limits (name) VALUES (${name}) ON CONFLICT DO NOTHING`.execute(db)
  }
}

async function takeTurnsOf(db: Db, name: string, rate: Rate, want: number): Promise<Turns | undefined> {
  const gap = sql`(${rate.perSecond === undefined ? 0 : 1 / rate.perSecond}::float8 * interval '1 second')`
  const free = sql`${rate.perHour ?? null}::integer - (SELECT coalesce(sum(mails), 0) FROM unnest(shifted) AS mails)`
  const { rows } = await sql<Turns>`
    UPDATE mail_limits AS lim SET (next_at, counts, counted_at, granted) = (
      SELECT greatest(lim.next_at, clock_timestamp()) + taken * ${gap},
        ARRAY[coalesce(shifted[1], 0) + taken] || shifted[2:], piece, taken
      FROM (
        SELECT piece, shifted, greatest(0, least(${want}, ${free}))::integer AS taken
        FROM (
          SELECT piece,
            (array_fill(0, ARRAY[least(${PIECES}, piece - lim.counted_at)::integer]) || lim.counts)[1:${PIECES}] AS shifted
          FROM (SELECT floor(extract(epoch FROM clock_timestamp()) / ${PIECE_SECONDS})::bigint AS piece) AS clock
        ) AS hour
      ) AS turn)
    WHERE lim.name = ${name}
    RETURNING granted AS count,
      ${milliseconds(sql`next_at - granted * ${gap}`)} AS "waitMs",
      ${milliseconds(sql`to_timestamp((counted_at + 1) * ${PIECE_SECONDS})`)} AS "moreAfterMs"`.execute(db)
  return rows[0]
}

/** How a recipient domain stands that refused mail for now and has accepted none since. */
export interface TroubledDomain {
  domain: string
  /** The mail server's answer, for people. */
  reason: string
  /** Until it is tried again, in milliseconds; 0: one mail may try now. */
  waitMs: number
  /** How often it refused, each time after a longer wait. */
  tries: number
}

const DOMAIN = 'domain '
const FIRST_BLOCK_SECONDS = 10
const LONGEST_BLOCK_SECONDS = 15 * 60

/** The name under which a recipient domain's turns are counted. */
export function domainLimitName(domain: string): string {
  return `${DOMAIN}${domain}`
}

/** Those of these domains that want to be left alone, or did and have not accepted a mail since. All domains if none is named. */
export async function listTroubledDomains(db: Db, domains?: string[]): Promise<TroubledDomain[]> {
  const named = domains === undefined ? sql`true` : sql`name = ANY(${domains.map(domainLimitName)})`
  const { rows } = await sql<TroubledDomain>`
    SELECT substr(name, ${DOMAIN.length + 1}::integer) AS domain, reason, ${milliseconds(sql`blocked_until`)} AS "waitMs",
      tries
    FROM mail_limits WHERE blocked_until IS NOT NULL AND ${named} ORDER BY name`.execute(db)
  return rows
}

/**
 * Leaves a recipient domain alone: ten seconds at first, twice as long each time the next try fails, up to a quarter of an
 * hour. Gives the milliseconds. Refusals of mails that were under way at the same time lengthen nothing.
 */
export async function blockDomain(db: Db, domain: string, reason: string): Promise<number> {
  const { rows } = await sql<{ waitMs: number }>`
    INSERT INTO mail_limits AS lim (name, blocked_until, reason, tries)
    VALUES (${domainLimitName(domain)}, ${databaseTime(FIRST_BLOCK_SECONDS * 1000)}, ${reason}, 1)
    ON CONFLICT (name) DO UPDATE SET
      reason = excluded.reason,
      tries = CASE WHEN lim.blocked_until > clock_timestamp() THEN lim.tries ELSE lim.tries + 1 END,
      blocked_until = CASE WHEN lim.blocked_until > clock_timestamp() THEN lim.blocked_until ELSE ${databaseTime()}
        + least(${FIRST_BLOCK_SECONDS} * 2 ^ least(lim.tries, 20), ${LONGEST_BLOCK_SECONDS}) * interval '1 second' END
    RETURNING ${milliseconds(sql`blocked_until`)} AS "waitMs"`.execute(db)
  return rows[0]!.waitMs
}

/** Ends the trouble of a domain, because it accepted a mail. */
export async function endDomainBlock(db: Db, domain: string): Promise<void> {
  await sql`UPDATE mail_limits SET blocked_until = NULL, reason = NULL, tries = 0
    WHERE name = ${domainLimitName(domain)}`.execute(db)
}

/** Whole milliseconds until a time; 0 if it has passed. */
function milliseconds(time: ReturnType<typeof sql>) {
  return sql<number>`greatest(0, ceil(extract(epoch FROM ${time} - clock_timestamp()) * 1000))::float8`
}
