import { createHash } from 'node:crypto'
import type { Entry, Listing, Reject } from '../../domain.ts'
import type { IgnoredFields } from '../reading/ignoredFields.ts'

/** What is read of a dump at a time and stored together: some records, or a page. */
export type Batch = RecordsBatch | PageBatch

export interface RecordsBatch {
  kind: 'records'
  format: string
  entries: Entry[]
  rejects: Reject[]
  /** Fields of its records that nobody reads. */
  ignored: IgnoredFields
  /** Says which raw records these are, 32 bytes of SHA-256. */
  digest: Buffer
  /** How many records of the part are read, those passed over and this batch included. */
  done: number
}

export interface PageBatch {
  kind: 'page'
  listing: Listing
  /** The page's bytes, as a parser can read them again. */
  body: Buffer
  contentType?: string
  /** Where on the web it was taken from, and when; a page of which that is unknown has neither. */
  captured?: { address: string; at: Date }
  done: number
}

/** At most so many entries are stored together. */
const MOST_ENTRIES = 500

/** How raw records become entries. */
export interface Reading<Raw> {
  format: string
  /** What its raw records say. */
  bytesOf(raw: Raw): Buffer | string
  /** The entry or reject of a raw record; nothing for one that is none. Counts what it ignores. */
  read(raw: Raw, ignored: IgnoredFields): Entry | Reject | undefined
}

/**
 * Reads raw records, as they come out of a stream, into batches; the first `skip` are passed over, and so are those of
 * which nothing is read. Where the stream fails, what was read before it is given out first.
 */
export async function* batchesOf<Raw>(
  stream: AsyncIterable<Raw[]>,
  skip: number,
  { format, bytesOf, read }: Reading<Raw>,
): AsyncGenerator<RecordsBatch> {
  let batch = emptyBatch(format)
  let hash = createHash('sha256')
  let done = 0
  try {
    for await (const records of stream) {
      for (const record of records) {
        done += 1
        if (done <= skip) continue
        hash.update(bytesOf(record))
        add(batch, read(record, batch.ignored))
        if (batch.entries.length + batch.rejects.length < MOST_ENTRIES) continue
        yield { ...batch, digest: hash.digest(), done }
        batch = emptyBatch(format)
        hash = createHash('sha256')
      }
    }
  } catch (error) {
    if (!isEmpty(batch)) yield { ...batch, digest: hash.digest(), done }
    throw error
  }
  if (!isEmpty(batch)) yield { ...batch, digest: hash.digest(), done }
}

function emptyBatch(format: string): Omit<RecordsBatch, 'digest' | 'done'> {
  return { kind: 'records', format, entries: [], rejects: [], ignored: new Map() }
}

function isEmpty(batch: Pick<RecordsBatch, 'entries' | 'rejects'>): boolean {
  return batch.entries.length + batch.rejects.length === 0
}

function add(batch: Pick<RecordsBatch, 'entries' | 'rejects'>, result: Entry | Reject | undefined): void {
  if (result === undefined) return
  if ('reason' in result) batch.rejects.push(result)
  else batch.entries.push(result)
}
