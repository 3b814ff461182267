import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/**
 * One row for each host with a pace, for all processes and machines of an installation. Times are the database's own,
 * so machines whose clocks differ still take turns.
 */

/** Why a caller has no turn: how long to wait before asking again, in milliseconds. */
export interface NoTurn {
  /** Until the host accepts requests again, as its answers said. 0: the host has no such wish. */
  blockedMs: number
  /** Until the next slot. */
  slotMs: number
  /** Until the holder of the turn must give it back. */
  heldMs: number
}

/**
 * Takes the turn at a host in one statement (result undefined), or says why not. Nobody else gets a turn until
 * `endTurn`, or until `leaseMs` is over, because the process may be killed. With a lease of 0 many may ask at once.
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

/**
 * Keeps the turn for another `leaseMs` from now. If the lease has run out and another holder has the turn, nothing
 * changes.
 */
export async function keepTurn(db: Db, name: string, holder: string, leaseMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET held_until = clock_timestamp() + ${milliseconds(leaseMs)}
    WHERE name = ${name} AND holder = ${holder}`.execute(db)
}

/**
 * Gives the turn back; the next one begins `gapMs` from now. If the lease has run out and another holder has the
 * turn, nothing changes.
 */
export async function endTurn(db: Db, name: string, holder: string, gapMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET holder = NULL, held_until = NULL,
      next_at = greatest(next_at, clock_timestamp() + ${milliseconds(gapMs)})
    WHERE name = ${name} AND holder = ${holder}`.execute(db)
}

/** Blocks a host for `waitMs`. A longer block that stands already stays. */
export async function blockHost(db: Db, name: string, waitMs: number): Promise<void> {
  await sql`
    UPDATE hosts SET blocked_until = greatest(blocked_until, clock_timestamp() + ${milliseconds(waitMs)})
    WHERE name = ${name}`.execute(db)
}

function milliseconds(count: number) {
  return sql`${count}::double precision * interval '1 millisecond'`
}

/** Whole milliseconds until the time in a column; 0 if the time has passed or is null. */
function remaining(column: 'blocked_until' | 'next_at' | 'held_until') {
  return sql<number>`greatest(0, ceil(extract(epoch FROM coalesce(${sql.ref(column)}, clock_timestamp()) - clock_timestamp()) * 1000))::integer`
}
