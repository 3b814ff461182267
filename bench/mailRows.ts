import { sql } from 'kysely'
import { connect, type Db } from '../src/db/engine/connect.ts'
import { migrate } from '../src/db/engine/migrate.ts'
import { ensureDumpSource, ensureSource } from '../src/db/fetching/sources.ts'
import { BUILTIN_SOURCES } from '../src/sources/builtin.ts'
import { insertTopics } from './composeData.ts'
import { makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'

/** Fewer than the corpus model is trained from, so that no training runs beside. */
const PAPERS = 480

/** Fills an empty database with a day's papers, and readers whose digests are due now. */
export async function fillDatabase(url: string, readers: number): Promise<void> {
  const db = connect(url, { max: 2 })
  try {
    await migrate(db)
    await insertPapers(db)
    await insertReaders(db, readers)
    await sql`ANALYZE`.execute(db)
  } finally {
    await db.destroy()
  }
}

/** Papers that are listed today, with authors and a link each. */
async function insertPapers(db: Db): Promise<void> {
  const source = await ensureDumpSource(db, 'hf-page')
  const random = createRandom(5)
  const rows = makePapers(PAPERS, 2).papers.map(({ title, abstract, upvotes }, at) => ({
    title,
    abstract,
    upvotes,
    arxiv_id: `2611.${String(at + 10_000)}`,
    authors: Array.from({ length: random.between(2, 8) }, () => `Author Number${random.between(1, 900)}`),
  }))
  await sql`
    INSERT INTO papers (title, abstract, upvotes, arxiv_id, authors, provenance, first_seen_at, updated_at)
    SELECT title, abstract, upvotes, arxiv_id, authors, '{}', now(), now()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS paper (
      title text, abstract text, upvotes integer, arxiv_id text, authors text[])`.execute(db)
  await sql`
    INSERT INTO sightings (paper_id, source_id, listed_on, observed_at, upvotes)
    SELECT id, ${source.id}, (now() AT TIME ZONE 'UTC')::date, now(), upvotes FROM papers`.execute(db)
  // Nothing is fetched meanwhile.
  for (const builtin of BUILTIN_SOURCES) await ensureSource(db, builtin)
  await sql`UPDATE sources SET enabled = false`.execute(db)
}

/** Readers with a topic of their own each, of five words that some papers have. */
async function insertReaders(db: Db, readers: number): Promise<void> {
  await sql`
    INSERT INTO subscribers (email, email_key, status, consent_source, confirmed_at, next_digest_at)
    SELECT 'subscriber' || n || '@example.org', 'subscriber' || n || '@example.org', 'active', 'bench', now(), now()
    FROM generate_series(1, ${readers}) AS n`.execute(db)
  await insertTopics(db, readers)
}

/** How the digests of a run ended, and when they were planned and sent. */
export interface Ends {
  byStatus: Record<string, number>
  plannedAt: number
  papers: number
}

/** @throws if the server takes no more connections; ask again then. */
export async function readEnds(url: string): Promise<Ends> {
  const db = connect(url, { max: 1 })
  try {
    const { rows } = await sql<{ status: string; digests: number; first: Date }>`
      SELECT status, count(*)::integer AS digests, min(created_at) AS first FROM digests GROUP BY status`.execute(
      db,
    )
    const items = await sql<{ papers: number }>`SELECT count(*)::integer AS papers FROM digest_items`.execute(
      db,
    )
    return {
      byStatus: Object.fromEntries(rows.map(({ status, digests }) => [status, digests])),
      plannedAt: Math.min(...rows.map(({ first }) => first.getTime())),
      papers: items.rows[0]!.papers,
    }
  } finally {
    await db.destroy()
  }
}
