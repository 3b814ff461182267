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

export function dayOf(entry: Entry, listing: Listing, arrival: Arrival): LocalDate | null {
  return entry.listedOn ?? listing.listedOn ?? arrival.listedOnHint
}

/** The format of a listing's entries, and when each was observed. */
export function seenIn(listing: Listing, arrival: Arrival): (entry: Entry) => Seen {
  return (entry) => ({ format: listing.format, at: observationTime(entry, listing, arrival) })
}
