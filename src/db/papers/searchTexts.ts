import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { type ListedPaper, listPapersById } from './listedPapers.ts'

/** The words of a paper, each one a lexeme of PostgreSQL's full-text search. */
export interface SearchText {
  paperId: number
  words: string[]
}

/** A plan of src/ranking/propose, as the database carries it out. */
export interface ProposalWish {
  /** A tsquery (PostgreSQL 13 documentation §8.11.2); undefined for all papers. */
  match: string | undefined
  /** A paper that meets the `match` of one of these scores the value of the first of its levels that it meets. */
  scored: { match: string; levels: { match: string; value: number }[] }[]
  minUpvotes: number
  /** At most this many papers. */
  limit: number
}

/** Of a word that most papers have, no more than this many are looked at. */
const MOST_LOOKED_AT = 20_000

/** No word has it. */
const SEPARATOR = '\u0001'

/** The ids of papers that meet a wish, the highest score first; without scores, the most upvoted first. Hidden ones are among them. */
export async function proposePapers(db: Db, wish: ProposalWish): Promise<number[]> {
  const { match, scored, minUpvotes, limit } = wish
  const meets = match === undefined ? sql`true` : sql`words @@ ${match}::tsquery`
  const upvotes = sql`(SELECT upvotes FROM papers WHERE papers.id = paper_id)`
  const score = scored.length === 0 ? upvotes : sql.join(scored.map(scoreOf), sql` + `)
  const enough =
    minUpvotes > 0
      ? sql`AND EXISTS (SELECT FROM papers WHERE papers.id = paper_id AND upvotes >= ${minUpvotes})`
      : sql``
  const proposed = sql<{ paper_id: number }>`
    SELECT paper_id FROM (
      SELECT paper_id, words FROM search_texts WHERE ${meets} ${enough} LIMIT ${Math.max(MOST_LOOKED_AT, limit)}
    ) AS met
    ORDER BY ${score} DESC NULLS LAST, paper_id DESC
    LIMIT ${limit}`
  // Statistics of words say nothing of combinations: the database would rather read all papers than ask the index.
  const { rows } = await db.transaction().execute(async (tx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(tx)
    return proposed.execute(tx)
  })
  return rows.map(({ paper_id }) => paper_id)
}

/** Most papers lack most words, so that is asked first. */
function scoreOf({ match, levels }: ProposalWish['scored'][number]) {
  const cases = levels.map((level) => sql`WHEN words @@ ${level.match}::tsquery THEN ${level.value}::float8`)
  return sql`CASE WHEN NOT words @@ ${match}::tsquery THEN 0 ${sql.join(cases, sql` `)} END`
}

/** How many papers full-text search knows: an estimate that costs nothing, exact below some thousands. */
export async function countSearchTexts(db: Db): Promise<number> {
  const { rows } = await sql<{ estimate: number }>`
    SELECT reltuples::bigint AS estimate FROM pg_class WHERE oid = 'search_texts'::regclass`.execute(db)
  const estimate = rows[0]?.estimate ?? 0
  if (estimate > EXACT_BELOW) return estimate
  const { count } = await db
    .selectFrom('search_texts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const EXACT_BELOW = 5_000

/** The id after which papers were stored that full-text search does not know yet; undefined if there are none. */
export async function findNewSince(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ newest: number | null; last: number }>`
    SELECT (SELECT max(id) FROM papers) AS newest, (SELECT coalesce(max(paper_id), 0) FROM search_texts) AS last`.execute(
    db,
  )
  const { newest, last } = rows[0]!
  return newest !== null && newest > last ? last : undefined
}

/** The ids of papers, but for hidden ones, that were stored after the newest one that full-text search knows, the newest first. */
export async function listNewPapers(db: Db, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM papers WHERE id > (SELECT coalesce(max(paper_id), 0) FROM search_texts) AND hidden_at IS NULL
    ORDER BY id DESC LIMIT ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/**
 * Papers of ids after `after` that full-text search does not know as they are now: new ones, and those changed since. In the order
 * of their ids.
 */
export async function listUnindexed(db: Db, after: number, limit: number): Promise<ListedPaper[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT papers.id FROM papers LEFT JOIN search_texts ON search_texts.paper_id = papers.id
    WHERE papers.id > ${after} AND (search_texts.paper_id IS NULL OR search_texts.indexed_at < papers.updated_at)
    ORDER BY papers.id LIMIT ${limit}`.execute(db)
  return listPapersById(
    db,
    rows.map(({ id }) => id),
    { hidden: true },
  )
}

/** Stores the words of papers over those stored before. Papers that are gone by now are passed over. */
export async function upsertSearchTexts(db: Db, texts: readonly SearchText[], now: Date): Promise<void> {
  const ids = texts.map(({ paperId }) => paperId)
  const words = texts.map((text) => text.words.join(SEPARATOR))
  await sql`
    INSERT INTO search_texts (paper_id, words, title_words, indexed_at)
    SELECT paper_id, array_to_tsvector(string_to_array(words, ${SEPARATOR})), to_tsvector('simple', title), ${now}
    FROM unnest(${ids}::bigint[], ${words}::text[]) AS given (paper_id, words) JOIN papers ON papers.id = paper_id
    ON CONFLICT (paper_id) DO UPDATE
      SET words = excluded.words, title_words = excluded.title_words, indexed_at = excluded.indexed_at`.execute(
    db,
  )
}

/** Puts what was added into the index's order, so that the next search need not look through it one by one. */
export async function settleSearchTexts(db: Db): Promise<void> {
  await sql`SELECT gin_clean_pending_list('search_texts_words'), gin_clean_pending_list('search_texts_title_words')`.execute(
    db,
  )
  await sql`ANALYZE search_texts (paper_id, title_words)`.execute(db)
}
