import type { Db, Tx } from '../db/engine/connect.ts'
import { markOutcome } from '../db/fetching/fetches.ts'
import { recordFetch } from '../db/fetching/pastFetches.ts'
import { markSourceOutcome } from '../db/fetching/sources.ts'
import type { FetchOutcome, LocalDate } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import { isTurnedAway } from '../sources/fetching/answerError.ts'
import { mayListNothing } from '../sources/formats/formats.ts'

/** The outcome of a fetch, with details for people. */
export interface Verdict {
  outcome: FetchOutcome
  detail: string | null
}

/** A page came, but it cannot be read as a list of papers. It is kept for a better parser. */
export class LayoutChangedError extends PermanentError {}

/** The part of a listing that decides about the outcome. */
export interface PageContents {
  address: string
  format: string | null
  entries: number
  rejected: number
  /** The day of the list by its own data. */
  listedOn?: LocalDate
}

/**
 * Whether an empty list is normal for this format. Anything unreadable would be a reject. arXiv's query interface sometimes
 * gives an empty list by mistake.
 */
export function mayBeEmpty(listing: { format: string | null; rejects?: unknown[] }): boolean {
  const { format, rejects = [] } = listing
  return rejects.length === 0 && format !== null && mayListNothing(format)
}

/**
 * The outcome for a page that could be read. `entriesBefore`: how many papers the same address had at the last fetch.
 */
export function judgePage(page: PageContents, entriesBefore: number): Verdict {
  if (page.entries === 0) return judgeEmpty(page, entriesBefore)
  const asked = page.address.match(/\d{4}-\d\d-\d\d/)?.[0]
  if (asked !== undefined && page.listedOn !== undefined && asked !== page.listedOn) {
    return {
      outcome: 'moved to another day',
      detail: `asked for ${asked}, got the list of ${page.listedOn}`,
    }
  }
  const detail = page.rejected === 0 ? null : `${page.rejected} entries could not be read`
  return { outcome: 'stored', detail }
}

function judgeEmpty({ address, format, rejected }: PageContents, entriesBefore: number): Verdict {
  if (rejected > 0) {
    return { outcome: 'layout changed', detail: `${address}: none of ${rejected} entries could be read` }
  }
  if (entriesBefore === 0) return { outcome: 'empty', detail: null }
  const detail = `${address} had ${entriesBefore} papers and now none; what was stored stays`
  return { outcome: mayBeEmpty({ format }) ? 'empty' : 'layout changed', detail }
}

/** The outcome for a fetch that threw. */
export function verdictOf(error: unknown): Verdict {
  const detail = reasonOf(error)
  if (error instanceof LayoutChangedError) return { outcome: 'layout changed', detail }
  return { outcome: isTurnedAway(error) ? 'blocked' : 'failed', detail }
}

/** Adds the fetch's warning to the details, for people. */
export function withWarning({ outcome, detail }: Verdict, warning: string | null | undefined): Verdict {
  const parts = [detail, warning].filter((part) => part !== null && part !== undefined)
  return { outcome, detail: parts.length === 0 ? null : parts.join('; ') }
}

/** Writes the outcome of the fetch of one address to its row and its source's row, and counts it. */
export async function tellVerdict(
  db: Db | Tx,
  fetch: { sourceId: number; address: string; entries?: number; fetchedAt?: Date; pageId?: number },
  verdict: Verdict,
  now: Date,
): Promise<void> {
  const { sourceId, address, entries, fetchedAt } = fetch
  const counted = entries === undefined ? {} : { entries }
  await markOutcome(db, sourceId, address, { ...verdict, ...counted })
  await markSourceOutcome(db, sourceId, verdict.outcome, verdict.detail, now, fetchedAt)
  const page_id = fetch.pageId ?? null
  await recordFetch(db, {
    source_id: sourceId,
    address,
    at: now,
    entries: entries ?? null,
    page_id,
    ...verdict,
  })
}
