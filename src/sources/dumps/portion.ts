import { createHash } from 'node:crypto'
import type { Entry, Listing, Reject } from '../../domain.ts'

/** What is read of a dump at a time and stored together: some records, or a page. */
export type Portion = RecordsPortion | PagePortion

export interface RecordsPortion {
  kind: 'records'
  format: string
  entries: Entry[]
  rejects: Reject[]
  /** Says which raw records these are, 32 bytes of SHA-256. */
  digest: Buffer
  /** How many records of the part are read, those passed over and this portion included. */
  done: number
}

export interface PagePortion {
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
  /** The entry or reject of a raw record; nothing for one that is none. */
  read(raw: Raw): Entry | Reject | undefined
}

/**
 * Reads raw records, as they come out of a stream, into portions; the first `skip` are passed over, and so are those of
 * which nothing is read. Where the stream fails, what was read before it is given out first.
 */
export async function* portionsOf<Raw>(
  stream: AsyncIterable<Raw[]>,
  skip: number,
  { format, bytesOf, read }: Reading<Raw>,
): AsyncGenerator<RecordsPortion> {
  let portion = emptyPortion(format)
  let hash = createHash('sha256')
  let done = 0
  try {
    for await (const records of stream) {
      for (const record of records) {
        done += 1
        if (done <= skip) continue
        hash.update(bytesOf(record))
        add(portion, read(record))
        if (portion.entries.length + portion.rejects.length < MOST_ENTRIES) continue
        yield { ...portion, digest: hash.digest(), done }
        portion = emptyPortion(format)
        hash = createHash('sha256')
      }
    }
  } catch (error) {
    if (!isEmpty(portion)) yield { ...portion, digest: hash.digest(), done }
    throw error
  }
  if (!isEmpty(portion)) yield { ...portion, digest: hash.digest(), done }
}

function emptyPortion(format: string): Omit<RecordsPortion, 'digest' | 'done'> {
  return { kind: 'records', format, entries: [], rejects: [] }
}

function isEmpty(portion: Pick<RecordsPortion, 'entries' | 'rejects'>): boolean {
  return portion.entries.length + portion.rejects.length === 0
}

function add(portion: Pick<RecordsPortion, 'entries' | 'rejects'>, result: Entry | Reject | undefined): void {
  if (result === undefined) return
  if ('reason' in result) portion.rejects.push(result)
  else portion.entries.push(result)
}
