import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import pg from 'pg'
import PostalMime from 'postal-mime'
import { embeddedAddress } from '../src/db/engine/embeddedAddress.ts'
import { makeDkimKey } from '../src/mail/deliver/dkim.ts'
import { costOf, end, startPaperboy, startSink } from './mailProcess.ts'
import { measureRendering } from './mailRendering.ts'
import { type Ends, fillDatabase, readEnds } from './mailRows.ts'
import { startCountingProxy } from './queryCounter.ts'

/**
 * Measures how fast digests reach a mail server, from the tick to the last mail accepted: workers as an operator starts
 * them, on PostgreSQL and Redis, signing with RSA-2048, and a sink of its own process. In the same run a bare nodemailer
 * pool signs and sends one fixed message of that size to the same sink. A JSON line for each measure.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… REDIS_URL_TEST=redis://… npm run -s bench:mail [-- --readers 10000 --bare 3000 --embedded 1000 --large 100000 --profiles FOLDER]'
const TARGETS = {
  ofBare: 0.6,
  workerMegabytes: 300,
  rendering: 5000,
  embeddedMegabytes: 450,
  largeFactor: 11,
}
const LONGEST = 60 * 60 * 1000

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '10000' },
    bare: { type: 'string', default: '3000' },
    embedded: { type: 'string', default: '1000' },
    large: { type: 'string', default: '0' },
    profiles: { type: 'string' },
  },
})
const { DATABASE_URL_TEST: server, REDIS_URL_TEST: redis } = process.env
if (server === undefined || redis === undefined) {
  console.error(`expected DATABASE_URL_TEST and REDIS_URL_TEST: ${USAGE}`)
  process.exit(2)
}
const folder = await mkdtemp(join(tmpdir(), 'paperboy-bench-'))
const keyFile = join(folder, 'key.pem')
await writeFile(keyFile, makeDkimKey())
const sink = await startSink(folder)
const settings = {
  SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
  DKIM_KEYS: `bench=${keyFile}`,
  PUBLIC_URL: 'https://digest.example.org',
  MAIL_FROM: 'Paperboy <digest@example.org>',
  SECRET: 'a secret of this benchmark alone, of no use',
  ADMIN_PASSWORD: 'unused-unused',
}
let runs = 0

try {
  const readers = Number(values.readers)
  const one = await onServers(readers, 1)
  await keepMessage()
  const bare = await sendBare(1)
  compare('one worker', one, bare)
  const two = await onServers(readers, 2)
  compare('two workers', two, await sendBare(2))
  const embedded = await inOneProcess(Number(values.embedded))
  print({ measure: 'embedded', ...embedded, ofServers: embedded.perSecond / one.perSecond, target: 0.5 })
  await countQueries(Math.min(500, readers))
  print({ measure: 'rendering', ...(await measureRendering()), target: TARGETS.rendering })
  if (Number(values.large) > 0) {
    const large = await onServers(Number(values.large), 1)
    const factor = large.seconds / one.seconds
    print({ measure: 'large', ...large, timesAsLong: factor, target: TARGETS.largeFactor })
  }
} finally {
  await sink.stop()
  await rm(folder, { recursive: true })
}

interface Sent {
  readers: number
  /** A few readers' topics match nothing. */
  sent: number
  /** From the first row planned to the last mail accepted. */
  seconds: number
  perSecond: number
  /** While mails came. */
  perSecondWhileSending: number
  processorMilliseconds: number
  megabytes: number
}

async function onServers(readers: number, workers: number): Promise<Sent> {
  return withDatabase(readers, async (url) => {
    const env = {
      ...settings,
      DATABASE_URL: url,
      REDIS_URL: redis!,
      QUEUE_PREFIX: `bench${process.pid}-${++runs}`,
    }
    const started = Array.from({ length: workers }, () =>
      startPaperboy(['--role', 'worker'], { ...env, DATA_DIR: folder }, values.profiles),
    )
    try {
      return await whenAllSent(url, readers, started)
    } finally {
      await Promise.all(started.map((worker) => end(worker, 'SIGTERM')))
    }
  })
}

/** Everything in one process, the database and the queue too. */
async function inOneProcess(readers: number): Promise<Sent> {
  const data = join(folder, 'data')
  const env = { ...settings, DATA_DIR: data, PORT: '0' }
  const first = startPaperboy([], env)
  const url = embeddedAddress(data)
  await untilAnswers(url)
  await fillDatabase(url, readers)
  await end(first, 'SIGTERM')
  const service = startPaperboy([], env, values.profiles)
  try {
    await untilAnswers(url)
    return await whenAllSent(url, readers, [service])
  } finally {
    await end(service, 'SIGTERM')
  }
}

async function whenAllSent(
  url: string,
  readers: number,
  workers: ReturnType<typeof startPaperboy>[],
): Promise<Sent> {
  await sink.counts()
  const ends = await untilEnded(url, readers)
  const accepted = await sink.counts()
  const sent = ends.byStatus.sent ?? 0
  if (accepted.recipients !== sent || accepted.accepted !== sent || accepted.signed !== sent) {
    throw new Error(`expected ${sent} signed mails to as many readers, got ${JSON.stringify(accepted)}`)
  }
  const costs = await Promise.all(workers.map(costOf))
  const seconds = (accepted.last - ends.plannedAt) / 1000
  return {
    readers,
    sent,
    seconds,
    perSecond: sent / seconds,
    perSecondWhileSending: (1000 * sent) / (accepted.last - accepted.first),
    processorMilliseconds: (1000 * costs.reduce((sum, cost) => sum + cost.processorSeconds, 0)) / readers,
    megabytes: Math.max(...costs.map((cost) => cost.megabytes)),
  }
}

/** Waits until every reader has a digest and every digest has ended. */
async function untilEnded(url: string, readers: number): Promise<Ends> {
  const deadline = Date.now() + LONGEST
  for (;;) {
    // A shared server may have no connection left for a moment.
    const ends: Ends = await readEnds(url).catch(() => ({ byStatus: {}, plannedAt: 0, papers: 0 }))
    const { sent = 0, skipped = 0 } = ends.byStatus
    if (sent + skipped === readers) return ends
    if (Date.now() > deadline)
      throw new Error(`expected ${readers} digests to end, got ${JSON.stringify(ends)}`)
    await delay(500)
  }
}

async function sendBare(processes: number): Promise<{ perSecond: number; processorMilliseconds: number }> {
  const script = fileURLToPath(new URL('./mailBare.mjs', import.meta.url))
  const args = [script, String(sink.port), values.bare!, keyFile, join(folder, 'message.json')]
  const started = Array.from({ length: processes }, () => promisify(execFile)(process.execPath, args))
  const results = (await Promise.all(started)).map(({ stdout }) => JSON.parse(stdout))
  await sink.counts()
  const seconds = Math.max(...results.map((result) => result.seconds))
  const bare = {
    perSecond: (processes * Number(values.bare)) / seconds,
    processorMilliseconds: results[0].processorMilliseconds,
  }
  print({ measure: `bare, ${processes} processes`, ...bare })
  return bare
}

function compare(
  measure: string,
  sent: Sent,
  bare: { perSecond: number; processorMilliseconds: number },
): void {
  print({
    measure,
    ...sent,
    ofBare: sent.perSecond / bare.perSecond,
    ofBareWhileSending: sent.perSecondWhileSending / bare.perSecond,
    processorOfBare: sent.processorMilliseconds / bare.processorMilliseconds,
    target: TARGETS.ofBare,
    megabytesTarget: TARGETS.workerMegabytes,
  })
}

/** The bodies of a digest, for the bare pool to send. */
async function keepMessage(): Promise<void> {
  const raw = await readFile(join(folder, 'last.eml'))
  const { html, text } = await PostalMime.parse(raw)
  await writeFile(join(folder, 'message.json'), JSON.stringify({ html, text }))
  print({ measure: 'message', bytes: raw.length, htmlBytes: html?.length, textBytes: text?.length })
}

/** Counts what a worker asks of the database from the tick to the last mail, planning and composing included. */
async function countQueries(readers: number): Promise<void> {
  await withDatabase(readers, async (url) => {
    const proxy = await startCountingProxy(url)
    const env = {
      ...settings,
      DATABASE_URL: proxy.url,
      REDIS_URL: redis!,
      QUEUE_PREFIX: `bench${process.pid}-q`,
    }
    const worker = startPaperboy(['--role', 'worker'], { ...env, DATA_DIR: folder })
    try {
      await whenAllSent(url, readers, [worker])
      const perDigest = proxy.roundTrips() / readers
      print({ measure: 'round trips to the database', readers, perDigest, target: 3 })
    } finally {
      await end(worker, 'SIGTERM')
      await proxy.stop()
    }
  })
}

async function withDatabase<T>(readers: number, use: (url: string) => Promise<T>): Promise<T> {
  const name = `paperboy_bench_mail_${process.pid}_${++runs}`
  const url = server!.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
  await onServer(`CREATE DATABASE ${name}`)
  try {
    await fillDatabase(url, readers)
    return await use(url)
  } finally {
    await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.query('SELECT 1 FROM corpus_models LIMIT 1')
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (tries > 300) throw error
      await delay(200)
    }
  }
}

/** Prints a JSON line with numbers rounded to three decimals; more would be noise. */
function print(line: object): void {
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)),
  )
}
