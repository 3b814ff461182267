import { type Remarks, saidOf } from '../../ingest/replay/remarks.ts'
import type { ReplayResult } from '../../ingest/replay/replayDump.ts'
import { plural } from '../../text/plural.ts'
import { print } from '../terminal/print.ts'

/** The counts of a replay. The counts up to `rejected` are keys of the JSON that programs rely on. */
export interface Totals {
  files: number
  entries: number
  new: number
  updated: number
  unchanged: number
  rejected: number
  failures: number
  unreadDates: Remarks['unreadDates']
}

export function emptyTotals(): Totals {
  return {
    files: 0,
    entries: 0,
    new: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    failures: 0,
    unreadDates: { count: 0 },
  }
}

export function addTo(
  totals: Totals,
  result: Pick<
    ReplayResult,
    'files' | 'entries' | 'new' | 'updated' | 'unchanged' | 'rejected' | 'failures' | 'remarks'
  >,
): void {
  totals.files += result.files
  totals.entries += result.entries
  totals.new += result.new
  totals.updated += result.updated
  totals.unchanged += result.unchanged
  totals.rejected += result.rejected
  totals.failures += result.failures.length
  const { count, example } = result.remarks.unreadDates
  totals.unreadDates.count += count
  totals.unreadDates.example ??= example
}

/** Prints one line on stdout: the counts in words, or as JSON. */
export function report(
  totals: Totals,
  seconds: number,
  options: { json?: boolean; isDryRun: boolean; what?: string },
): void {
  const { failures, unreadDates, ...counts } = totals
  if (options.json) {
    print(JSON.stringify({ ...counts, seconds: Math.round(seconds * 1000) / 1000 }))
    return
  }
  const would = options.isDryRun ? 'would be ' : ''
  const shown = (count: number) => count.toLocaleString('en')
  const ill = failures === 0 ? '' : `; ${failures} could not be read to the end`
  print(
    `${plural(counts.files, options.what ?? 'file')}, ${plural(counts.entries, 'entry', 'entries')}: ${shown(counts.new)} ${would}new, ` +
      `${shown(counts.updated)} ${would}updated, ${shown(counts.unchanged)} unchanged, ${shown(counts.rejected)} rejected${ill}${saidOf(unreadDates)} (${seconds.toFixed(1)} s)`,
  )
}
