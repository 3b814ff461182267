import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PermanentError } from '../../errors.ts'
import type { RankablePaper } from '../../ranking/index/paperIndex.ts'
import type { TrainingAnswer, TrainingOrder } from './trainingProcess.ts'

/** The program beside this file: compiled if this file is, else TypeScript. */
const PROGRAM = fileURLToPath(new URL(`./trainingProcess${extname(import.meta.url)}`, import.meta.url))

/**
 * Trains a corpus model in a process of its own, at low priority. Training computes for a minute; pages and other jobs
 * go on meanwhile, and its memory is freed at the end. Gives the packed model (modelBytes.ts) in parts of half a
 * megabyte. No process is left behind.
 * @throws PermanentError with the reason.
 */
export async function trainApart(batches: AsyncIterable<RankablePaper[]>): Promise<Buffer[]> {
  const child = fork(PROGRAM, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const answer = answerOf(child)
    // A failure is awaited below, after all papers are sent. Until then it must not count as unhandled.
    answer.catch(() => {})
    for await (const papers of batches) await tell(child, { papers })
    await tell(child, 'train')
    return await answer
  } finally {
    process.off('exit', stop)
    stop()
  }
}

/** Sends a message and waits until it is on its way, so that at most one is held in memory. */
function tell(child: ChildProcess, order: TrainingOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(order as object, (error) => (error ? reject(error) : resolve()))
  })
}

function answerOf(child: ChildProcess): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const fail = (came: string) =>
      reject(new PermanentError(`expected the trained corpus model, got ${came}; it is tried again later`))
    child.on('message', (answer: TrainingAnswer) => {
      if ('part' in answer) parts.push(Buffer.from(answer.part))
      else if ('failed' in answer) fail(answer.failed)
      else if (answer.parts !== parts.length) fail(`${parts.length} of its ${answer.parts} parts`)
      else resolve(parts)
    })
    child.on('error', (error) => fail(error.message))
    child.on('exit', (code, signal) => fail(`the end of the training process (${signal ?? `code ${code}`})`))
  })
}
