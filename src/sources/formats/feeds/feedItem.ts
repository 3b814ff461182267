import type { AtomFeed, JsonFeed, RdfFeed, RssFeed } from 'feedsmith'
import type { Entry, Reject } from '../../../domain.ts'
import { decodeEntities } from '../../../text/entities.ts'
import { publication } from '../../reading/dates/dates.ts'
import { linkOf, shown, textOf } from '../../reading/fields.ts'
import { htmlText } from '../../reading/htmlText.ts'
import { plainText } from '../../reading/markup.ts'
import { authorsOf } from '../../reading/names.ts'
import { arxivIdsIn, paperDoi } from '../../reading/paperIds.ts'
import { readFeedBody } from './feedBody.ts'

/** One item of a feed of any kind, with the same names for the same things. */
export interface FeedItem {
  title: string | undefined
  /** The first is the link for people. Ids are looked for in all of them. */
  links: (string | undefined)[]
  /** Fields made for ids. */
  ids: (string | undefined)[]
  /** As HTML. The longest one is taken. */
  texts: (string | undefined)[]
  names: (string | undefined)[]
  categories: (string | undefined)[]
  /** The first that can be read is taken. */
  published: (string | undefined)[]
  /** The journal. */
  venue?: string
}

export function rssItem(item: RssFeed.Item<string>): FeedItem {
  return {
    title: plainText(item.title),
    links: [item.link, item.guid?.value],
    ids: [item.prism?.doi, ...(item.dc?.identifiers ?? [])],
    texts: [item.content?.encoded, item.description, item.dc?.descriptions?.[0]],
    names: item.dc?.creators ?? (item.authors ?? []).map(({ name }) => name),
    categories: (item.categories ?? []).map(({ name }) => name),
    published: [item.pubDate, ...(item.dc?.dates ?? []), ...(item.prism?.publicationDates ?? [])],
  }
}

export function rdfItem(item: RdfFeed.Item<string>): FeedItem {
  return {
    title: plainText(item.title),
    links: [item.link, item.rdf?.about],
    ids: item.dc?.identifiers ?? [],
    texts: [item.content?.encoded, item.description, item.dc?.descriptions?.[0]],
    names: item.dc?.creators ?? [],
    categories: item.dc?.subjects ?? [],
    published: [...(item.dc?.dates ?? [])],
  }
}

export function atomItem(entry: AtomFeed.Entry<string>): FeedItem {
  const links = (entry.links ?? []).filter(
    ({ rel }) => rel === undefined || /^(?:alternate|related)$/.test(rel),
  )
  const bodies = [entry.content, entry.summary].map((body) =>
    body?.type === 'text' ? escaped(body.value) : body?.value,
  )
  return {
    title: /html/.test(entry.title?.type ?? '') ? htmlText(entry.title?.value) : textOf(entry.title?.value),
    links: [...links.map(({ href }) => href), entry.id],
    ids: [entry.arxiv?.doi, ...(entry.dc?.identifiers ?? [])],
    texts: bodies,
    names: (entry.authors ?? []).map(({ name }) => name),
    categories: (entry.categories ?? []).map(({ label, term }) => label ?? term),
    published: [entry.published, entry.updated],
  }
}

export function jsonItem(item: JsonFeed.Item<string>): FeedItem {
  return {
    title: textOf(item.title),
    links: [item.url, item.external_url, item.id],
    ids: [],
    texts: [item.content_html, escaped(item.content_text), escaped(item.summary)],
    names: (item.authors ?? []).map(({ name }) => name),
    categories: item.tags ?? [],
    published: [item.date_published],
  }
}

/** Maps one item. `where` names it in a reject. */
export function parseFeedItem(item: FeedItem, where: string): Entry | Reject {
  if (item.title === undefined) {
    const link = item.links.find((candidate) => candidate !== undefined)
    return { where, reason: `expected a title, got nothing${link ? ` (${shown(link)})` : ''}` }
  }
  const named = [...item.ids, ...item.links]
  const ids = arxivIdsIn(named)
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  const body = readFeedBody(item.texts, item.title)
  const categories = item.categories.flatMap((name) => textOf(name) ?? [])
  return {
    title: decodeEntities(item.title),
    abstract: body.abstract,
    authors: authorsOf(item.names) ?? body.authors,
    arxivId: ids[0],
    doi: paperDoi(item.ids, item.links) ?? paperDoi([body.doi]),
    url: item.links.flatMap((link) => addressOf(link) ?? [])[0],
    ...publication(...item.published, body.published),
    venue: item.venue,
    categories: categories.length > 0 ? categories : undefined,
    upvotes: body.upvotes,
  }
}

/** An address as feeds write it, perhaps with blanks in it, which no address has. */
function addressOf(link: string | undefined): string | undefined {
  return linkOf(link?.trim().replace(/ /g, '%20'))
}

function escaped(text: string | undefined): string | undefined {
  return text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
