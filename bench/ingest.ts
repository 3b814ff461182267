import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { load } from 'cheerio'
import pg from 'pg'
import { parsePage } from '../src/sources/formats/formats.ts'
import { copyRows } from './copyRows.ts'
import { makeListingPage, medianTime } from './parsePage.ts'
import { writeSnapshot } from './snapshot.ts'
import { makeVocabulary } from './vocabulary.ts'

/**
 * Replays a generated snapshot of arXiv's metadata with the built command, on its own PostgreSQL database, and
 * compares it with a bare COPY of the same rows. It also parses a listing page. Prints a JSON line for each size, and
 * one that compares them.
 */

const USAGE = 'DATABASE_URL_TEST=postgresql://… npm run -s bench:ingest [-- --papers 100000,1000000]'
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** Loaded into the command before it runs. At the end it reports the peak memory. */
const REPORT_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))'
const TARGETS = { copyRatio: 0.35, secondReplay: 2, peakMegabytes: 300, growth: 1.3, parsing: 1.5 }

interface Measured {
  papers: number
  rows: number
  secondsPerRow: number
  peakMegabytes: number
}

const { values } = parseArgs({ options: { papers: { type: 'string', default: '100000,1000000' } } })
const server = process.env.DATABASE_URL_TEST
if (server === undefined) {
  console.error(
    `expected DATABASE_URL_TEST, the address of a server on which databases may be created: ${USAGE}`,
  )
  process.exit(2)
}
measureParsing()
const measured: Measured[] = []
for (const papers of values.papers.split(',').map(Number)) measured.push(await measure(papers, server))
const [small, large] = [measured[0]!, measured.at(-1)!]
const growth = large.secondsPerRow / small.secondsPerRow
const memoryGrowth = large.peakMegabytes / small.peakMegabytes
print({
  measure: 'growth',
  from: small.papers,
  to: large.papers,
  secondsPerRow: growth,
  target: TARGETS.growth,
  peakMemory: memoryGrowth,
})

/**
 * Parses a listing page, compared with what any program that reads it must do: build the document and read the JSON
 * in it.
 */
function measureParsing(): void {
  const page = makeListingPage(makeVocabulary())
  const bare = medianTime(() => JSON.parse(load(page)('[data-target=DailyPapers]').attr('data-props')!))
  const milliseconds = medianTime(() => parsePage(page, 'auto'))
  const { length: papers } = parsePage(page, 'auto').entries
  const ratio = milliseconds / bare
  print({
    measure: 'parsing a page',
    characters: page.length,
    papers,
    milliseconds,
    ratio,
    target: TARGETS.parsing,
  })
}

async function measure(papers: number, serverUrl: string): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-bench-'))
  const name = `paperboy_bench_${process.pid}_${papers}`
  const url = serverUrl.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
  await onServer(serverUrl, `CREATE DATABASE ${name}`)
  try {
    const file = join(folder, 'arxiv-metadata.json')
    const rows = await writeSnapshot(file, papers)
    const first = await replay(file, url, folder)
    const second = await replay(file, url, folder)
    const copy = await copyRows(url, folder)
    const ratio = copy.papers / first.seconds
    print({
      measure: 'replay',
      papers,
      rows,
      new: first.new,
      seconds: first.seconds,
      rowsPerSecond: rows / first.seconds,
    })
    print({
      measure: 'bare COPY',
      papers,
      seconds: copy.papers,
      ratio,
      target: TARGETS.copyRatio,
      asStored: copy.papersAsStored / first.seconds,
      allTables: copy.allTables / first.seconds,
    })
    const speedup = first.seconds / second.seconds
    print({
      measure: 'second replay',
      papers,
      seconds: second.seconds,
      speedup,
      target: TARGETS.secondReplay,
      changed: second.new + second.updated,
    })
    const peakMegabytes = Math.max(first.peakMegabytes, second.peakMegabytes)
    print({ measure: 'peak memory', papers, megabytes: peakMegabytes, target: TARGETS.peakMegabytes })
    return { papers, rows, secondsPerRow: first.seconds / rows, peakMegabytes }
  } finally {
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await rm(folder, { recursive: true, force: true })
  }
}

interface Replayed {
  new: number
  updated: number
  seconds: number
  peakMegabytes: number
}

async function replay(file: string, url: string, folder: string): Promise<Replayed> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'silent',
  }
  const args = ['--import', REPORT_MEMORY, MAIN, 'replay', file, '--json']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env })
  const peak = Number(/^peak (\d+)$/m.exec(stderr)![1])
  return { ...JSON.parse(stdout), peakMegabytes: peak / 1024 }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** Prints a JSON line with numbers rounded to three decimals; more would be noise. */
function print(line: Record<string, string | number>): void {
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)),
  )
}
