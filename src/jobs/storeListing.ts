import type { Tx } from '../db/connect.ts'
import { findPage, markPageIngested, type NewPage, storePage } from '../db/pages.ts'
import type { Listing } from '../domain.ts'
import { type IngestCounts, ingestListing } from './ingest.ts'

/**
 * Stores a dump and what it lists together, so that neither is there without the other. The same bytes again find the
 * page stored before and change nothing.
 */
export async function storeListing(
  tx: Tx,
  page: NewPage,
  listing: Listing,
  now: Date,
): Promise<IngestCounts> {
  const { id } = await storePage(tx, page)
  const stored = await findPage(tx, id)
  const counts = await ingestListing(
    tx,
    listing,
    {
      sourceId: page.sourceId,
      pageId: id,
      observedAt: stored!.observed_at,
      live: false,
      listedOnHint: page.listedOnHint,
    },
    now,
  )
  const rejected = listing.rejects.length
  await markPageIngested(tx, id, { format: listing.format, entries: counts.entries, rejected, at: now })
  return counts
}
