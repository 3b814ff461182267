import type { Listing } from '../../domain.ts'
import { UsageError } from '../../errors.ts'
import type { PageFormat } from '../reading/pageFormat.ts'
import { arxivAtom } from './arxiv/atom.ts'
import { arxivListing } from './arxiv/listingPage.ts'
import { arxivMailing } from './arxiv/mailing.ts'
import { arxivOai, repositoryOai } from './arxiv/oai.ts'
import { arxivRdf } from './arxiv/rdf.ts'
import { arxivRss } from './arxiv/rss.ts'
import { pubmedSearch } from './catalogues/pubmedSearch.ts'
import { feed } from './feeds/feed.ts'
import { readerExport } from './feeds/readerExport.ts'
import { hfDailyApi } from './huggingface/dailyApi.ts'
import { hfDayArchive } from './huggingface/dayArchive.ts'
import { hfPage } from './huggingface/page.ts'
import { hfPaperApi } from './huggingface/paperApi.ts'
import { hfPaperPage } from './huggingface/paperPage.ts'
import { textFormats } from './libraries/textFormats.ts'
import { pageOf } from './libraries/textRecords.ts'
import { markdown } from './markdown/markdown.ts'
import { rowsById } from './markdown/rowsById.ts'
import { refusePage } from './refusal.ts'
import { jsonAnswer } from './table/jsonAnswer.ts'
import { textDigest } from './text/digest.ts'
import { textDump } from './text/dump.ts'
import { textPage } from './text/page.ts'

/** All formats, the easiest to recognise first. The first that claims a page reads it. */
export const pageFormats: readonly PageFormat[] = [
  hfPaperPage,
  hfPage,
  hfDailyApi,
  hfDayArchive,
  hfPaperApi,
  arxivAtom,
  arxivRss,
  arxivRdf,
  repositoryOai,
  arxivOai,
  arxivListing,
  arxivMailing,
  pubmedSearch,
  ...textFormats.map(pageOf),
  feed,
  readerExport,
  rowsById,
  textDigest,
  textPage,
  textDump,
  markdown,
]

const MAY_BE_EMPTY = new Set(
  [...pageFormats, jsonAnswer].flatMap(({ name, mayBeEmpty }) => (mayBeEmpty ? name : [])),
)

/** Whether an empty list is the valid answer of this format for a day without papers. */
export function mayListNothing(format: string): boolean {
  return MAY_BE_EMPTY.has(format)
}

/**
 * Reads a decoded page, answer or dump with the named format, or with the one that recognises it.
 * Throws UsageError for an unknown format; RefusedError for a bot check; PermanentError, in one line, for any other page
 * that is not as it should be.
 */
export function parsePage(page: string, format: string | 'auto'): Listing {
  const names = pageFormats.map(({ name }) => name)
  if (format !== 'auto' && !names.includes(format)) {
    throw new UsageError(`expected a format (auto, ${names.join(', ')}), got ${JSON.stringify(format)}`)
  }
  const known = pageFormats.find((candidate) =>
    format === 'auto' ? candidate.detect(page) : candidate.name === format,
  )
  // Records with any keys come last: a format that knows the keys reads more.
  const chosen = known ?? (format === 'auto' && jsonAnswer.detect(page) ? jsonAnswer : undefined)
  if (chosen === undefined) {
    throw refusePage(page, 'a paper listing')
  }
  return chosen.parse(page)
}
