import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** What the sink counted since it was asked before. */
export interface Counts {
  accepted: number
  bytes: number
  signed: number
  /** When the first and the last mail came, in milliseconds since 1970. */
  first: number
  last: number
  recipients: number
  messageIds: number
}

/** A mail server of its own process. */
export interface Sink {
  port: number
  counts(): Promise<Counts>
  stop(): Promise<void>
}

/** Starts the sink; it keeps its last message in `folder`. */
export async function startSink(folder: string): Promise<Sink> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./mailSink.mjs', import.meta.url)), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value as string)
  const { port } = await next()
  return {
    port,
    async counts() {
      child.stdin!.write('counts\n')
      return next()
    },
    stop: () => end(child, 'SIGKILL'),
  }
}

/** Starts `paperboy start`, as an operator does. `profiles`: a folder for a profile of its processor time. */
export function startPaperboy(
  args: string[],
  env: Record<string, string>,
  profiles?: string | undefined,
): ChildProcess {
  const { PATH = '' } = process.env
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  return spawn(process.execPath, [...profiling, MAIN, 'start', ...args], {
    env: { PATH, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Ends a process and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill(signal)
  await gone
}

/** The most memory that a process ever had, in megabytes, and its processor time, in seconds. */
export async function costOf(child: ChildProcess): Promise<{ megabytes: number; processorSeconds: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return {
    megabytes: Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024,
    processorSeconds: (user + system) / 100,
  }
}
