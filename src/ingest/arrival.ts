import type { Entry, Listing, LocalDate } from '../domain.ts'
import type { Seen } from '../papers/merging/merge.ts'

/** Where a listing's entries come from. */
export interface Arrival {
  sourceId: number
  pageId: number | null
  /** When the page was fetched or first replayed. */
  observedAt: Date
  /** True for a page fetched now: its values are as of `observedAt`, whatever day it lists. */
  live: boolean
  /** The listing's day as given from outside, where the data has none. */
  listedOnHint: LocalDate | null
}

/**
 * When an entry's values were true: when the page was fetched; of a dump, when its data says it was taken, else not
 * before the day it lists; null where nothing tells.
 */
export function observationTime(entry: Entry, listing: Listing, arrival: Arrival): Date | null {
  if (arrival.live) return arrival.observedAt
  const day = dayOf(entry, listing, arrival)
  const told = listing.observedAt ?? (day === null ? null : new Date(`${day}T00:00:00Z`))
  // Data that claims to be of a time to come would win over everything that is observed until then.
  return told !== null && told > arrival.observedAt ? arrival.observedAt : told
}

/** The day on which an entry was listed; null where nothing tells, and it counts as listed when it was observed. */
export function dayOf(entry: Entry, listing: Listing, arrival: Arrival): LocalDate | null {
  const told = entry.listedOn ?? listing.listedOn ?? arrival.listedOnHint
  return told ?? (arrival.live ? null : publicationDay(entry))
}

/** A day long past, for a paper with a date that nobody could read: it may be old, so it is no news. */
const LONG_PAST: LocalDate = '1970-01-01'

/**
 * A dump that does not say when it listed a paper listed it when it came out, and not on the day of the replay: a
 * million old papers are no news. Null where the paper has no date at all.
 */
function publicationDay({ publishedAt, year, unreadDate, arxivId }: Entry): LocalDate | null {
  if (publishedAt !== undefined) return publishedAt.toISOString().slice(0, 10)
  if (year !== undefined) return `${year}-01-01`
  return unreadDate === undefined ? null : (monthOfId(arxivId) ?? LONG_PAST)
}

/** The first day of the month in which arXiv gave out an id of its present scheme: 2019-03-01 of `1903.01234`. */
function monthOfId(arxivId: string | undefined): LocalDate | undefined {
  const [, year, month] = /^(\d{2})(\d{2})\./.exec(arxivId ?? '') ?? []
  return year === undefined ? undefined : `20${year}-${month}-01`
}

/** The format of a listing's entries, and when each was observed. */
export function seenIn(listing: Listing, arrival: Arrival): (entry: Entry) => Seen {
  return (entry) => ({ format: listing.format, at: observationTime(entry, listing, arrival) })
}
