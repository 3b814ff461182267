import { setImmediate } from 'node:timers/promises'
import type { Entry, LocalDate } from '../../domain.ts'
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
 * Makes batches ready ahead of when they are stored. `hint`: the day that they are listed on, where it is told from
 * outside. `areNew`: whether batches turn out to be new, so that their keys will be needed.
 */
export async function* readyBatches(
  batches: AsyncGenerator<Batch>,
  hint: LocalDate | null,
  areNew: () => boolean,
): AsyncGenerator<ReadyBatch> {
  yield* ahead(madeReady(batches, hint, areNew))
}

async function* madeReady(
  batches: AsyncGenerator<Batch>,
  hint: LocalDate | null,
  areNew: () => boolean,
): AsyncGenerator<ReadyBatch> {
  for await (const batch of batches) {
    if (batch.kind === 'page') {
      yield batch
      continue
    }
    const entries = hint === null ? batch.entries.map(dated) : batch.entries
    const keyed = areNew() ? await keyedOf(entries) : undefined
    yield { ...batch, entries, keyed }
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

/**
 * A corpus model of records is no listing. Where it does not say when a paper was listed, that was when it came out, and
 * not on the day of the replay: a million old papers are no news.
 */
function dated(entry: Entry): Entry {
  if (entry.listedOn !== undefined || entry.publishedAt === undefined) return entry
  return { ...entry, listedOn: entry.publishedAt.toISOString().slice(0, 10) }
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
