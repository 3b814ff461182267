import { textOf } from '../../reading/fields.ts'
import { countIgnored, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { namesIn } from '../../reading/recordFormat.ts'
import { children, childText, parseXml, type XmlElement } from '../../reading/xml.ts'
import type { FeedItem } from './feedItem.ts'

/** What the feed parser does not give: PRISM's elements in RDF and Atom, and the names of what nobody reads. */

const READ = namesIn(
  'title link guid id description encoded content summary author creator contributor category subject pubDate date published updated doi identifier publicationDate publicationName source',
)
/** Attributes of nothing and repeats of what is read: not worth telling. */
const SILENT = namesIn('about rights language format type url uri')

/** The elements of a feed's items in their order, whatever the kind of feed. */
export function itemElements(page: string, root: string): XmlElement[] {
  const feed = parseXml(page, root.slice(root.indexOf(':') + 1), 'a feed')
  const channels = children(feed, 'channel')
  return [
    ...children(feed, 'item'),
    ...children(feed, 'entry'),
    ...channels.flatMap((channel) => children(channel, 'item')),
  ]
}

/** The item with what its element says besides (https://www.w3.org/submissions/prism/). */
export function withElement(item: FeedItem, element: XmlElement): FeedItem {
  return {
    ...item,
    ids: [childText(element, 'doi'), ...item.ids],
    venue: childText(element, 'publicationName') ?? journalIn(childText(element, 'source')),
    published: [...item.published, childText(element, 'publicationDate')],
  }
}

/** PubMed says the journal alone as the source; others add volume, day and DOI. */
function journalIn(source: string | undefined): string | undefined {
  return source !== undefined && /^\p{L}[^\d:;|/]{2,150}$/u.test(source) ? textOf(source) : undefined
}

/** Counts the filled elements of an item that are not read. */
export function countElements(ignored: IgnoredFields, element: XmlElement): void {
  const nodes = element.nodes.filter((node) => typeof node === 'object')
  const named = nodes.map((node) => [
    node.name,
    node.nodes.length > 0 ? node : Object.keys(node.attributes).join(),
  ])
  countIgnored(ignored, Object.fromEntries(named), new Set([...READ, ...SILENT]))
}
