import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import pg from 'pg'
import { fillDatabase, NOW, planDigestsFor } from './composeData.ts'

/**
 * Composes the digests of many subscribers, each with five keywords of their own, from a day's 1,000 papers and a
 * corpus model trained on stored papers, into rows of its own PostgreSQL database. Prints a JSON line for each number
 * of subscribers and one for the cost of a doubling. Each number is composed by a process of its own, whose memory is
 * measured.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… npm run -s bench:compose [-- --subscribers 12500,25000,50000,100000]'
const COMPOSER = fileURLToPath(new URL('./composeProcess.mjs', import.meta.url))
/**
 * The heap limit of a worker that must stay small (docs/operations.md). Without it V8 keeps unused memory for long.
 */
const HEAP_MEGABYTES = 256
const TARGETS = { doubling: 2.1, peakMegabytes: 400 }

/** The output of composeProcess.mjs. */
interface Composed {
  seconds: number
  /** Processor time of the composing process, with its start. On a shared machine it is steadier than wall time. */
  processorSeconds: number
  digests: number
  items: number
  peakMegabytes: number
}

const { values } = parseArgs({
  options: { subscribers: { type: 'string', default: '12500,25000,50000,100000' } },
})
const server = process.env.DATABASE_URL_TEST
if (server === undefined) {
  console.error(
    `expected DATABASE_URL_TEST, the address of a server on which databases may be created: ${USAGE}`,
  )
  process.exit(2)
}
const name = `paperboy_bench_compose_${process.pid}`
const url = server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
await onServer(server, `CREATE DATABASE ${name}`)
try {
  print({ measure: 'corpus', ...(await fillDatabase(url)) })
  let before: { subscribers: number; seconds: number; processorSeconds: number } | undefined
  for (const subscribers of values.subscribers.split(',').map(Number)) {
    await planDigestsFor(url, subscribers)
    const composed = await compose(url)
    print({
      measure: 'compose',
      subscribers,
      ...composed,
      heapLimit: HEAP_MEGABYTES,
      millisecondsPerSubscriber: (1000 * composed.seconds) / subscribers,
      memoryTarget: TARGETS.peakMegabytes,
    })
    if (before?.subscribers === subscribers / 2)
      print({
        measure: 'doubling',
        from: before.subscribers,
        to: subscribers,
        factor: composed.seconds / before.seconds,
        processorFactor: composed.processorSeconds / before.processorSeconds,
        target: TARGETS.doubling,
      })
    before = { subscribers, ...composed }
  }
} finally {
  await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

async function compose(databaseUrl: string): Promise<Composed> {
  const limit = `--max-old-space-size=${HEAP_MEGABYTES}`
  const args = [limit, COMPOSER, databaseUrl, NOW.toISOString()]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** Prints a JSON line with numbers rounded to three decimals; more would be noise. */
function print(line: object): void {
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)),
  )
}
