import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type LoadReport, visitPages } from './soakLoad.ts'
import { type MemoryReport, MOST_GROWTH, watchMemory } from './soakMemory.ts'
import { type Served, servePapers } from './soakServed.ts'
import { type Backend, openSoak, type SoakStage } from './soakStage.ts'

/**
 * Everything at once for twenty minutes: lists that change at each fetch, uploaded dumps, sign-ups and their confirmations,
 * digests, page views, a backup. Prints one JSON line a backend. Fails unless the memory of each process is flat, nothing
 * needs a person, no answer and no line of the log is an error, and every count adds up: the digests by state, the mails
 * that the mail server took, the papers that were served.
 */

const USAGE = 'DATABASE_URL_TEST=postgresql://… npm run -s test:soak [-- --minutes 20 --on servers,embedded]'
const SAMPLE_EVERY = 3000
const READERS_A_MINUTE = 60
const LONGEST_SETTLE = 180_000
const ERROR = 50
/** The mail server says "later" to so many of 100 recipients. */
const GREYLISTED = 0.03

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    on: { type: 'string', default: 'servers,embedded' },
  },
})
const backends = values.on.split(',') as Backend[]
if (backends.includes('servers') && process.env.DATABASE_URL_TEST === undefined) {
  console.error(
    `expected DATABASE_URL_TEST, the address of a server on which databases may be created: ${USAGE}`,
  )
  process.exit(2)
}
for (const backend of backends) {
  const result = await soak(backend, Number(values.minutes))
  console.log(
    JSON.stringify(result, (_, value) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ),
  )
  if (result.wrong.length > 0) process.exitCode = 1
}

async function soak(backend: Backend, minutes: number) {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-soak-'))
  const served = await servePapers()
  const readers = Math.round(READERS_A_MINUTE * minutes)
  const stage = await openSoak({ folder, backend, lists: served.lists, readers, minutes })
  try {
    await stage.sink.ask({ rules: { RCPT: [[GREYLISTED, '451 4.2.1 come back later']] } })
    const memory = watchMemory(stage.processes)
    const { load, backup } = await runFor(minutes, stage, served, memory.look)
    const counts = await settle(stage, served)
    const found = { load, backup, memory: memory.report(), ...counts, ...readLog(stage) }
    return { on: backend, minutes, wrong: faultsOf(found), ...found }
  } finally {
    await stage.close()
    await served.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function runFor(minutes: number, stage: SoakStage, served: Served, look: () => Promise<void>) {
  const { home, password, sink } = stage
  const over = new AbortController()
  const half = minutes * 30_000
  const watching = (async () => {
    for (; !over.signal.aborted; await delay(SAMPLE_EVERY)) await look()
  })()
  const visiting = visitPages({
    ...{ home, password, served, ends: over.signal },
    newTokens: async () => (await sink.ask({ tokens: true })).tokens as string[],
  })
  await delay(half)
  const began = Date.now()
  const exitCode = await stage.command('backup', join(tmpdir(), `paperboy-soak-${process.pid}.gz`))
  const backup = { exitCode, milliseconds: Date.now() - began }
  await delay(half)
  over.abort()
  const [load] = await Promise.all([visiting, watching])
  await rm(join(tmpdir(), `paperboy-soak-${process.pid}.gz`), { force: true })
  return { load, backup }
}

interface Counts {
  digests: Record<string, number>
  /** Subscribers whose digest was due. */
  due: number
  /** What the mail server took, by kind. */
  mails: Record<string, number>
  papers: { served: number; stored: number }
  /** The titles of what needs a person. */
  needsPerson: string[]
  open: number
}

/** Fetches no more, waits until everything under way has ended, and counts. */
async function settle(stage: SoakStage, served: Served): Promise<Counts> {
  await stage.sink.ask({ rules: {} })
  await stage.query('UPDATE sources SET enabled = false')
  const deadline = Date.now() + LONGEST_SETTLE
  let open = await countOpen(stage)
  while (open > 0 && Date.now() < deadline) {
    await delay(1000)
    open = await countOpen(stage)
  }
  const rows = await stage.query('SELECT status, count(*)::integer AS digests FROM digests GROUP BY status')
  const [due] = await stage.query(
    `SELECT count(*)::integer AS due FROM subscribers WHERE status = 'active' AND confirmed_at IS NOT NULL`,
  )
  const [stored] = await stage.query(
    'SELECT count(*)::integer AS papers FROM papers WHERE arxiv_id IS NOT NULL',
  )
  const { kinds } = await stage.sink.ask({ report: true })
  const authorization = `Basic ${Buffer.from(`soak:${stage.password}`).toString('base64')}`
  const health = await fetch(`${stage.home}/readyz?full`, { headers: { authorization } })
  const { items } = (await health.json()) as { items: { title: string; reason: string }[] }
  return {
    digests: Object.fromEntries(rows.map(({ status, digests }) => [status, digests as number])),
    due: due!.due as number,
    mails: kinds,
    papers: { served: served.ids.size, stored: stored!.papers as number },
    needsPerson: items.map(({ title, reason }) => `${title}: ${reason}`),
    open,
  }
}

/** Digests, dumps, pages and letters that have not ended, and digests that were not planned yet. */
async function countOpen({ query }: SoakStage): Promise<number> {
  const [row] = await query(`
    SELECT (SELECT count(*) FROM digests WHERE status IN ('planned', 'composing', 'sending'))
      + (SELECT count(*) FROM subscribers WHERE status = 'active' AND next_digest_at <= now())
      + (SELECT count(*) FROM replay_files WHERE status IN ('waiting', 'running'))
      + (SELECT count(*) FROM pages WHERE ingested_at IS NULL AND error IS NULL)
      + (SELECT count(*) FROM mail_requests) AS open`)
  return Number(row!.open)
}

interface Backup {
  exitCode: number | null
  milliseconds: number
}

function readLog({ log }: SoakStage) {
  const warnings: Record<string, number> = {}
  const errors = log.filter(({ level }) => level >= ERROR)
  for (const { level, msg, step, reason } of log) {
    if (level >= ERROR) continue
    const what = [msg, step, reason].filter(Boolean).join(': ').replace(/\d+/g, 'N').slice(0, 200)
    warnings[what] = (warnings[what] ?? 0) + 1
  }
  return { errors: errors.slice(0, 20), warnings }
}

/** What is not as it must be, a line each. */
function faultsOf(
  found: Counts & ReturnType<typeof readLog> & { load: LoadReport; backup: Backup; memory: MemoryReport[] },
): string[] {
  const { digests, due, mails, papers, load, memory } = found
  const ended = Object.values(digests).reduce((sum, count) => sum + count, 0)
  const claims: [boolean, string][] = [
    [found.open === 0, `${found.open} things have not ended`],
    [ended === due, `${ended} digests for ${due} subscribers`],
    [(mails.digest ?? 0) === (digests.sent ?? 0), `${mails.digest} mails for ${digests.sent} sent digests`],
    [papers.served === papers.stored, `${papers.stored} papers stored of ${papers.served} served`],
    [load.signUps === load.confirmed, `${load.confirmed} confirmed of ${load.signUps} sign-ups`],
    [found.backup.exitCode === 0, `the backup ended with ${found.backup.exitCode}`],
    [found.needsPerson.length === 0, `needs a person: ${found.needsPerson.join(' | ')}`],
    [found.errors.length === 0, `${found.errors.length} errors in the log`],
    [Object.keys(load.wrong).length === 0, `answers that nobody should get: ${JSON.stringify(load.wrong)}`],
    ...memory.map(({ process, growth }): [boolean, string] => [
      Math.abs(growth) <= MOST_GROWTH,
      `the memory of ${process} changed by ${Math.round(growth * 100)} %`,
    ]),
  ]
  return claims.filter(([holds]) => !holds).map(([, words]) => words)
}
