import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const SINK = fileURLToPath(new URL('./faultSink.mjs', import.meta.url))

/** The mail server that misbehaves as told, in a process of its own. */
export async function openSink(port: number) {
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

/** Ends a process that leads a group, and the group. */
export async function endGroup(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  process.kill(-child.pid!, signal)
  await gone
}

/** Runs one statement on a connection of its own. */
export async function queryAt(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** Waits until a service has made its tables. */
export async function untilAnswers(url: string): Promise<void> {
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

/** Starts a Redis of its own that keeps nothing, and waits until it listens. */
export async function startRedisAt(port: number, folder: string): Promise<ChildProcess> {
  const options = ['--port', `${port}`, '--save', '', '--appendonly', 'no', '--dir', folder]
  const redis = spawn('redis-server', options, { stdio: 'ignore' })
  await untilOpen(port)
  return redis
}

async function untilOpen(port: number): Promise<void> {
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
