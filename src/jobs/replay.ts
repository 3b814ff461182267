import { isLocalDate } from '../calendar.ts'
import { ensureDumpSource } from '../db/sources.ts'
import type { LocalDate, Reject } from '../domain.ts'
import { decodePage } from '../sources/decode.ts'
import { parsePage } from '../sources/formats.ts'
import type { IngestCounts } from './ingest.ts'
import type { Tools } from './step.ts'
import { storeListing } from './storeListing.ts'

export interface ReplayOptions {
  /** A format's name, or `auto`. */
  format: string
  /** The listing's day where the data has none of its own; goes before a date in the file's name. */
  listedOn?: LocalDate
  /** Tells what would change and changes nothing. */
  dryRun?: boolean
}

export interface ReplayResult extends IngestCounts {
  rejects: Reject[]
}

/**
 * Replays one dump through the same door as fetched pages, in one transaction.
 * @param name the file's name, for messages and for a date in it.
 * @throws PermanentError in one line when the bytes are no listing that can be read; then nothing is stored.
 */
export async function replayDump(
  name: string,
  body: Buffer,
  options: ReplayOptions,
  tools: Pick<Tools, 'db' | 'now'>,
): Promise<ReplayResult> {
  const listing = parsePage(decodePage(body), options.format)
  const now = tools.now()
  const counts = await inTransaction(tools, options.dryRun ?? false, async (tx) => {
    const source = await ensureDumpSource(tx, listing.format)
    const listedOnHint = options.listedOn ?? dateInName(name) ?? null
    const page = { sourceId: source.id, address: name, body, observedAt: now, listedOnHint }
    return storeListing(tx, page, listing, now)
  })
  return { ...counts, rejects: listing.rejects }
}

/** A date written in a file's name, `2026-04-01`. */
export function dateInName(name: string): LocalDate | undefined {
  const date = name.match(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/)?.[0]
  return date !== undefined && isLocalDate(date) ? date : undefined
}

type Work<T> = (tx: Parameters<typeof storeListing>[0]) => Promise<T>

/** A dry run does all the work and takes it back: what it tells is what would have happened. */
async function inTransaction<T>(tools: Pick<Tools, 'db'>, takeBack: boolean, work: Work<T>): Promise<T> {
  const transaction = await tools.db.startTransaction().execute()
  try {
    const result = await work(transaction)
    await (takeBack ? transaction.rollback() : transaction.commit()).execute()
    return result
  } catch (error) {
    if (!transaction.isCommitted && !transaction.isRolledBack) await transaction.rollback().execute()
    throw error
  }
}
