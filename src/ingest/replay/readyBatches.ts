import { setImmediate } from 'node:timers/promises'
import type { Entry } from '../../domain.ts'
import { type KeyedEntry, keyedEntry } from '../../papers/keys/entryKeys.ts'
import type { Batch, PageBatch, RecordsBatch } from '../../sources/dumps/batch.ts'

/** A batch with everything that can be prepared without the database. */
export interface ReadyRecords extends RecordsBatch {
  /** The entries with their keys, in the same order. Undefined if the keys were not expected to be needed. */
  keyed: KeyedEntry[] | undefined
}

export type ReadyBatch = PageBatch | ReadyRecords

/** This many entries take a millisecond or two. Between two slices the process handles the database's answers. */
const SLICE = 50

/** While one batch is written, the next is planned, and this many after it are read. */
const AHEAD = 2

/**
 * Prepares batches before they are stored. `areNew`: whether the batches so far were mostly new, so that keys will be
 * needed.
 */
export async function* readyBatches(
  batches: AsyncGenerator<Batch>,
  areNew: () => boolean,
): AsyncGenerator<ReadyBatch> {
  yield* ahead(madeReady(batches, areNew))
}

async function* madeReady(batches: AsyncGenerator<Batch>, areNew: () => boolean): AsyncGenerator<ReadyBatch> {
  for await (const batch of batches) {
    if (batch.kind === 'page') {
      yield batch
      continue
    }
    const keyed = areNew() ? await keyedOf(batch.entries) : undefined
    yield { ...batch, keyed }
  }
}

/** Makes the keys of entries, slice by slice. */
export async function keyedOf(entries: Entry[]): Promise<KeyedEntry[]> {
  const keyed: KeyedEntry[] = []
  for (const entry of entries) {
    if (keyed.length % SLICE === 0) await setImmediate()
    keyed.push(keyedEntry(entry))
  }
  return keyed
}

/** A promise whose failure is reported only when it is awaited. */
export function unhurried<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Reads items ahead, so that reading and storing run at the same time. */
async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const asked: Promise<IteratorResult<T>>[] = []
  const ask = () => asked.push(unhurried(items.next()))
  try {
    while (asked.length < AHEAD) ask()
    for (;;) {
      const { done, value } = await asked.shift()!
      if (done) return
      ask()
      yield value
    }
  } finally {
    await items.return(undefined)
  }
}
