import { sql } from 'kysely'
import type { KnownPaper, LocalDate, Paper, PaperField } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { selectRows, type Write } from '../engine/rows.ts'
import type { PaperUpdate } from '../engine/schema.ts'
import { COLUMN_TYPES, columnOf, columnsFor, PAPER_COLUMNS } from './paperColumns.ts'

const COLUMNS = sql.raw(Object.keys(COLUMN_TYPES).map(columnOf).join(', '))

/**
 * Lets one transaction of the whole installation write papers at a time, so that two finders of the same new paper
 * cannot both create it.
 */
export async function lockPapers(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('paperboy:papers'))`.execute(tx)
}

export function findPapers(db: Db | Tx, ids: number[]): Promise<KnownPaper[]> {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('papers')
    .select([...PAPER_COLUMNS, 'papers.provenance'])
    .where('id', '=', sql<number>`ANY(${ids})`)
    .execute()
}

/** These papers but for hidden ones. */
export function findShownPapers(db: Db, ids: number[]): Promise<Paper[]> {
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('papers')
    .select(PAPER_COLUMNS)
    .where('id', '=', sql<number>`ANY(${ids})`)
    .where('hidden_at', 'is', null)
    .execute()
}

/** A paper that is stored, and since when it is hidden (null: it is shown). */
export function findPaper(db: Db, id: number): Promise<(Paper & { hiddenAt: Date | null }) | undefined> {
  return db
    .selectFrom('papers')
    .select([...PAPER_COLUMNS, 'papers.hidden_at as hiddenAt'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** A paper that everybody may see; undefined if there is none, or it is hidden. */
export function findShownPaper(db: Db, id: number): Promise<Paper | undefined> {
  return db
    .selectFrom('papers')
    .select(PAPER_COLUMNS)
    .where('id', '=', id)
    .where('hidden_at', 'is', null)
    .executeTakeFirst()
}

/** Hides a paper, or shows it again (`null`). Gives whether that changed anything. */
export async function setPaperHidden(tx: Tx, id: number, hiddenAt: Date | null, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('papers')
    .set({ hidden_at: hiddenAt, updated_at: now })
    .where('id', '=', id)
    .where('hidden_at', hiddenAt === null ? 'is not' : 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Reserves ids for papers about to be inserted, in order. */
export async function reservePaperIds(tx: Tx, count: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT nextval(sequence) AS id
    FROM (SELECT pg_get_serial_sequence('papers', 'id')::regclass AS sequence OFFSET 0) AS ids,
      generate_series(1, ${count})`.execute(tx)
  return rows.map((row) => row.id)
}

/** Inserts papers under reserved ids. */
export async function insertPapers(tx: Tx, papers: KnownPaper[], now: Date): Promise<void> {
  for (const write of paperInserts(papers, now)) await write.execute(tx)
}

export function paperInserts(papers: KnownPaper[], now: Date): Write[] {
  if (papers.length === 0) return []
  return [
    sql`INSERT INTO papers (${COLUMNS}, first_seen_at, updated_at)
      SELECT papers.*, ${now}::timestamptz, ${now}::timestamptz FROM (${selectRows(papers, COLUMN_TYPES)}) AS papers`,
  ]
}

/** Writes all values of papers that changed. */
export function paperUpdates(papers: KnownPaper[], now: Date): Write[] {
  if (papers.length === 0) return []
  return [
    sql`UPDATE papers SET (${COLUMNS}, updated_at) = ROW (changed.*, ${now}::timestamptz)
      FROM (${selectRows(papers, COLUMN_TYPES)}) AS changed WHERE papers.id = changed.id`,
  ]
}

export async function updatePaper(
  tx: Tx,
  id: number,
  changes: Partial<KnownPaper>,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('papers')
    .set({ ...toColumns(changes), updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Marks a paper as changed because something that belongs to it changed; readers must read it again. */
export async function touchPaper(tx: Tx, id: number, now: Date): Promise<void> {
  await tx.updateTable('papers').set({ updated_at: now }).where('id', '=', id).execute()
}

/** The columns of the values that are given. */
function toColumns(paper: Partial<KnownPaper>): PaperUpdate {
  const columns: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(paper)) {
    if (name === 'id' || value === undefined) continue
    columns[columnOf(name)] = name === 'provenance' ? JSON.stringify(value) : value
  }
  return columns
}

/** The fields of a paper that ranking reads. Thousands are held in memory at once, so the others stay in the database. */
const RANKED_FIELDS = [
  'title',
  'abstract',
  'authors',
  'categories',
  'organization',
  'keywords',
  'upvotes',
  'venue',
  'year',
  'publishedAt',
] as const satisfies PaperField[]

/** A paper that may go into a digest. */
export interface CandidatePaper extends Pick<Paper, 'id' | (typeof RANKED_FIELDS)[number]> {
  /** The latest day in the window on which it was listed. */
  day: LocalDate
  /**
   * New upvotes a day on the last two days of the window (UTC), at the source where they came fastest. The source's
   * last sighting is compared with one at least a day older, or with its first one. Null if no source saw the paper
   * twice; negative if upvotes were lost.
   */
  upvotesPerDay: number | null
}

/**
 * Lists the papers of the days from `from` to `to`, both included, the newest day first, without hidden ones. Sightings after `to` (UTC)
 * do not count as speed: a digest of a past day knows no more than that day did.
 */
export function listCandidates(db: Db, from: LocalDate, to: LocalDate): Promise<CandidatePaper[]> {
  return db
    .with('listed', (cte) =>
      cte
        .selectFrom('sightings')
        .select(['paper_id', (eb) => eb.fn.max('day').as('day')])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .groupBy('paper_id'),
    )
    .with('rises', () => risesOf(from, to))
    .selectFrom('listed')
    .innerJoin('papers', 'papers.id', 'listed.paper_id')
    .leftJoin('rises', 'rises.paper_id', 'listed.paper_id')
    .select([...columnsFor(RANKED_FIELDS), 'listed.day', 'rises.per_day as upvotesPerDay'])
    .where('papers.hidden_at', 'is', null)
    .orderBy('listed.day', 'desc')
    .orderBy('papers.id')
    .execute() as Promise<CandidatePaper[]>
}

/** The speed of upvotes of papers in a window, or of some of them. The time between two sightings counts as at least a day. */
export function risesOf(from: LocalDate, to: LocalDate, ids?: number[]) {
  const among = ids === undefined ? sql`` : sql`AND paper_id = ANY(${ids}::bigint[])`
  return sql<{ paper_id: number; per_day: number | null }>`(
    SELECT paper_id, max((last - base) / greatest(extract(epoch FROM last_at - base_at)::float8 / 86400, 1)) AS per_day
    FROM (
      SELECT paper_id, max(last_at) AS last_at,
        (array_agg(upvotes ORDER BY observed_at DESC))[1] AS last,
        coalesce(
          (array_agg(upvotes ORDER BY observed_at DESC) FILTER (WHERE is_old))[1],
          (array_agg(upvotes ORDER BY observed_at))[1]) AS base,
        coalesce(max(observed_at) FILTER (WHERE is_old), min(observed_at)) AS base_at
      FROM (
        SELECT paper_id, source_id, upvotes, observed_at, last_at, observed_at <= last_at - interval '1 day' AS is_old
        FROM (
          SELECT paper_id, source_id, upvotes, observed_at,
            max(observed_at) OVER (PARTITION BY paper_id, source_id) AS last_at
          FROM sightings
          WHERE day BETWEEN ${from} AND ${to} AND upvotes IS NOT NULL ${among}
            AND observed_at < ((${to}::date + 1)::timestamp AT TIME ZONE 'UTC')
        ) AS observed
        WHERE last_at >= ((${to}::date - 1)::timestamp AT TIME ZONE 'UTC')
      ) AS recent
      GROUP BY paper_id, source_id
      HAVING count(*) > 1
    ) AS changes
    GROUP BY paper_id)`
}

/** A version of the candidates of a window. It changes whenever one of their papers or sightings does. */
export async function candidatesVersion(db: Db, from: LocalDate, to: LocalDate): Promise<string> {
  const row = await db
    .selectFrom('sightings')
    .innerJoin('papers', 'papers.id', 'sightings.paper_id')
    .select((eb) => [
      eb.fn.countAll<number>().as('sightings'),
      eb.fn.max('sightings.id').as('last'),
      eb.fn.max('papers.updated_at').as('updated'),
    ])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .executeTakeFirstOrThrow()
  return `${row.sightings}/${row.last}/${row.updated?.getTime() ?? 0}`
}
