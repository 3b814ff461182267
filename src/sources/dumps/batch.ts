import { createHash } from 'node:crypto'
import type { Entry, Listing, Reject } from '../../domain.ts'
import type { IgnoredFields } from '../reading/ignoredFields.ts'

/** The part of a dump that is read and stored at once: some records, or one page. */
export type Batch = RecordsBatch | PageBatch

export interface RecordsBatch {
  kind: 'records'
  format: string
  entries: Entry[]
  rejects: Reject[]
  /** Fields of its records that are not read. */
  ignored: IgnoredFields
  /** Identifies the raw records: 32 bytes of SHA-256. */
  digest: Buffer
  /** How many records of the part have been read, including skipped ones and this batch. */
  done: number
}

export interface PageBatch {
  kind: 'page'
  listing: Listing
  /** The page's bytes, as a parser can read them again. */
  body: Buffer
  contentType?: string
  /** The address it was fetched from, and when; absent if unknown. */
  captured?: { address: string; at: Date }
  done: number
}

/** At most this many entries are stored together. */
const MOST_ENTRIES = 500

/** How raw records become entries. */
export interface Reading<Raw> {
  format: string
  /** What its raw records say. */
  bytesOf(raw: Raw): Buffer | string
  /** The entry or reject of a raw record; undefined if it is neither. Counts the ignored fields. */
  read(raw: Raw, ignored: IgnoredFields): Entry | Reject | undefined
}

/**
 * Reads a stream of raw records into batches. The first `skip` records and those that are not read are skipped. If the
 * stream fails, the records read before are given out first.
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
