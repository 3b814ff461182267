import { sql } from 'kysely'
import { pino } from 'pino'
import { connect, type Db } from '../src/db/engine/connect.ts'
import { migrate } from '../src/db/engine/migrate.ts'
import { ensureDumpSource } from '../src/db/fetching/sources.ts'
import { trainCorpusModel } from '../src/jobs/trainCorpusModel.ts'
import { POOL_PAPERS } from '../src/ranking/corpus/trainCorpusModel.ts'
import type { RankablePaper } from '../src/ranking/index/paperIndex.ts'
import type { Tools } from '../src/tools.ts'
import { makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'

const CANDIDATES = 1_000
const KEYWORDS = 5
const CHUNK = 1_000
const TODAY = '2026-11-20'
/** The clock of the whole run. */
export const NOW = new Date(`${TODAY}T09:00:00Z`)

/** The tools that training uses. It sends no mail and fetches nothing. */
export function toolsFor(db: Db): Tools {
  const nobody = { fetcher: undefined as never, mailer: undefined as never }
  const texts = {
    publicUrl: 'http://localhost',
    mailFrom: 'Paperboy <bench@example.org>',
    bounceAddress: undefined,
    mailOnDoubt: 'hold' as const,
    thumbnails: false,
    keep: { pages: 400, fetches: 60, replays: 400, mailEvents: 400, audit: 400 },
    limitOf: () => undefined,
    secret: 'bench',
  }
  return { db, now: () => NOW, ...nobody, ...texts, log: pino({ level: 'silent' }) }
}

/**
 * Makes the tables, stores papers, lists the newest of them today, and trains the corpus model with the product's own
 * step.
 */
export async function fillDatabase(
  url: string,
): Promise<{ papers: number; seconds: number; megabytes: number }> {
  const db = connect(url)
  try {
    await migrate(db)
    const source = await ensureDumpSource(db, 'hf-page')
    await insertPapers(db, makePapers(POOL_PAPERS, 1).papers)
    await insertPapers(db, makePapers(CANDIDATES, 2).papers)
    await sql`
      INSERT INTO sightings (paper_id, source_id, listed_on, observed_at, upvotes)
      SELECT id, ${source.id}, ${TODAY}::date, ${NOW}, upvotes FROM papers ORDER BY id DESC LIMIT ${CANDIDATES}`.execute(
      db,
    )
    const started = performance.now()
    await trainCorpusModel.run({ tick: NOW.toISOString() }, toolsFor(db))
    const seconds = (performance.now() - started) / 1000
    const model = await db.selectFrom('corpus_models').select(['papers', 'bytes']).executeTakeFirstOrThrow()
    await sql`VACUUM ANALYZE`.execute(db)
    return { papers: model.papers, seconds, megabytes: model.bytes! / 1e6 }
  } finally {
    await db.destroy()
  }
}

async function insertPapers(db: Db, papers: RankablePaper[]): Promise<void> {
  for (let from = 0; from < papers.length; from += CHUNK) {
    const rows = JSON.stringify(papers.slice(from, from + CHUNK))
    await sql`
      INSERT INTO papers (title, abstract, upvotes, provenance, first_seen_at, updated_at)
      SELECT title, abstract, upvotes, '{}', ${NOW}, ${NOW}
      FROM json_to_recordset(${rows}::json) AS paper (title text, abstract text, upvotes integer)`.execute(db)
  }
}

/** Gives subscribers 1 to `count` a topic each, of five words that some papers have. */
export async function insertTopics(db: Db, count: number): Promise<void> {
  const { interest } = makePapers(0, 3)
  const random = createRandom(count)
  for (let from = 0; from < count; from += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, count - from) }, (_, at) => ({
      subscriber: from + at + 1,
      query: interest(random, KEYWORDS).join(' '),
    }))
    await sql`
      INSERT INTO topics (subscriber_id, position, name, query)
      SELECT subscriber, 0, 'Mine', query
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS topic (subscriber bigint, query text)`.execute(
      db,
    )
  }
}

/** Replaces the subscribers by this many, each with a topic of their own and a digest planned for today. */
export async function planDigestsFor(url: string, count: number): Promise<void> {
  const db = connect(url)
  try {
    await sql`TRUNCATE subscribers RESTART IDENTITY CASCADE`.execute(db)
    await sql`
      INSERT INTO subscribers (email, email_key, status, consent_source)
      SELECT 'subscriber' || n || '@example.org', 'subscriber' || n || '@example.org', 'active', 'bench'
      FROM generate_series(1, ${count}) AS n`.execute(db)
    await insertTopics(db, count)
    await sql`
      INSERT INTO digests (subscriber_id, local_date, due_at)
      SELECT id, ${TODAY}::date, ${NOW} FROM subscribers ORDER BY id`.execute(db)
    await sql`VACUUM ANALYZE`.execute(db)
  } finally {
    await db.destroy()
  }
}
