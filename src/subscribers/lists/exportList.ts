import { insertAudit } from '../../db/audit.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { listSubscribers } from '../../db/subscribers/subscribers.ts'
import { listTopicsOf } from '../../db/subscribers/topics.ts'
import type { Topic } from '../../domain.ts'
import { csvCell } from '../../text/csvCell.ts'
import { type DirectoryQuery, listDirectory, type SubscriberEntry } from '../directory.ts'
import type { Actor, Context } from '../membership.ts'
import { LIST_COLUMNS, type ListColumn } from './columns.ts'
import { writeTopicsCell } from './topicsCell.ts'

/** Read at once. */
const PAGE = 500

/**
 * Writes subscribers as CSV, the newest first: all, or those that a query finds. An import reads the same columns. Written
 * a page at a time, so that memory does not grow with the list. That it was done is in the audit.
 */
export async function* exportList(
  context: Context,
  query: Omit<DirectoryQuery, 'limit' | 'before'>,
  actor: Actor,
): AsyncGenerator<string> {
  const details = { status: query.status, suppressed: query.suppressed, bySearch: query.search !== undefined }
  await insertAudit(context.db, {
    at: context.now(),
    actor,
    action: 'exported a list of subscribers',
    details,
  })
  yield lineOf([...LIST_COLUMNS, 'created_at', 'last_digest_at'])
  let before: number | undefined
  for (;;) {
    const page = await listDirectory(context, { ...query, before, limit: PAGE })
    if (page.length === 0) return
    const ids = page.map(({ id }) => id)
    const rows = new Map((await listSubscribers(context.db, ids)).map((row) => [row.id, row]))
    const topics = await listTopicsOf(context.db, ids)
    yield page
      .map((entry) => {
        const row = rows.get(entry.id)
        // Whoever was deleted between the two queries is left out.
        return row === undefined ? '' : lineOf(cellsOf(entry, row, topics.get(entry.id) ?? []))
      })
      .join('')
    before = ids.at(-1)!
  }
}

function lineOf(cells: string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function cellsOf(entry: SubscriberEntry, row: SubscriberRow, topics: Topic[]): string[] {
  const cells: Record<ListColumn, string> = {
    email: row.email,
    status: row.status,
    suppressed: entry.suppression?.cause ?? '',
    // A second import does not say so twice.
    consent_source: row.status === 'pending' ? '' : row.consent_source.replace(/^import: /, ''),
    consent_at: row.confirmed_at?.toISOString() ?? '',
    time_zone: row.time_zone,
    send_at: row.send_at,
    weekdays: row.weekdays.join(' '),
    max_papers: String(row.max_papers),
    trend_weight: String(row.trend_weight),
    explore: row.explore ? 'yes' : 'no',
    counts_opens: row.counts_opens ? 'yes' : 'no',
    topics: writeTopicsCell(topics),
  }
  return [
    ...LIST_COLUMNS.map((column) => cells[column]),
    row.created_at.toISOString(),
    entry.lastSentAt?.toISOString() ?? '',
  ]
}
