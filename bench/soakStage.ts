import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { connect } from '../src/db/engine/connect.ts'
import { embeddedAddress } from '../src/db/engine/embeddedAddress.ts'
import { ensureSource } from '../src/db/fetching/sources.ts'
import { freePort } from '../src/demo/freePort.ts'
import { BUILTIN_SOURCES } from '../src/sources/builtin.ts'
import { suppress } from '../src/subscribers/directory.ts'
import { insertTopics, toolsFor } from './composeData.ts'
import { end } from './mailProcess.ts'
import { fillPages } from './pagesData.ts'
import { openSink, queryAt, startRedisAt, untilAnswers } from './stageParts.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const PASSWORD = 'a password of the soak'
/** That of `fillPages`. */
const SECRET = 'a secret of the bench that is long enough'
/** Enough for a corpus model, and so many that those that come do not double them: the model stays as it is. */
const PAPERS = 3000
/** One reader of so many has a topic that no paper has, and one of so many gets no mail. */
const NOTHING_FOUND = 40
const SUPPRESSED = 50
const MINUTE = 60_000

export type Backend = 'servers' | 'embedded'

/** An installation of its own with readers whose hours come one after the other. */
export interface SoakStage {
  home: string
  password: string
  processes: { name: string; child: ChildProcess }[]
  /** Readers with a digest in the run. */
  readers: number
  sink: Awaited<ReturnType<typeof openSink>>
  /** Lines of the log that are warnings or worse. */
  log: { level: number; msg: string; [field: string]: unknown }[]
  query(statement: string): Promise<{ [column: string]: unknown }[]>
  /** Runs a command beside the service; gives its exit code. */
  command(...args: string[]): Promise<number | null>
  close(): Promise<void>
}

/** Starts everything. The lists are fetched every minute, and `readers` get their digest within `minutes`. */
export async function openSoak(options: {
  folder: string
  backend: Backend
  lists: string[]
  readers: number
  minutes: number
}): Promise<SoakStage> {
  const { folder, backend, readers } = options
  const sink = await openSink(0)
  const [port, redisPort] = [await freePort(0), await freePort(0)]
  const data = join(folder, 'data')
  const name = `paperboy_soak_${process.pid}_${Date.now()}`
  const server = process.env.DATABASE_URL_TEST ?? ''
  const onServers = backend === 'servers'
  const url = onServers ? server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`) : embeddedAddress(data)
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    LOG_LEVEL: 'warn',
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    PUBLIC_URL: 'https://digest.example.org',
    MAIL_FROM: 'Paperboy <digest@example.org>',
    SECRET,
    ADMIN_PASSWORD: PASSWORD,
    DATA_DIR: data,
    PORT: `${port}`,
    ALLOW_PRIVATE_SOURCES: 'true',
    ...(onServers && { DATABASE_URL: url, REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
  }
  const log: SoakStage['log'] = []
  const launch = (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let rest = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      log.push(...lines.map(readLine))
    })
    return child
  }
  const processes: SoakStage['processes'] = []
  const ends: (() => Promise<unknown>)[] = [() => end(sink.child, 'SIGKILL')]
  const close = async () => {
    await Promise.all(processes.map(({ child }) => end(child, 'SIGTERM')))
    for (const one of ends.reverse()) await one()
  }
  const begin = async () => {
    if (!onServers) {
      const first = launch('start')
      ends.push(() => end(first, 'SIGKILL'))
      await untilAnswers(url)
      await fill(url, options)
      await end(first, 'SIGTERM')
      processes.push({ name: 'all', child: launch('start') })
      return
    }
    await queryAt(server, `CREATE DATABASE ${name}`)
    ends.push(() => queryAt(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    const redis = await startRedisAt(redisPort, folder)
    ends.push(() => end(redis, 'SIGKILL'))
    await fill(url, options)
    for (const role of ['web', 'worker'])
      processes.push({ name: role, child: launch('start', '--role', role) })
  }
  const home = `http://127.0.0.1:${port}`
  try {
    await begin()
    await untilReady(home)
    // What was said before everything ran is no part of the soak.
    log.length = 0
  } catch (error) {
    await close()
    throw error
  }

  return {
    ...{ home, password: PASSWORD, processes, readers, sink, log },
    query: (statement) => queryAt(url, statement),
    async command(...args) {
      const child = launch(...args)
      return new Promise((done) => child.on('close', done))
    },
    close,
  }
}

function readLine(line: string): SoakStage['log'][number] {
  try {
    return JSON.parse(line)
  } catch {
    // A line that is no log entry is what a process says when it cannot go on.
    return { level: 60, msg: line }
  }
}

async function fill(url: string, options: { lists: string[]; readers: number; minutes: number }) {
  await fillPages(url, PAPERS)
  const db = connect(url, { max: 2 })
  try {
    await sql`TRUNCATE subscribers RESTART IDENTITY CASCADE`.execute(db)
    const last = options.minutes * MINUTE * 0.85
    await sql`
      INSERT INTO subscribers (email, email_key, status, consent_source, confirmed_at, next_digest_at)
      SELECT 'reader' || n || '@example.org', 'reader' || n || '@example.org', 'active', 'soak', now(),
        now() + n * ${last / options.readers / 1000}::float8 * interval '1 second'
      FROM generate_series(1, ${options.readers}::integer) AS n`.execute(db)
    await insertTopics(db, options.readers)
    await sql`UPDATE topics SET query = 'zyzzyva' WHERE subscriber_id % ${NOTHING_FOUND} = 1`.execute(db)
    const context = { ...toolsFor(db), now: () => new Date(), secret: SECRET }
    for (let number = SUPPRESSED; number <= options.readers; number += SUPPRESSED) {
      const reason = { actor: 'command line' as const, cause: 'operator' as const, reason: 'wrote: stop' }
      await suppress(context, `reader${number}@example.org`, reason)
    }
    for (const builtin of BUILTIN_SOURCES) await ensureSource(db, builtin)
    await sql`UPDATE sources SET enabled = false`.execute(db)
    for (const [at, address] of options.lists.entries())
      await ensureSource(db, { name: `list-${at}`, address, every_minutes: 1 })
    await sql`ANALYZE`.execute(db)
  } finally {
    await db.destroy()
  }
}

async function untilReady(home: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const isReady = await fetch(`${home}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isReady) return
    await delay(200)
  }
  throw new Error(`expected a service that is ready at ${home}`)
}
