import { createHash } from 'node:crypto'
import type { Tx } from '../../db/engine/connect.ts'
import type { ReplayRow } from '../../db/engine/schema.ts'
import { findReplay } from '../../db/fetching/replays.ts'
import type { LocalDate } from '../../domain.ts'
import type { Wanted } from '../../sources/dumps/dumpKind.ts'
import type { Dump } from '../../sources/dumps/parts.ts'
import type { IngestCounts } from '../ingestListing.ts'

export interface ReplayOptions extends Wanted {
  /** The listing's day if the data has none. It goes before a date in a file's name. */
  listedOn?: LocalDate
}

/** A dump that is recognised again under any name. */
export interface KnownDump extends Dump {
  /** Identifies the dump by its content. */
  identity: string
  /** Whether an interrupted replay can be resumed. A pipe or a dry run always starts at the beginning. */
  isResumed: boolean
}

/**
 * The progress of an interrupted run of this dump, read in the same way, or else a beginning. Undated data gets the
 * time of the dump's first replay, so that another replay finds the same observations.
 */
export async function findProgress(
  tx: Tx,
  dump: KnownDump,
  options: ReplayOptions,
  now: Date,
): Promise<ReplayRow> {
  const { format, columns, listedOn } = options
  const reading = JSON.stringify([dump.identity, format, columns, listedOn])
  const file_key = createHash('sha256').update(reading).digest('hex')
  const known = await findReplay(tx, file_key)
  if (known && known.finished_at === null && dump.isResumed) return known
  const counts = { entries: 0, new: 0, updated: 0, unchanged: 0, rejected: 0, rejects_bytes: 0 }
  const times = { observed_at: known?.observed_at ?? now, updated_at: now, finished_at: null }
  return { file_key, name: dump.name, part: 0, record: 0, ...counts, ...times }
}

/** The progress after a batch with these counts. */
export function advanced(row: ReplayRow, counts: IngestCounts, place: Partial<ReplayRow>): ReplayRow {
  return {
    ...row,
    ...place,
    entries: row.entries + counts.entries,
    new: row.new + counts.new,
    updated: row.updated + counts.updated,
    unchanged: row.unchanged + counts.unchanged,
  }
}
