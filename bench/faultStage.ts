import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { embeddedAddress } from '../src/db/engine/embeddedAddress.ts'
import { makeDkimKey } from '../src/mail/deliver/dkim.ts'
import { end } from './mailProcess.ts'
import { fillDatabase } from './mailRows.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const SINK = fileURLToPath(new URL('./faultSink.mjs', import.meta.url))
const LONGEST = 240_000

/** What the sink saw, and how the rows ended. */
export interface Outcome {
  reached: number
  refused: number
  copies: number
  different: number
  byStatus: Record<string, number>
  open: number
  /** Recipients that the sink has, or whose digest is held. */
  reachedOrHeld: number
  /** When the last digest ended, in milliseconds since 1970. */
  settledAt: number
}

/** An installation of its own with readers whose digests are due, its mail server and its Redis. */
export interface Stage {
  backend: 'servers' | 'embedded'
  /** Starts a process more; `prefix` runs before it, for example a false clock. */
  start(prefix?: string[]): Promise<ChildProcess>
  processes: ChildProcess[]
  /** From now on the mail server answers so. */
  rules(rules: Record<string, [number, string][]>): Promise<void>
  hangUp(): Promise<void>
  stopRedis(): Promise<void>
  startRedis(): Promise<void>
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
}): Promise<Stage> {
  const { folder, backend, due } = options
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, makeDkimKey())
  const sink = await openSink(0)
  const redisPort = await freePort()
  let redis: ChildProcess | undefined
  const data = join(folder, 'data')
  const name = `paperboy_faults_${process.pid}_${Date.now()}`
  const server = process.env.DATABASE_URL_TEST!
  const url =
    backend === 'embedded'
      ? embeddedAddress(data)
      : server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
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
    ...(backend === 'servers' && { DATABASE_URL: url, REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
  }
  const processes: ChildProcess[] = []

  const startRedis = async () => {
    if (backend === 'embedded') return
    redis = spawn(
      'redis-server',
      ['--port', `${redisPort}`, '--save', '', '--appendonly', 'no', '--dir', folder],
      {
        stdio: 'ignore',
      },
    )
    await untilOpen(redisPort)
  }
  const launch = (prefix: string[]) => {
    const args = backend === 'servers' ? ['start', '--role', 'worker'] : ['start']
    const [command, ...rest] = [...prefix, process.execPath, MAIN, ...args]
    const child = spawn(command!, rest, { env, stdio: ['ignore', 'inherit', 'inherit'] })
    processes.push(child)
    return child
  }
  const query = (statement: string) => queryAt(url, statement)

  if (backend === 'servers') {
    await queryAt(server, `CREATE DATABASE ${name}`)
    await startRedis()
    await fillDatabase(url, due)
  } else {
    const first = launch([])
    await untilAnswers(url)
    await fillDatabase(url, due)
    await end(first, 'SIGTERM')
  }

  return {
    backend,
    processes,
    async start(prefix = []) {
      return launch(prefix)
    },
    rules: (rules) => sink.ask({ rules }).then(() => {}),
    hangUp: () => sink.ask({ hangUp: true }).then(() => {}),
    async stopRedis() {
      if (redis) await end(redis, 'SIGKILL')
    },
    startRedis,
    async untilSeen(recipients) {
      const deadline = Date.now() + LONGEST
      while (Date.now() < deadline) {
        if ((await sink.ask({ report: true })).seen >= recipients) return
        await delay(100)
      }
      throw new Error(`expected ${recipients} recipients at the mail server, got fewer`)
    },
    query,
    async settle() {
      const deadline = Date.now() + LONGEST
      for (;;) {
        const byStatus = await countsOf(query)
        const { planned = 0, composing = 0, sending = 0 } = byStatus
        const open =
          due - Object.values(byStatus).reduce((sum, count) => sum + count, 0) + planned + composing + sending
        if (open > 0 && Date.now() < deadline) {
          await delay(500)
          continue
        }
        const seen = await sink.ask({ report: true })
        const rows = await query(
          `SELECT coalesce(extract(epoch FROM max(updated_at)), 0)::float8 * 1000 AS at,
             (SELECT count(*)::integer FROM digests WHERE status IN ('sent', 'held')) AS sure FROM digests`,
        )
        return {
          ...seen,
          byStatus,
          open,
          reachedOrHeld: rows[0]!.sure as number,
          settledAt: rows[0]!.at as number,
        }
      }
    },
    async close() {
      for (const child of processes) {
        child.kill('SIGCONT')
        await end(child, 'SIGKILL')
      }
      await end(sink.child, 'SIGKILL')
      if (redis) await end(redis, 'SIGKILL')
      if (backend === 'servers') await queryAt(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function openSink(port: number) {
  const child = spawn(process.execPath, [SINK, `${port}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value as string)
  const { port: taken } = await next()
  return {
    child,
    port: taken as number,
    async ask(what: object) {
      child.stdin!.write(`${JSON.stringify(what)}\n`)
      return next()
    },
  }
}

async function countsOf(query: Stage['query']): Promise<Record<string, number>> {
  try {
    const rows = await query('SELECT status, count(*)::integer AS digests FROM digests GROUP BY status')
    return Object.fromEntries(rows.map(({ status, digests }) => [status, digests as number]))
  } catch {
    // The embedded database is away while its process is.
    return {}
  }
}

async function queryAt(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await queryAt(url, 'SELECT 1 FROM corpus_models LIMIT 1')
      return
    } catch (error) {
      if (tries > 600) throw error
      await delay(200)
    }
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

async function untilOpen(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let tries = 0; tries < 200; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (isOpen) return
    await delay(50)
  }
  throw new Error(`expected a server at port ${port}`)
}
