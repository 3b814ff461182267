import { type AnyFeed, parseFeed } from 'feedsmith'
import type { Listing } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf } from '../../reading/dates/dates.ts'
import { fieldsOf, linkOf, shown } from '../../reading/fields.ts'
import type { IgnoredFields } from '../../reading/ignoredFields.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, parseItems, refuseTooMany } from '../../reading/pageFormat.ts'
import { headOf, refuseDamage } from '../../reading/xml.ts'
import { countElements, itemElements, withElement } from './feedElements.ts'
import { atomItem, type FeedItem, jsonItem, parseFeedItem, rdfItem, rssItem } from './feedItem.ts'

/**
 * Any RSS, Atom or JSON feed of papers: of a journal, a repository or a person. Its dates are dates of publication;
 * it does not say on which day a paper was listed. The feed is read whole or not at all.
 */
export const feed: PageFormat = { name: 'feed', detect, parse, mayBeEmpty: true }

const JSON_FEED = /"version"\s*:\s*"https?:\/\/jsonfeed\.org\/version\//

function detect(page: string): boolean {
  if (/^\s*\{/.test(page)) return JSON_FEED.test(page)
  return /^(?:rss|feed|(?:rdf:)?RDF)$/.test(headOf(page, /<(?:item|entry)[\s>]/)?.root ?? '')
}

function parse(page: string): Listing {
  const read = readFeed(page)
  const items = itemsOf(read)
  const elements =
    read.format === 'json' ? [] : itemElements(page, headOf(page, /<(?:item|entry)[\s>]/)!.root)
  // The feed parser leaves out items without anything: then nobody can tell which element is whose.
  const isSame = elements.length === items.length
  const ignored: IgnoredFields = new Map()
  if (isSame) for (const element of elements) countElements(ignored, element)
  const listed = parseItems(items, (item, index) =>
    parseFeedItem(isSame ? withElement(item, elements[index]!) : item, `item[${index}]`),
  )
  return { format: feed.name, ...aboutOf(read), ...listed, ignored: [...ignored] }
}

function readFeed(page: string): AnyFeed {
  refuseUnreadable(page)
  try {
    return parseFeed(page)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new PermanentError(
      `expected an RSS, Atom or JSON feed, got one that cannot be read: ${shown(message)}`,
    )
  }
}

/** Refuses what the feed parser would repair in its own way, or would take minutes for. */
function refuseUnreadable(page: string): void {
  if (!/^\s*\{/.test(page)) {
    refuseDamage(page, 'a feed')
    return
  }
  const items = fieldsOf(parseJson(page, 'a JSON feed'))?.items
  if (Array.isArray(items)) refuseTooMany(items)
}

function itemsOf(read: AnyFeed): FeedItem[] {
  if (read.format === 'rss') return (read.feed.items ?? []).map(rssItem)
  if (read.format === 'atom') return (read.feed.entries ?? []).map(atomItem)
  if (read.format === 'rdf') return (read.feed.items ?? []).map(rdfItem)
  return (read.feed.items ?? []).map(jsonItem)
}

/** When the feed was made, and the address of its next part (RFC 5005 §3; JSON Feed's `next_url`). */
function aboutOf(read: AnyFeed): Pick<Listing, 'observedAt' | 'next'> {
  if (read.format === 'rss') return { observedAt: momentOf(read.feed.lastBuildDate ?? read.feed.pubDate) }
  if (read.format === 'rdf') return { observedAt: momentOf(read.feed.dc?.dates?.[0]) }
  if (read.format === 'json') return { next: linkOf(read.feed.next_url) }
  const next = read.feed.links?.find((link) => link.rel === 'next')?.href
  return { observedAt: momentOf(read.feed.updated), next: linkOf(next) }
}
