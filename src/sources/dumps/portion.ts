import type { Entry, Listing, Reject } from '../../domain.ts'

/** What is read of a dump at a time and stored together: some records, or a page. */
export type Portion = RecordsPortion | PagePortion

export interface RecordsPortion {
  kind: 'records'
  format: string
  entries: Entry[]
  rejects: Reject[]
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

/**
 * Reads raw records, as they come out of a stream, into portions; the first `skip` are passed over, and so are those of
 * which `read` makes nothing. Where the stream fails, what was read before it is given out first.
 */
export async function* portionsOf<Raw>(
  stream: AsyncIterable<Raw[]>,
  format: string,
  skip: number,
  read: (raw: Raw) => Entry | Reject | undefined,
): AsyncGenerator<RecordsPortion> {
  let portion = emptyPortion(format)
  let done = 0
  try {
    for await (const records of stream) {
      for (const record of records) {
        done += 1
        if (done <= skip) continue
        add(portion, read(record))
        if (portion.entries.length + portion.rejects.length < MOST_ENTRIES) continue
        yield { ...portion, done }
        portion = emptyPortion(format)
      }
    }
  } catch (error) {
    if (!isEmpty(portion)) yield { ...portion, done }
    throw error
  }
  if (!isEmpty(portion)) yield { ...portion, done }
}

function emptyPortion(format: string): RecordsPortion {
  return { kind: 'records', format, entries: [], rejects: [], done: 0 }
}

function isEmpty(portion: RecordsPortion): boolean {
  return portion.entries.length + portion.rejects.length === 0
}

function add(portion: RecordsPortion, result: Entry | Reject | undefined): void {
  if (result === undefined) return
  if ('reason' in result) portion.rejects.push(result)
  else portion.entries.push(result)
}
