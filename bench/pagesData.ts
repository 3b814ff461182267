import { sql } from 'kysely'
import { connect } from '../src/db/engine/connect.ts'
import { migrate } from '../src/db/engine/migrate.ts'
import { ensureDumpSource } from '../src/db/fetching/sources.ts'
import { createToken } from '../src/db/subscribers/tokens.ts'
import { indexPapers } from '../src/jobs/indexPapers.ts'
import { trainCorpusModel } from '../src/jobs/trainCorpusModel.ts'
import { DEFAULTS } from '../src/subscribers/preferences.ts'
import { signUp } from '../src/subscribers/subscribing.ts'
import { toolsFor } from './composeData.ts'
import { makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'

const CHUNK = 1_000
const PER_DAY = 400
const SECRET = 'a secret of the bench that is long enough'

/**
 * Stores papers of made-up words, 400 for each day up to today, the sixth part of them seen twice with upvotes; trains the corpus
 * model, fills the full-text search; and signs up a subscriber with three topics.
 */
export async function fillPages(
  url: string,
  count: number,
): Promise<{ manage: string; words: string; paperId: number }> {
  const db = connect(url)
  const now = new Date()
  try {
    await migrate(db)
    const source = await ensureDumpSource(db, 'hf-page')
    const { papers, interest } = makePapers(count, 1)
    for (let from = 0; from < papers.length; from += CHUNK) {
      const rows = JSON.stringify(papers.slice(from, from + CHUNK))
      await sql`
        INSERT INTO papers (title, abstract, authors, categories, upvotes, published_at, provenance, first_seen_at, updated_at)
        SELECT title, abstract, ARRAY['Ada Sample', 'Bo Muster', 'Cy Example'], ARRAY['cs.CV', 'cs.LG'], upvotes, ${now}, '{}',
          ${now}, ${now}
        FROM json_to_recordset(${rows}::json) AS paper (title text, abstract text, upvotes integer)`.execute(
        db,
      )
    }
    await sql`
      INSERT INTO sightings (paper_id, source_id, listed_on, observed_at, rank, upvotes)
      SELECT id, ${source.id}, day, day::timestamp AT TIME ZONE 'UTC' + seen * interval '1 day', id % ${PER_DAY},
        CASE WHEN id % 6 = 0 THEN upvotes * seen / 2 END
      FROM papers, LATERAL (SELECT ${now}::date - ((${count} - id) / ${PER_DAY})::int AS day) AS listing,
        generate_series(1, 2) AS seen
      WHERE id % 6 = 0 OR seen = 1`.execute(db)
    const tools = { ...toolsFor(db), now: () => now, secret: SECRET }
    await trainCorpusModel.run({ tick: now.toISOString() }, tools)
    await indexPapers.run({ after: 0 }, tools)
    const random = createRandom(5)
    const topics = [1, 2, 3].map((n) => ({
      name: `Topic ${n}`,
      query: interest(random, 3).join(' '),
      quota: null,
    }))
    const wish = { ...DEFAULTS, topics, email: 'reader@example.org', source: 'command line' as const }
    const { subscriberId } = await signUp(tools, { ...wish, confirmed: true })
    await sql`VACUUM ANALYZE`.execute(db)
    const manage = await createToken(db, { purpose: 'manage', subscriberId: subscriberId! }, now)
    return { manage, words: encodeURIComponent(topics[0]!.query), paperId: count - 5 }
  } finally {
    await db.destroy()
  }
}
