import type { Listing } from '../../../domain.ts'
import { type Fields, fieldsOf, textOf } from '../../reading/fields.ts'
import { countIgnored, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, parseItems } from '../../reading/pageFormat.ts'
import { namesIn } from '../../reading/recordFormat.ts'
import { type FeedItem, parseFeedItem } from './feedItem.ts'

/**
 * What feed readers export or answer: items in the form of Google Reader (FreshRSS, The Old Reader, Inoreader:
 * https://freshrss.github.io/FreshRSS/en/developers/06_GoogleReader_API.html) and entries of Miniflux
 * (https://miniflux.app/docs/api.html). Each stands for an item of some feed.
 */
export const readerExport: PageFormat = { name: 'reader-export', detect, parse }

function detect(page: string): boolean {
  if (!/^\s*\{/.test(page)) return false
  if (EMPTY.test(page)) return true
  return /"items"\s*:\s*\[/.test(page)
    ? /"origin"\s*:\s*\{/.test(page) && /"(?:canonical|alternate)"\s*:\s*\[/.test(page)
    : /"entries"\s*:\s*\[/.test(page) && /"feed"\s*:\s*\{/.test(page) && /"feed_url"\s*:/.test(page)
}

/** Nothing was found, or nothing is starred. */
const EMPTY =
  /^\s*\{\s*"total"\s*:\s*0\s*,\s*"entries"\s*:\s*\[\s*\]\s*\}\s*$|^\s*\{\s*"id"\s*:\s*"user\/[^"]{1,200}"[^[\]{}]{0,1000}"items"\s*:\s*\[\s*\]\s*\}\s*$/

const READ = namesIn(
  'title canonical alternate author summary content published url published_at tags categories origin feed id',
)

function parse(page: string): Listing {
  const answer = fieldsOf(parseJson(page, 'the export of a feed reader'))
  const items = answer?.items ?? answer?.entries
  const ignored: IgnoredFields = new Map()
  const listed = parseItems(Array.isArray(items) ? items : [], (item: unknown, index) => {
    countIgnored(ignored, item, READ)
    return parseFeedItem(readItem(fieldsOf(item) ?? {}), `item[${index}]`)
  })
  return { format: readerExport.name, ...listed, ignored: [...ignored] }
}

function readItem(item: Fields): FeedItem {
  const links = [item.canonical, item.alternate].flatMap((list) => (Array.isArray(list) ? list : []))
  const addresses = [...links.map((link) => fieldsOf(link)?.href), item.url]
  const texts = [item.content, item.summary].map((body) => fieldsOf(body)?.content ?? body)
  const categories = [item.categories, item.tags].flatMap((list) => (Array.isArray(list) ? list : []))
  return {
    title: textOf(item.title),
    links: addresses.flatMap((address) => (typeof address === 'string' ? address : [])),
    ids: [],
    texts: texts.flatMap((text) => (typeof text === 'string' ? text : [])),
    names: typeof item.author === 'string' ? [item.author] : [],
    // The reader's own labels are about the reader, not the paper.
    categories: categories.flatMap((name) =>
      typeof name === 'string' && !name.startsWith('user/') ? name : [],
    ),
    published: [momentIn(item.published ?? item.published_at)],
  }
}

/** Google Reader counts seconds. */
function momentIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 8e12)
    return new Date(value * 1000).toISOString()
  return typeof value === 'string' ? value : undefined
}
