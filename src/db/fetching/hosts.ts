import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/**
 * One row for each host that is asked at a pace, for all processes and machines of an installation. Times are the
 * database's own: machines whose clocks differ still take turns.
 */

/** Whose turn it is not: how long to wait before asking again, in milliseconds. */
export interface NoTurn {
  /** Until the host may be asked by anybody, as far as its answers said. 0: it does not want to be left alone. */
  blockedMs: number
  /** Until the next slot. */
  slotMs: number
  /** Until the one who has the turn gives it back at the latest. */
  heldMs: number
}

/**
 * Takes the turn at a host in one statement, or tells why not (undefined: taken). Nobody else gets one until `endTurn`, or until
 * `leaseMs` is over: a process may be killed. With a lease of 0 many may ask at once.
 */
export async function takeTurn(
  db: Db,
  name: string,
  holder: string,
  leaseMs: number,
): Promise<NoTurn | undefined> {
  const taken = await sql`
    INSERT INTO hosts AS host (name, next_at, holder, held_until)
    VALUES (${name}, clock_timestamp(), ${holder}, clock_timestamp() + ${milliseconds(leaseMs)})
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE host.next_at <= clock_timestamp()
      AND coalesce(host.held_until <= clock_timestamp(), true)
      AND coalesce(host.blocked_until <= clock_timestamp(), true)
    RETURNING name`.execute(db)
  if (taken.rows.length > 0) return undefined
  const { rows } = await sql<NoTurn>`
    SELECT ${remaining('blocked_until')} AS "blockedMs", ${remaining('next_at')} AS "slotMs",
      ${remaining('held_until')} AS "heldMs"
    FROM hosts WHERE name = ${name}`.execute(db)
  return rows[0] ?? { blockedMs: 0, slotMs: 0, heldMs: 0 }
}

/** Holds the turn for another `leaseMs` from now. One that was lost to the end of its lease stays another's. */
export async function keepTurn(db: Db, name: string, holder: string, leaseMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET held_until = clock_timestamp() + ${milliseconds(leaseMs)}
    WHERE name = ${name} AND holder = ${holder}`.execute(db)
}

/** Gives the turn back; the next one begins `gapMs` from now. A turn that was lost to the end of its lease stays another's. */
export async function endTurn(db: Db, name: string, holder: string, gapMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET holder = NULL, held_until = NULL,
      next_at = greatest(next_at, clock_timestamp() + ${milliseconds(gapMs)})
    WHERE name = ${name} AND holder = ${holder}`.execute(db)
}

/** Nobody asks this host for so long; a longer wait that was asked for before stays. */
export async function blockHost(db: Db, name: string, waitMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET blocked_until = greatest(blocked_until, clock_timestamp() + ${milliseconds(waitMs)})
    WHERE name = ${name}`.execute(db)
}

function milliseconds(count: number) {
  return sql`${count}::double precision * interval '1 millisecond'`
}

/** Whole milliseconds until the time in a column, 0 where it has passed or there is none. */
function remaining(column: 'blocked_until' | 'next_at' | 'held_until') {
  return sql<number>`greatest(0, ceil(extract(epoch FROM coalesce(${sql.ref(column)}, clock_timestamp()) - clock_timestamp()) * 1000))::integer`
}
