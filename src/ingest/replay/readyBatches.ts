import { setImmediate } from 'node:timers/promises'
import type { Entry } from '../../domain.ts'
import { type KeyedEntry, keyedEntry } from '../../papers/keys/entryKeys.ts'
import type { Batch, PageBatch, RecordsBatch } from '../../sources/dumps/batch.ts'

/** Records with all that can be made of them before the database is asked. */
export interface ReadyRecords extends RecordsBatch {
  /** The entries with their keys, in the same order; undefined where it was not expected that they are needed. */
  keyed: KeyedEntry[] | undefined
}

export type ReadyBatch = PageBatch | ReadyRecords

/** So many entries take a millisecond or two: answers of the database are heard in between. */
const SLICE = 50

/** One is looked up while the one before it is written; another is read meanwhile. */
const AHEAD = 2

/**
 * Makes batches ready ahead of when they are stored. `areNew`: whether batches turn out to be new, so that their keys
 * will be needed.
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

/** Entries with their keys, made slice by slice. */
export async function keyedOf(entries: Entry[]): Promise<KeyedEntry[]> {
  const keyed: KeyedEntry[] = []
  for (const entry of entries) {
    if (keyed.length % SLICE === 0) await setImmediate()
    keyed.push(keyedEntry(entry))
  }
  return keyed
}

/** A promise whose failure is told only when its turn comes. */
export function unhurried<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Asks for items before they are wanted, so that reading and storing go on side by side. */
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
