import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PermanentError } from '../../../errors.ts'
import { DamagedError } from '../containers/damage.ts'
import type { FaultCode, ParquetAnswer, ParquetOrder } from './parquetProcess.ts'
import type { RandomAccess, Table } from './tableFile.ts'

/** The program beside this file: compiled if this file is, else TypeScript. */
const PROGRAM = fileURLToPath(new URL(`./parquetProcess${extname(import.meta.url)}`, import.meta.url))

const MEGABYTE = 1024 * 1024
/**
 * Megabytes that a group of rows may take: a run of a few bytes can stand for two billion values. A small file needs
 * less, and what is not as it says is found sooner. Texts take a few times their packed size.
 */
const LEAST_MEMORY = 96
const MOST_MEMORY = 768
const TIMES_ITS_SIZE = 100

/**
 * A Parquet file (https://parquet.apache.org/docs/file-format/) as a table, whose rows are read group after group. A
 * process with a limit of memory reads them: what would take more ends that process and not this one. Its rows throw
 * PermanentError if the file is damaged, too large in memory, or packed in a way that nothing here reads.
 */
export function parquetTable(file: RandomAccess): Table {
  return { name: 'rows', columns: [], rows: () => rowsOf(file) }
}

async function* rowsOf(file: RandomAccess): AsyncGenerator<Record<string, unknown>[]> {
  const reader = startReader(file)
  try {
    let answer = await reader.ask({ open: file.size })
    while ('rows' in answer) {
      yield answer.rows
      answer = await reader.ask('next')
    }
  } finally {
    await reader.end()
  }
}

interface Reader {
  ask(order: ParquetOrder): Promise<ParquetAnswer>
  end(): Promise<void>
}

function startReader(file: RandomAccess): Reader {
  const child = fork(PROGRAM, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [...process.execArgv, `--max-old-space-size=${memoryFor(file.size)}`],
  })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const ended = once(child, 'exit')
  return {
    ask: (order) => answerOf(child, file, order),
    async end() {
      process.off('exit', stop)
      stop()
      await ended
    },
  }
}

/** The megabytes of memory in which a file of this many bytes is read. */
function memoryFor(bytes: number): number {
  return Math.min(MOST_MEMORY, Math.ceil(LEAST_MEMORY + (TIMES_ITS_SIZE * bytes) / MEGABYTE))
}

/** Gives the child the bytes that it asks for, until it answers. */
function answerOf(child: ChildProcess, file: RandomAccess, order: ParquetOrder): Promise<ParquetAnswer> {
  return new Promise((resolve, reject) => {
    const release = () => {
      child.off('message', hear)
      child.off('exit', die)
    }
    const fail = (error: unknown) => {
      release()
      reject(error)
    }
    const hear = (answer: ParquetAnswer) => {
      if ('read' in answer) serve(child, file, answer.read).catch(fail)
      else if ('fault' in answer) fail(faultOf(answer, file.size))
      else {
        release()
        resolve(answer)
      }
    }
    const die = () => fail(outOfMemory(file.size))
    child.on('message', hear)
    child.on('exit', die)
    child.send(order)
  })
}

async function serve(
  child: ChildProcess,
  file: RandomAccess,
  [id, offset, length]: [number, number, number],
): Promise<void> {
  child.send({ id, bytes: await file.read(offset, length) } satisfies ParquetOrder)
}

function faultOf({ fault, code }: { fault: string; code: string | undefined }, size: number): PermanentError {
  if (code === ('TOO_LARGE' satisfies FaultCode)) return outOfMemory(size)
  if (code === ('ERR_MODULE_NOT_FOUND' satisfies FaultCode)) {
    return new PermanentError(
      'expected an installation with optional packages, got a Parquet file, which the packages hyparquet and hyparquet-compressors read; run npm install hyparquet hyparquet-compressors, or save the file as JSON lines',
    )
  }
  if (/footer|too short|metadata length/.test(fault)) {
    return new PermanentError(
      'expected a whole Parquet file, got one that breaks off (its end is missing); copy it again',
    )
  }
  return new DamagedError(
    `expected a whole Parquet file, got one that cannot be read (${fault}); copy it again, or save it as JSON lines`,
  )
}

function outOfMemory(size: number): PermanentError {
  return new PermanentError(
    `expected a Parquet file whose groups of rows take at most ${memoryFor(size)} MB, got one that takes more; write it with smaller groups (row_group_size=50000), or save it as JSON lines`,
  )
}
