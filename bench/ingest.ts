import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
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
 * compares it with a bare COPY of the same rows. It also parses a listing page, and replays the corpus of real papers
 * where it is at hand. Prints a JSON line for each size, and one that compares them.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… npm run -s bench:ingest [-- --papers 100000,1000000 | --papers none]'
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** Loaded into the command before it runs. At the end it reports the peak memory (kB) and the processor time (µs). */
const REPORT_USAGE =
  'data:text/javascript,process.on("exit",()=>{const used=process.resourceUsage();' +
  'process.stderr.write("peak "+used.maxRSS+" "+(used.userCPUTime+used.systemCPUTime)+"\\n")})'
const TARGETS = { copyRatio: 0.35, secondReplay: 2, peakMegabytes: 300, growth: 1.3, parsing: 1.5 }

/** 74,728 papers of arXiv, as one gzipped file of JSON lines. It is not part of the project. */
const CORPUS = fileURLToPath(new URL('../../shared/corpus/arxiv-cs-2025-2026.jsonl.gz', import.meta.url))
const CORPUS_TARGETS = { seconds: 5.6, peakMegabytes: 232 }

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
if (existsSync(CORPUS)) await withDatabase(server, 'corpus', measureCorpus)
else console.error(`no corpus at ${CORPUS}: it is not measured`)
if (values.papers !== 'none') await measureSizes(values.papers.split(',').map(Number), server)

async function measureSizes(sizes: number[], serverUrl: string): Promise<void> {
  const measured: Measured[] = []
  for (const papers of sizes) {
    measured.push(await withDatabase(serverUrl, `${papers}`, (url, folder) => measure(papers, url, folder)))
  }
  const [small, large] = [measured[0]!, measured.at(-1)!]
  print({
    measure: 'growth',
    from: small.papers,
    to: large.papers,
    secondsPerRow: large.secondsPerRow / small.secondsPerRow,
    target: TARGETS.growth,
    peakMemory: large.peakMegabytes / small.peakMegabytes,
  })
}

/** Replays the corpus of real papers once into an empty database. */
async function measureCorpus(url: string, folder: string): Promise<void> {
  const { new: papers, seconds, processorSeconds, peakMegabytes } = await replay(CORPUS, url, folder)
  print({
    measure: 'corpus',
    papers,
    seconds,
    target: CORPUS_TARGETS.seconds,
    processorSeconds,
    rowsPerSecond: papers / seconds,
    peakMegabytes,
    targetMegabytes: CORPUS_TARGETS.peakMegabytes,
  })
}

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

/** Runs a measurement on a database and in a folder of its own, which it deletes. */
async function withDatabase<T>(
  serverUrl: string,
  suffix: string,
  run: (url: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-bench-'))
  const name = `paperboy_bench_${process.pid}_${suffix}`
  await onServer(serverUrl, `CREATE DATABASE ${name}`)
  try {
    return await run(serverUrl.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`), folder)
  } finally {
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(papers: number, url: string, folder: string): Promise<Measured> {
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
}

interface Replayed {
  new: number
  updated: number
  seconds: number
  processorSeconds: number
  peakMegabytes: number
}

async function replay(file: string, url: string, folder: string): Promise<Replayed> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'silent',
  }
  const args = ['--import', REPORT_USAGE, MAIN, 'replay', file, '--json']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env })
  const [, peak, processor] = /^peak (\d+) (\d+)$/m.exec(stderr)!
  return {
    ...JSON.parse(stdout),
    peakMegabytes: Number(peak) / 1024,
    processorSeconds: Number(processor) / 1e6,
  }
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
