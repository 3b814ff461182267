import { sql } from 'kysely'
import type { FetchOutcome } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import type { NewSource, SourceRow } from '../engine/schema.ts'

export function findSource(db: Db | Tx, id: number): Promise<SourceRow | undefined> {
  return db.selectFrom('sources').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findSourceByName(db: Db | Tx, name: string): Promise<SourceRow | undefined> {
  return db.selectFrom('sources').selectAll().where('name', '=', name).executeTakeFirst()
}

/** Lists every source, dumps last. */
export function listSources(db: Db): Promise<SourceRow[]> {
  return db
    .selectFrom('sources')
    .selectAll()
    .orderBy((eb) => eb('address', 'is', null))
    .orderBy('id')
    .execute()
}

/** Lists the sources that a timer fetches. */
export function listFetchedSources(db: Db): Promise<SourceRow[]> {
  return db
    .selectFrom('sources')
    .selectAll()
    .where('enabled', '=', true)
    .where('address', 'is not', null)
    .orderBy('id')
    .execute()
}

/** Adds a source, or returns the existing one of that name unchanged, so that an operator's changes stay. */
export async function ensureSource(db: Db | Tx, source: NewSource): Promise<SourceRow> {
  await db
    .insertInto('sources')
    .values(source)
    .onConflict((oc) => oc.column('name').doNothing())
    .execute()
  return db.selectFrom('sources').selectAll().where('name', '=', source.name).executeTakeFirstOrThrow()
}

/** The source for dumps of one format. */
export function ensureDumpSource(db: Db | Tx, format: string): Promise<SourceRow> {
  return ensureSource(db, { name: `replay-${format}`, address: null, enabled: false })
}

/** Switches a source's timer on or off; false if there is no such source. */
export async function setSourceEnabled(db: Db, name: string, enabled: boolean): Promise<boolean> {
  const result = await db
    .updateTable('sources')
    .set({ enabled })
    .where('name', '=', name)
    .where('address', 'is not', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Changes how often a source is fetched. */
export async function setSourceRhythm(db: Db, id: number, minutes: number): Promise<void> {
  await db.updateTable('sources').set({ every_minutes: minutes }).where('id', '=', id).execute()
}

/**
 * Stops fetching a source for good and frees its name. What it listed stays with its papers, and its raw pages can be
 * parsed again. Doing it twice changes nothing more.
 */
export async function removeSource(db: Db | Tx, id: number): Promise<void> {
  await db
    .updateTable('sources')
    .set((eb) => ({
      address: null,
      enabled: false,
      failures: 0,
      failing_since: null,
      name: sql<string>`${eb.ref('name')} || ' (removed ' || ${eb.ref('id')} || ')'`,
    }))
    .where('id', '=', id)
    .where('address', 'is not', null)
    .execute()
}

/** The outcomes that a person should look at. */
const BAD: readonly FetchOutcome[] = ['failed', 'blocked', 'layout changed']

/**
 * Writes the outcome of the last fetch on the source's row. A failure adds to the failure count; anything else resets
 * it.
 * `since`: when a fetch of several days or parts began. A later success of the same fetch does not hide a failure.
 */
export async function markSourceOutcome(
  db: Db | Tx,
  id: number,
  outcome: FetchOutcome,
  detail: string | null,
  at: Date,
  since?: Date,
): Promise<void> {
  const isBad = BAD.includes(outcome)
  await db
    .updateTable('sources')
    .set((eb) => ({
      outcome,
      outcome_detail: detail,
      outcome_at: at,
      failures: isBad ? eb('failures', '+', 1) : 0,
      failing_since: isBad ? eb.fn.coalesce('failing_since', eb.val(at)) : null,
    }))
    .where('id', '=', id)
    .$if(!isBad && since !== undefined, (update) =>
      update.where((eb) =>
        eb.or([eb('outcome', 'is', null), eb('outcome', 'not in', BAD), eb('outcome_at', '<=', since!)]),
      ),
    )
    .execute()
}
