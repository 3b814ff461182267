import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Growth of the last quarter over the second that counts as flat. */
export const MOST_GROWTH = 0.1

/** The memory of processes over time, in megabytes. */
export interface Memory {
  look(): Promise<void>
  report(): MemoryReport[]
}

export interface MemoryReport {
  process: string
  /** The mean of each quarter of the time. */
  quarters: number[]
  /** Of the last quarter over the second. */
  growth: number
  most: number
}

/** Watches the resident memory of processes. */
export function watchMemory(processes: { name: string; child: ChildProcess }[]): Memory {
  const samples = processes.map(() => [] as number[])
  return {
    async look() {
      for (const [at, { child }] of processes.entries()) samples[at]!.push(await residentOf(child))
    },
    report: () =>
      processes.map(({ name }, at) => {
        const taken = samples[at]!
        const quarters = [0, 1, 2, 3].map((quarter) =>
          mean(taken.slice((quarter * taken.length) / 4, ((quarter + 1) * taken.length) / 4)),
        )
        const growth = quarters[3]! / quarters[1]! - 1
        return { process: name, quarters, growth, most: Math.max(...taken) }
      }),
  }
}

async function residentOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
