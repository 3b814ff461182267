import type { Entry, Listing, LocalDate } from '../domain.ts'
import type { Seen } from '../papers/merging/merge.ts'

/** Where a listing's entries come from. */
export interface Arrival {
  sourceId: number
  pageId: number | null
  /** When the page was fetched or first replayed. */
  observedAt: Date
  /** True for a page captured from the web. Its values are as of `observedAt`, whatever day it lists. */
  live: boolean
  /** The listing's day from an option or a file name, used if the data has none. */
  listedOnHint: LocalDate | null
}

/**
 * When an entry's values were true. For a page: when it was fetched. For a dump: when its data says it was taken, else the
 * day on which the entry was listed, but never after the replay. Null if unknown.
 */
export function observationTime(entry: Entry, listing: Listing, arrival: Arrival): Date | null {
  if (arrival.live) return arrival.observedAt
  const day = dayOf(entry, listing, arrival)
  const told = listing.observedAt ?? (day === null ? null : new Date(`${day}T00:00:00Z`))
  // A date in the future would win over every observation until then.
  return told !== null && told > arrival.observedAt ? arrival.observedAt : told
}

/** The day on which an entry was listed. Null if unknown; it then counts as listed when it was observed. */
export function dayOf(entry: Entry, listing: Listing, arrival: Arrival): LocalDate | null {
  const told = entry.listedOn ?? listing.listedOn ?? arrival.listedOnHint
  return told ?? (arrival.live ? null : publicationDay(entry))
}

/** A day long past, for a paper whose date could not be read. It may be old, so it must not count as new. */
const LONG_PAST: LocalDate = '1970-01-01'

/**
 * If a dump does not say when it listed a paper, the paper's date of publication counts, not the day of the replay: a
 * million old papers must not count as new. Null if the paper has no date.
 */
function publicationDay({ publishedAt, year, unreadDate, arxivId }: Entry): LocalDate | null {
  if (publishedAt !== undefined) return publishedAt.toISOString().slice(0, 10)
  if (year !== undefined) return `${year}-01-01`
  return unreadDate === undefined ? null : (monthOfId(arxivId) ?? LONG_PAST)
}

/** The first day of the month in an arXiv id of the present scheme: 2019-03-01 for `1903.01234`. */
function monthOfId(arxivId: string | undefined): LocalDate | undefined {
  const [, year, month] = /^(\d{2})(\d{2})\./.exec(arxivId ?? '') ?? []
  return year === undefined ? undefined : `20${year}-${month}-01`
}

/** The format of a listing's entries, and when each was observed. */
export function seenIn(listing: Listing, arrival: Arrival): (entry: Entry) => Seen {
  return (entry) => ({ format: listing.format, at: observationTime(entry, listing, arrival) })
}
