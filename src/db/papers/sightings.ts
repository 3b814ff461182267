import { sql } from 'kysely'
import type { LocalDate } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { alongWith, selectRows, type Write } from '../engine/rows.ts'

export interface NewSighting {
  paper_id: number
  source_id: number
  page_id: number | null
  listed_on: LocalDate | null
  observed_at: Date
  rank: number | null
  upvotes: number | null
  comments: number | null
  stars: number | null
  /** The merge that brought the entry to its paper. */
  merge_id: number | null
}

const COLUMN_TYPES: Record<keyof NewSighting, string> = {
  paper_id: 'bigint',
  source_id: 'bigint',
  page_id: 'bigint',
  listed_on: 'date',
  observed_at: 'timestamptz',
  rank: 'integer',
  upvotes: 'integer',
  comments: 'integer',
  stars: 'integer',
  merge_id: 'bigint',
}
const COLUMNS = sql.raw(Object.keys(COLUMN_TYPES).join(', '))

/** Adds the first observations of new papers, so PostgreSQL need not check for existing ones. */
export function newSightingInserts(sightings: NewSighting[]): Write[] {
  return sightings.length === 0 ? [] : [insertionOf(sightings)]
}

/**
 * Adds observations, and runs other independent writes in the same statement. Returns for each observation whether it
 * was new; the same observation is stored once.
 */
export async function insertSightings(
  tx: Tx,
  sightings: NewSighting[],
  writes: Write[] = [],
): Promise<boolean[]> {
  const names = sql`paper_id, listed_on, merge_id`
  const last =
    sightings.length === 0
      ? sql`SELECT ${names} FROM sightings WHERE false`
      : sql`${insertionOf(sightings)} ON CONFLICT DO NOTHING RETURNING ${names}`
  const { rows } = await sql<Pick<NewSighting, 'paper_id' | 'listed_on' | 'merge_id'>>`
    ${alongWith(writes)} ${last}`.execute(tx)
  const added = new Set(rows.map(nameOf))
  // If two entries of one page name the same paper and day, the first one is the observation.
  return sightings.map((sighting) => added.delete(nameOf(sighting)))
}

function insertionOf(sightings: NewSighting[]): Write {
  return sql`INSERT INTO sightings (${COLUMNS}) ${selectRows(sightings, COLUMN_TYPES)}`
}

function nameOf({
  paper_id,
  listed_on,
  merge_id,
}: Pick<NewSighting, 'paper_id' | 'listed_on' | 'merge_id'>): string {
  return `${paper_id}/${listed_on}/${merge_id}`
}

/** The newest listing day up to a given day. The limit is needed because a list may claim a day in the future. */
export async function latestDay(db: Db, upTo: LocalDate): Promise<LocalDate | undefined> {
  const row = await db
    .selectFrom('sightings')
    .select((eb) => eb.fn.max('day').as('day'))
    .where('day', '<=', upTo)
    .executeTakeFirst()
  return row?.day ?? undefined
}

/** The number of the newest sighting; 0 if there is none. It rises whenever a list is stored. */
export async function newestSighting(db: Db): Promise<number> {
  const row = await db
    .selectFrom('sightings')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}

/**
 * The upvotes of papers listed from `from` to `on`, as of an instant: the last count observed before it, or, if a
 * replayed list was read only later, the first one after it.
 */
export async function listUpvotesAt(
  db: Db,
  { from, on, at }: { from: LocalDate; on: LocalDate; at: Date },
): Promise<Map<number, number>> {
  const { rows } = await sql<{ paper_id: number; upvotes: number }>`
    SELECT DISTINCT ON (paper_id) paper_id, upvotes FROM sightings
    WHERE day BETWEEN ${from} AND ${on} AND upvotes IS NOT NULL
    ORDER BY paper_id, observed_at > ${at}, abs(extract(epoch FROM observed_at - ${at}::timestamptz)), id DESC`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.paper_id, row.upvotes]))
}
