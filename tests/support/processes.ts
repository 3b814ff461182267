import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of tests/support that runs in a separate process. */
export interface Program {
  pid: number
  /** The next JSON line that it prints. Throws with its stderr if it ends before. */
  next(): Promise<Record<string, unknown>>
  /** Kills it (SIGKILL) and waits until it is gone. `next` still returns the lines it printed before. */
  kill(): Promise<void>
}

/** Starts tests/support/NAME with arguments. The caller must kill it. */
export function startProgram(name: string, ...args: string[]): Program {
  const path = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  let complaint = ''
  child.stderr!.on('data', (chunk) => {
    complaint += chunk
  })
  return {
    pid: child.pid!,
    async next() {
      const line = await lines.next()
      if (line.done) throw new Error(`${name}: expected a line, got the end of the program: ${complaint}`)
      return JSON.parse(line.value)
    },
    kill: () => kill(child),
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}
