import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { sql } from 'kysely'
import pg from 'pg'
import { connect, type Db } from '../src/db/engine/connect.ts'
import { migrate } from '../src/db/engine/migrate.ts'
import { currentCorpusModel } from '../src/digests/corpus/currentModel.ts'
import { searchPapers } from '../src/digests/search/searchPapers.ts'
import { indexPapers } from '../src/jobs/indexPapers.ts'
import { rankTopic } from '../src/ranking/choose/rankTopic.ts'
import { buildingPart } from '../src/ranking/corpus/rankingIndex.ts'
import { statisticsOf } from '../src/ranking/corpus/statistics.ts'
import { paperOfWords, type RankablePaper } from '../src/ranking/index/paperIndex.ts'
import { parseQuery } from '../src/ranking/language/query.ts'
import { runAtOnce } from '../src/slices.ts'
import { toolsFor } from './composeData.ts'
import { type EvalCase, readCases } from './evalCases.ts'

/**
 * Searches the papers of all labelled sets and of the arXiv corpus together, about 110,000, with the queries of the sets: the time of
 * a search, the memory of the process, and in how many of the queries the first ten are those of a ranking of all papers. Prints
 * JSON lines. `--copies 9` stores each paper so many times more, with its words in another order.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… npm run -s bench:search [-- --shared ../shared --queries 400 --copies 0]'
const CHUNK = 1_000
const FIRST = 10
const TARGETS = { p95: 150, agreement: 0.95 }

const { values } = parseArgs({
  options: {
    shared: { type: 'string', default: fileURLToPath(new URL('../../shared', import.meta.url)) },
    queries: { type: 'string', default: '400' },
    copies: { type: 'string', default: '0' },
  },
})
const server = process.env.DATABASE_URL_TEST
if (server === undefined || !existsSync(values.shared)) {
  console.error(
    `expected DATABASE_URL_TEST, a server on which databases may be created, and the folder of labelled sets: ${USAGE}`,
  )
  process.exit(2)
}
const name = `paperboy_bench_search_${process.pid}`
const url = server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
await onServer(`CREATE DATABASE ${name}`)
const db = connect(url)
try {
  await migrate(db)
  const count = await fill(db, Number(values.copies))
  const started = performance.now()
  await indexPapers.run({ after: 0 }, toolsFor(db))
  const indexing = performance.now() - started
  await sql`VACUUM ANALYZE`.execute(db)
  print({
    measure: 'index',
    papers: count,
    papersPerSecond: Math.round(count / (indexing / 1000)),
    ...(await sizeOf(db)),
  })
  const queries = await queriesOf(Number(values.queries))
  await currentCorpusModel(db)
  const before = memory()
  const { found, times } = await searchAll(db, queries)
  print({
    measure: 'search',
    papers: count,
    queries: queries.length,
    ...quantiles(times),
    target: TARGETS.p95,
    megabytesBefore: before,
    megabytesAfter: memory(),
  })
  if (values.copies === '0')
    print({ measure: 'agreement', ...(await compare(db, queries, found)), target: TARGETS.agreement })
} finally {
  await db.destroy()
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

/** Stores the papers of all sets; titles and abstracts only, as the sets have them. */
async function fill(db: Db, copies: number): Promise<number> {
  const folder = `${values.shared}/eval`
  const sets = readdirSync(folder)
    .filter((file) => file.endsWith('.papers.jsonl'))
    .map((file) => `${folder}/${file}`)
  const corpus = readdirSync(`${values.shared}/corpus`)
    .filter((file) => file.endsWith('.jsonl.gz'))
    .map((file) => `${values.shared}/corpus/${file}`)
  let count = 0
  let chunk: { title: string; abstract: string }[] = []
  const flush = async () => {
    await sql`
      INSERT INTO papers (title, abstract, authors, provenance, first_seen_at, updated_at)
      SELECT title, abstract, '{}', '{}', now(), now() - interval '1 day'
      FROM json_to_recordset(${JSON.stringify(chunk)}::json) AS paper (title text, abstract text)`.execute(db)
    count += chunk.length
    chunk = []
  }
  for (const path of [...sets, ...corpus])
    for await (const { title, abstract } of linesOf(path)) {
      for (let copy = 0; copy <= copies; copy++)
        chunk.push({ title: turned(title, copy), abstract: turned(abstract, copy) })
      if (chunk.length >= CHUNK) await flush()
    }
  await flush()
  return count
}

/** The text with its words begun elsewhere: the same words, another paper. */
function turned(text: string, by: number): string {
  const words = text.split(' ')
  return by === 0 ? text : [...words.slice(by), ...words.slice(0, by)].join(' ')
}

async function* linesOf(path: string): AsyncGenerator<{ title: string; abstract: string }> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue
    const { title = '', abstract = '' } = JSON.parse(line)
    if (title.trim() !== '') yield { title, abstract }
  }
}

/** Queries of all sets in turn: what their people wrote as a query, keywords or tags. */
async function queriesOf(most: number): Promise<string[]> {
  const folder = `${values.shared}/eval/dev`
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.jsonl') && !file.includes('blind') && !file.includes('papers'),
  )
  const lists = await Promise.all(
    files.map(async (file) => (await readCases(`${folder}/${file}`)).flatMap(textsOf)),
  )
  const longest = Math.max(...lists.map(({ length }) => length))
  const mixed = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat()
  return [...new Set(mixed)].filter(isReadable).slice(0, most)
}

function textsOf({ query, keywords = [], tags = [] }: EvalCase): string[] {
  return [query ?? '', keywords.join(' '), ...tags.slice(0, 2)].filter((text) => text.trim() !== '')
}

function isReadable(text: string): boolean {
  try {
    return parseQuery(text).clauses.length > 0
  } catch {
    return false
  }
}

async function searchAll(db: Db, queries: string[]): Promise<{ found: number[][]; times: number[] }> {
  const found: number[][] = []
  const times: number[] = []
  for (const query of queries) {
    const started = performance.now()
    const result = await searchPapers(db, query, { limit: FIRST })
    times.push(performance.now() - started)
    found.push(result.found.map(({ paper }) => paper.id))
  }
  return { found, times }
}

async function compare(db: Db, queries: string[], found: number[][]) {
  const { rows } = await sql<
    Pick<RankablePaper, 'id' | 'title' | 'abstract'>
  >`SELECT id, title, abstract FROM papers`.execute(db)
  const statistics = statisticsOf(await currentCorpusModel(db), rows.length)
  const index = runAtOnce(buildingPart(rows.map(paperOfWords), statistics))
  let same = 0
  let shared = 0
  const differing: string[] = []
  queries.forEach((query, at) => {
    const best = rankTopic(index, parseQuery(query), { trendWeight: 0, limit: FIRST }).map(
      ({ paperId }) => paperId,
    )
    const ours = new Set(found[at])
    shared += best.filter((id) => ours.has(id)).length / Math.max(best.length, 1)
    if (best.every((id, place) => id === found[at]![place])) same++
    else differing.push(query.slice(0, 80))
  })
  return {
    queries: queries.length,
    sameFirstTen: same / queries.length,
    sharedOfFirstTen: shared / queries.length,
    differing: differing.slice(0, 12),
  }
}

function quantiles(times: number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
  return { milliseconds: { p50: at(0.5), p95: at(0.95), max: at(1) } }
}

function memory(): number {
  return Math.round(process.memoryUsage().rss / 1e6)
}

async function sizeOf(db: Db) {
  const { rows } = await sql<{
    megabytes: number
  }>`SELECT pg_total_relation_size('search_texts') / 1e6 AS megabytes`.execute(db)
  return { megabytes: Math.round(Number(rows[0]!.megabytes)) }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

function print(line: object): void {
  console.log(JSON.stringify(line))
}
