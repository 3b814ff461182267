import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith'
import type { Paper, Reason } from '../../domain.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { linkOf } from '../papers/citations.ts'

/** RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1. */
export type FeedKind = keyof typeof KINDS

const KINDS = {
  rss: { type: 'application/rss+xml; charset=utf-8', write: rssOf },
  atom: { type: 'application/atom+xml; charset=utf-8', write: atomOf },
  json: { type: 'application/feed+json; charset=utf-8', write: jsonOf },
}

export const FEED_KINDS = Object.keys(KINDS) as FeedKind[]

/** A feed before it is written. */
export interface Feed {
  title: string
  /** Where people see the same. */
  homeUrl: string
  /** Its own address. */
  feedUrl: string
  items: FeedItem[]
}

export interface FeedItem {
  paper: Paper
  /** Never changes, so that no reader shows an item twice. */
  id: string
  url: string
  at: Date
  reasons: Reason[]
}

/** Answers with a feed; with 304 where the reader has it already (RFC 9110 §13). The same items give the same bytes. */
export function sendFeed(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: FeedKind,
  feed: Feed,
): FastifyReply {
  const body = KINDS[kind].write(feed)
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  reply.header('etag', etag).type(KINDS[kind].type)
  const [newest] = feed.items.map(({ at }) => at.getTime()).sort((a, b) => b - a)
  if (newest !== undefined) reply.header('last-modified', new Date(newest).toUTCString())
  const known = request.headers['if-none-match']
  // A compressed answer may come back with a weak tag.
  const isKnown = known?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
  return isKnown ? reply.code(304).send() : reply.send(body)
}

function titleOf({ paper }: FeedItem): string {
  return displayLine(texToUnicode(paper.title))
}

/** All that a reader needs to decide: who wrote it, what it says, and why it is here. */
function textOf({ paper, reasons }: FeedItem): string {
  const lines = [
    paper.authors.map((name) => displayLine(texToUnicode(name))).join(', '),
    displayLine(texToUnicode(paper.aiSummary ?? paper.abstract ?? '')),
    reasons.length > 0
      ? `Why: ${reasons.map(({ text }) => displayLine(texToUnicode(text))).join(' · ')}`
      : '',
    linkOf(paper) ?? '',
  ]
  return lines.filter((line) => line !== '').join('\n\n')
}

/** Text as HTML, which readers take a feed's content for. */
function htmlOf(item: FeedItem): string {
  const escaped = textOf(item).replace(
    /[&<>]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!,
  )
  return escaped
    .split('\n\n')
    .map((line) => `<p>${line}</p>`)
    .join('')
}

function updatedOf({ items }: Feed): Date {
  return new Date(Math.max(0, ...items.map(({ at }) => at.getTime())))
}

function atomOf(feed: Feed): string {
  return generateAtomFeed({
    id: feed.feedUrl,
    title: { value: feed.title },
    updated: updatedOf(feed),
    links: [
      { href: feed.feedUrl, rel: 'self', type: 'application/atom+xml' },
      { href: feed.homeUrl, rel: 'alternate', type: 'text/html' },
    ],
    authors: [{ name: 'Paperboy' }],
    entries: feed.items.map((item) => ({
      id: item.id,
      title: { value: titleOf(item) },
      published: item.at,
      updated: item.at,
      links: [{ href: item.url, rel: 'alternate', type: 'text/html' }],
      authors: item.paper.authors.map((name) => ({ name: displayLine(texToUnicode(name)) })),
      categories: item.paper.categories.map((term) => ({ term })),
      content: { value: htmlOf(item), type: 'html' },
    })),
  })
}

function rssOf(feed: Feed): string {
  return generateRssFeed({
    title: feed.title,
    link: feed.homeUrl,
    description: 'New research papers, each with the reason why it is here.',
    lastBuildDate: updatedOf(feed),
    atom: { links: [{ href: feed.feedUrl, rel: 'self', type: 'application/rss+xml' }] },
    items: feed.items.map((item) => ({
      title: titleOf(item),
      link: item.url,
      guid: { value: item.id, isPermaLink: false },
      pubDate: item.at,
      description: htmlOf(item),
      categories: item.paper.categories.map((name) => ({ name })),
    })),
  })
}

function jsonOf(feed: Feed): string {
  const written = generateJsonFeed({
    title: feed.title,
    home_page_url: feed.homeUrl,
    feed_url: feed.feedUrl,
    items: feed.items.map((item) => ({
      id: item.id,
      url: item.url,
      title: titleOf(item),
      content_text: textOf(item),
      date_published: item.at,
      authors: item.paper.authors.map((name) => ({ name: displayLine(texToUnicode(name)) })),
      tags: item.paper.categories,
    })),
  })
  return JSON.stringify(written)
}
