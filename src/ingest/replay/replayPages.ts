import type { PageRow } from '../../db/engine/schema.ts'
import { findPage, listPageIds, pageBody } from '../../db/fetching/pages.ts'
import { PermanentError, reasonOf } from '../../errors.ts'
import { parsePage } from '../../sources/formats/formats.ts'
import { decodePage } from '../../sources/reading/decode.ts'
import type { Tools } from '../../tools.ts'
import type { IngestCounts } from '../ingestListing.ts'
import { ingestStoredPage } from '../storeListing.ts'
import type { Transact } from '../transactions.ts'

/** The result of parsing a stored page with today's parsers. */
export interface PageChange {
  page: Pick<PageRow, 'id' | 'address' | 'format' | 'entries' | 'rejected'>
  /** The new counts. Undefined if the page cannot be read. */
  now: ({ format: string; rejected: number } & IngestCounts) | undefined
  /** Why it cannot be read. */
  reason?: string
}

export interface PagesTools extends Pick<Tools, 'now'> {
  transact: Transact
  signal?: AbortSignal
}

const AT_ONCE = 200

/**
 * Parses every stored raw page again, the oldest first, and stores its papers, each page in one transaction. Pages that
 * cannot be read stay as they were.
 */
export async function* replayPages(tools: PagesTools): AsyncGenerator<PageChange> {
  let after = 0
  for (;;) {
    const ids = await tools.transact((tx) => listPageIds(tx, after, AT_ONCE))
    for (const id of ids) {
      if (tools.signal?.aborted) return
      const page = await tools.transact((tx) => findPage(tx, id))
      if (page) yield await replayPage(page, tools)
      after = id
    }
    if (ids.length < AT_ONCE) return
  }
}

/** Parses one stored page again and stores its papers, in one transaction. */
export async function replayPage(page: PageRow, tools: PagesTools): Promise<PageChange> {
  try {
    const body = await pageBody(page)
    if (!body) throw new PermanentError('expected its stored bytes, found none; fetch it again')
    const listing = parsePage(decodePage(body, page.content_type ?? undefined), 'auto')
    const counts = await tools.transact((tx) => ingestStoredPage(tx, page, listing, tools.now()))
    return { page, now: { ...counts, format: listing.format, rejected: listing.rejects.length } }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    return { page, now: undefined, reason: reasonOf(error) }
  }
}
