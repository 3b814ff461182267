import type { AtomFeed, JsonFeed, RdfFeed, RssFeed } from 'feedsmith'
import type { Entry, Reject } from '../../../domain.ts'
import { publication } from '../../reading/dates/dates.ts'
import { countOf, linkOf, shown, textOf } from '../../reading/fields.ts'
import { htmlLines, htmlText } from '../../reading/htmlText.ts'
import { authorsOf, splitNames } from '../../reading/names.ts'
import { arxivIdsIn, paperDoi } from '../../reading/paperIds.ts'

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
  published: string | undefined
}

export function rssItem(item: RssFeed.Item<string>): FeedItem {
  return {
    title: inlineText(item.title),
    links: [item.link, item.guid?.value],
    ids: [item.prism?.doi, ...(item.dc?.identifiers ?? [])],
    texts: [item.content?.encoded, item.description, item.dc?.descriptions?.[0]],
    names: item.dc?.creators ?? (item.authors ?? []).map(({ name }) => name),
    categories: (item.categories ?? []).map(({ name }) => name),
    published: item.pubDate ?? item.dc?.dates?.[0],
  }
}

export function rdfItem(item: RdfFeed.Item<string>): FeedItem {
  return {
    title: inlineText(item.title),
    links: [item.link, item.rdf?.about],
    ids: item.dc?.identifiers ?? [],
    texts: [item.content?.encoded, item.description, item.dc?.descriptions?.[0]],
    names: item.dc?.creators ?? [],
    categories: item.dc?.subjects ?? [],
    published: item.dc?.dates?.[0],
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
    published: entry.published ?? entry.updated,
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
    published: item.date_published,
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
  const body = readBody(item.texts)
  const categories = item.categories.flatMap((name) => textOf(name) ?? [])
  return {
    title: item.title,
    abstract: body.abstract,
    authors: authorsOf(item.names) ?? body.authors,
    arxivId: ids[0],
    doi: paperDoi(item.ids, item.links),
    url: item.links.flatMap((link) => linkOf(link) ?? [])[0],
    ...publication(item.published, body.published),
    categories: categories.length > 0 ? categories : undefined,
    upvotes: body.upvotes,
  }
}

/** `Authors: A, B`, `Upvotes: 4`, `Summary: …`: the labels of feeds that have no fields for these. */
const LABEL =
  /^(Authors?(?:\(s\))?|Upvotes?|Votes?|Summary|Abstract|Source|Publication date|Published|Journal):\s*(.*)$/i
/** A shorter text is a volume and pages, a date or a teaser. */
const SHORTEST_ABSTRACT = 100

interface Body extends Pick<Entry, 'abstract' | 'authors' | 'upvotes'> {
  published?: string
}

function readBody(texts: (string | undefined)[]): Body {
  const bodies = texts.map((text) => htmlLines(text ?? ''))
  const [lines = []] = bodies.sort((one, other) => lengthOf(other) - lengthOf(one))
  const labelled = readLabels(lines)
  const votes = labelled.get('upvote') ?? labelled.get('vote')
  const whole = labelled.size === 0 && lengthOf(lines) >= SHORTEST_ABSTRACT ? lines.join(' ') : undefined
  return {
    abstract: textOf(labelled.get('abstract') ?? labelled.get('summary') ?? whole),
    authors: splitNames(labelled.get('author')),
    upvotes: /^\d{1,9}$/.test(votes ?? '') ? countOf(Number(votes)) : undefined,
    published: labelled.get('publication date') ?? labelled.get('published'),
  }
}

/** The text after each label up to the next one. Labels are in lower case and the singular. */
function readLabels(lines: string[]): Map<string, string> {
  const labelled = new Map<string, string>()
  let label: string | undefined
  for (const line of lines) {
    const match = LABEL.exec(line)
    if (match !== null) label = match[1]!.toLowerCase().replace(/(?:\(s\)|s)$/, '')
    if (label === undefined) continue
    labelled.set(label, match ? match[2]! : `${labelled.get(label)} ${line}`)
  }
  return labelled
}

function lengthOf(lines: string[]): number {
  return lines.join(' ').length
}

/** RSS does not say whether a title is HTML. Only these tags are certainly not the paper's own words. */
function inlineText(title: string | undefined): string | undefined {
  return textOf(title?.replace(/<\/?(?:i|b|em|strong|sub|sup|span|tt|u)(?:\s[^<>]{0,200})?>/gi, ''))
}

function escaped(text: string | undefined): string | undefined {
  return text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
