import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { embeddedAddress } from '../src/db/engine/embeddedAddress.ts'
import { freePort } from '../src/demo/freePort.ts'
import { makeDkimKey } from '../src/mail/deliver/dkim.ts'
import { type CuttingProxy, startCuttingProxy } from './cuttingProxy.ts'
import { type OwnPostgres, startPostgres } from './faultDatabase.ts'
import { end } from './mailProcess.ts'
import { fillDatabase } from './mailRows.ts'
import { endGroup, openSink, queryAt, startRedisAt, untilAnswers } from './stageParts.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const LONGEST = 240_000

/** What the sink saw of the recipients. From our rows come only the held ones, and when nothing was open any more. */
export interface Outcome {
  /** Recipients whose mail the sink stored. */
  reached: number
  /** Recipients whom the sink refused for good, and who were not reached. */
  refused: number
  /** Recipients neither reached nor refused, whose digest is listed for the operator. */
  held: number
  copies: number
  different: number
  open: number
  /** When the last digest ended, in milliseconds since 1970. */
  settledAt: number
}

/** An installation of its own with readers whose digests are due, its mail server and its Redis. */
export interface Stage {
  backend: 'servers' | 'embedded'
  /** How many digests are due. */
  due: number
  /** Starts a process more; `prefix` runs before it, for example a false clock. */
  start(prefix?: string[]): Promise<ChildProcess>
  processes: ChildProcess[]
  /** Ends a process with all that it started. */
  end(child: ChildProcess, signal: NodeJS.Signals): Promise<void>
  /** What the processes wrote on standard error. */
  complaints(): string
  /** Writes to the disk of the embedded database until nothing more fits. */
  fillDisk(): Promise<void>
  emptyDisk(): Promise<void>
  /** From now on the mail server answers so. */
  rules(rules: Record<string, [number, string][]>): Promise<void>
  hangUp(): Promise<void>
  /** From now on the mail server takes that many seconds to accept a mail to this domain. */
  slowDown(domain: string, seconds: number): Promise<void>
  /** Whom the mail server has accepted a mail for. */
  reached(): Promise<string[]>
  /** Restarts a PostgreSQL server of its own as after a crash; of a fault with `ownPostgres`. */
  crashPostgres(): Promise<void>
  /** The way to the database; of a fault with `proxied`. */
  proxy(): CuttingProxy
  stopRedis(): Promise<void>
  startRedis(): Promise<void>
  /** From now on Redis has room for so many megabytes; 0: for any number. */
  limitRedis(megabytes: number): Promise<void>
  /** Waits until the mail server has seen so many recipients. */
  untilSeen(recipients: number): Promise<void>
  query(statement: string): Promise<{ [column: string]: unknown }[]>
  settle(): Promise<Outcome>
  close(): Promise<void>
}

export async function openStage(options: {
  folder: string
  backend: 'servers' | 'embedded'
  due: number
  onDoubt: 'hold' | 'resend'
  /** The size of a disk of its own for the embedded database, in megabytes. */
  disk?: number | undefined
  ownPostgres?: boolean | undefined
  proxied?: boolean | undefined
  /** A statement that changes the rows before anything starts. */
  prepare?: string | undefined
}): Promise<Stage> {
  const { folder, backend, due, disk, prepare = 'SELECT 1' } = options
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, makeDkimKey())
  const sink = await openSink(0)
  const redisPort = await freePort(0)
  let redis: ChildProcess | undefined
  const data = join(folder, 'data')
  const filling = join(data, 'filling')
  if (disk !== undefined) await mountDisk(data, disk)
  const name = `paperboy_faults_${process.pid}_${Date.now()}`
  const own: OwnPostgres | undefined = options.ownPostgres
    ? await startPostgres(await freePort(0))
    : undefined
  const server = own?.url ?? process.env.DATABASE_URL_TEST!
  const url =
    backend === 'embedded'
      ? embeddedAddress(data)
      : server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
  const proxy = options.proxied ? await startCuttingProxy(url) : undefined
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    LOG_LEVEL: process.env.FAULTS_LOG ?? 'silent',
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    DKIM_KEYS: `faults=${keyFile}`,
    PUBLIC_URL: 'https://digest.example.org',
    MAIL_FROM: 'Paperboy <digest@example.org>',
    MAIL_ON_DOUBT: options.onDoubt,
    SECRET: 'a secret of these tests alone, of no use',
    ADMIN_PASSWORD: 'unused-unused',
    DATA_DIR: data,
    PORT: '0',
    ...(backend === 'servers' && {
      DATABASE_URL: proxy?.url ?? url,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    }),
  }
  const processes: ChildProcess[] = []
  let complaints = ''

  const startRedis = async () => {
    if (backend === 'embedded') return
    redis = await startRedisAt(redisPort, folder)
  }
  const launch = (prefix: string[]) => {
    const args = backend === 'servers' ? ['start', '--role', 'worker'] : ['start']
    const [command, ...rest] = [...prefix, process.execPath, MAIN, ...args]
    // A group of its own: what a prefix starts gets the same signals.
    const child = spawn(command!, rest, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaints += text
      if (env.LOG_LEVEL !== 'silent') process.stderr.write(text)
    })
    processes.push(child)
    return child
  }
  const query = (statement: string) => queryAt(url, statement)

  if (backend === 'servers') {
    await queryAt(server, `CREATE DATABASE ${name}`)
    await startRedis()
    await fillDatabase(url, due)
    await queryAt(url, prepare)
  } else {
    const first = launch([])
    await untilAnswers(url)
    await fillDatabase(url, due)
    await queryAt(url, prepare)
    await endGroup(first, 'SIGTERM')
  }

  return {
    backend,
    due,
    processes,
    async start(prefix = []) {
      return launch(prefix)
    },
    rules: (rules) => sink.ask({ rules }).then(() => {}),
    hangUp: () => sink.ask({ hangUp: true }).then(() => {}),
    slowDown: (domain, seconds) => sink.ask({ slow: { domain, seconds } }).then(() => {}),
    reached: async () => (await sink.ask({ list: true })).reachedAt,
    crashPostgres: () => own!.crash(),
    proxy: () => proxy!,
    async stopRedis() {
      if (redis) await end(redis, 'SIGKILL')
    },
    startRedis,
    async limitRedis(megabytes) {
      await run('redis-cli', ['-p', `${redisPort}`, 'config', 'set', 'maxmemory', `${megabytes}mb`])
    },
    async untilSeen(recipients) {
      const deadline = Date.now() + LONGEST
      while (Date.now() < deadline) {
        if ((await sink.ask({ report: true })).seen >= recipients) return
        await delay(100)
      }
      throw new Error(`expected ${recipients} recipients at the mail server, got fewer`)
    },
    query,
    end: endGroup,
    complaints: () => complaints,
    async fillDisk() {
      const piece = Buffer.alloc(64 * 1024)
      const full = async () => {
        for (;;) await appendFile(filling, piece)
      }
      await full().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error
      })
    },
    emptyDisk: () => rm(filling),
    async settle() {
      const deadline = Date.now() + LONGEST
      let open = await openOf(query, due)
      while (open > 0 && Date.now() < deadline) {
        await delay(500)
        open = await openOf(query, due)
      }
      const { seen: _seen, lastAt, reachedAt, refusedAt, ...counts } = await sink.ask({ list: true })
      const known = new Set<string>([...reachedAt, ...refusedAt])
      const rows = await query(
        `SELECT email, digests.status, extract(epoch FROM digests.updated_at)::float8 * 1000 AS at
         FROM digests JOIN subscribers ON subscribers.id = digests.subscriber_id`,
      )
      const held = rows.filter(({ email, status }) => status === 'held' && !known.has(email as string)).length
      const settledAt = Math.max(lastAt, ...rows.map(({ at }) => at as number))
      return { ...counts, held, open, settledAt }
    },
    async close() {
      for (const child of processes) {
        if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGCONT')
        await endGroup(child, 'SIGKILL')
      }
      if (disk !== undefined) await unmountDisk(data)
      await end(sink.child, 'SIGKILL')
      if (redis) await end(redis, 'SIGKILL')
      await proxy?.stop()
      if (own) await own.stop()
      else if (backend === 'servers') await queryAt(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** How many of the due digests have not ended. */
async function openOf(query: Stage['query'], due: number): Promise<number> {
  try {
    const rows = await query(
      `SELECT count(*)::integer AS ended FROM digests WHERE status NOT IN ('planned', 'composing', 'sending')`,
    )
    return due - (rows[0]!.ended as number)
  } catch {
    // The embedded database is away while its process is.
    return due
  }
}

const run = promisify(execFile)

/** @throws if this machine does not let us. */
async function mountDisk(folder: string, megabytes: number): Promise<void> {
  await mkdir(folder)
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
}

async function unmountDisk(folder: string): Promise<void> {
  await run('umount', [folder])
}
