import { ensureDumpSource } from '../../src/db/fetching/sources.ts'
import type { Entry, Listing } from '../../src/domain.ts'
import { type IngestCounts, ingestListing } from '../../src/ingest/ingestListing.ts'
import type { Tools } from '../../src/tools.ts'

/** Stores entries as the listing of a day, as if its page was fetched now. */
export async function store(
  tools: Tools,
  listedOn: string,
  entries: Entry[],
  options: { format?: string; live?: boolean; observedAt?: Date } = {},
): Promise<IngestCounts> {
  const source = await ensureDumpSource(tools.db, options.format ?? 'hf-page')
  const listing: Listing = { format: options.format ?? 'hf-page', listedOn, entries, rejects: [] }
  const arrival = {
    sourceId: source.id,
    pageId: null,
    observedAt: options.observedAt ?? tools.now(),
    live: options.live ?? true,
    listedOnHint: null,
  }
  return tools.db.transaction().execute((tx) => ingestListing(tx, listing, arrival, tools.now()))
}

/** Made-up papers on a subject, similar in form and different in words. */
export function papersOn(subject: string, count: number, from = 1): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(from + index).padStart(5, '0')
    return {
      title: `Study ${number} of ${subject}`,
      abstract: `We look at ${subject} in setting ${number} and report what we found.`,
      authors: [`Author ${number}`],
      arxivId: `2611.${number}`,
      upvotes: from + index,
    }
  })
}
