import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { generateOpml } from 'feedsmith'
import { latestDayAt } from '../../calendar.ts'
import { listDigestItems } from '../../db/digests/digestItems.ts'
import { listDigestsOf } from '../../db/digests/digestViews.ts'
import { listPapersOf, listRows } from '../../db/papers/paperLists.ts'
import { latestDay } from '../../db/papers/sightings.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { findToken } from '../../db/subscribers/tokens.ts'
import { matchPapers } from '../../digests/matchPapers.ts'
import type { Topic } from '../../domain.ts'
import { QueryError } from '../../ranking/language/queryError.ts'
import { listUrl, readListAddress, spanOf } from '../papers/listAddress.ts'
import { showError } from '../site/errorPages.ts'
import type { Site } from '../site/site.ts'
import { FEED_KINDS, type Feed, type FeedItem, type FeedKind, sendFeed } from './feed.ts'

const ITEMS = 50
const DIGESTS = 14
/** Feed readers ask often, and for many people from one address. */
const REQUESTS = { max: 600, timeWindow: '1 minute' }

/** Feeds of any list or search, and of one's own digest by a secret address. They only read. */
export function addFeeds(server: FastifyInstance, site: Site): void {
  const config = { rateLimit: REQUESTS }
  for (const kind of FEED_KINDS) {
    server.get<{ Querystring: Record<string, unknown> }>(
      `/feeds/papers.${kind}`,
      { config },
      (request, reply) => sendList(site, request, reply, kind),
    )
    server.get<{ Params: { token: string } }>(`/feeds/:token/digest.${kind}`, { config }, (request, reply) =>
      sendDigests(site, request, reply, kind),
    )
  }
}

/** The addresses of the feeds of a list, for a page's head. */
export function feedsOf(query: { q?: string; cat?: string }): { type: string; title: string; url: string }[] {
  const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString()
  const end = params === '' ? '' : `?${params}`
  return [
    { type: 'application/atom+xml', title: 'Atom', url: `/feeds/papers.atom${end}` },
    { type: 'application/rss+xml', title: 'RSS', url: `/feeds/papers.rss${end}` },
    { type: 'application/feed+json', title: 'JSON Feed', url: `/feeds/papers.json${end}` },
  ]
}

/** Topics as a list of feeds for a feed reader (OPML 2.0). */
export function topicsAsOpml(publicUrl: string, topics: Topic[]): string {
  // OPML wants one outline or more: without topics, all papers.
  const named = topics.length > 0 ? topics : [{ name: 'New papers', query: '' }]
  const outlines = named.map(({ name, query }) => ({
    text: name,
    title: name,
    type: 'rss',
    xmlUrl: `${publicUrl}/feeds/papers.atom${query === '' ? '' : `?${new URLSearchParams({ q: query })}`}`,
    htmlUrl: publicUrl + listUrl({ span: 'week', q: query }),
  }))
  return generateOpml({ head: { title: 'Topics at Paperboy' }, body: { outlines } })
}

/** The newest of a list: those of the last week, the best matches or the most upvoted of it, newest day first. */
async function sendList(
  site: Site,
  request: FastifyRequest<{ Querystring: Record<string, unknown> }>,
  reply: FastifyReply,
  kind: FeedKind,
): Promise<FastifyReply> {
  const { q, cat } = readListAddress({ q: request.query.q, cat: request.query.cat })!
  const { publicUrl } = site.config
  const day = await latestDay(site.db, latestDayAt(site.now()))
  const span = spanOf('week', day ?? '2000-01-01')
  const wish = { ...span, category: cat || undefined, limit: ITEMS, offset: 0 }
  reply.header('cache-control', 'public, max-age=300')
  try {
    const items = q === '' ? await listed(site, wish) : await matching(site, q, wish)
    const params = new URLSearchParams({ ...(q === '' ? {} : { q }), ...(cat === '' ? {} : { cat }) })
    const feed: Feed = {
      title: q === '' ? `Papers${cat === '' ? '' : ` of ${cat}`} · Paperboy` : `${q} · Paperboy`,
      homeUrl: publicUrl + listUrl({ span: 'week', q, cat }),
      feedUrl: `${publicUrl}/feeds/papers.${kind}${params.size === 0 ? '' : `?${params}`}`,
      items: items.sort((a, b) => b.at.getTime() - a.at.getTime() || b.paper.id - a.paper.id),
    }
    return sendFeed(request, reply, kind, feed)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return reply.code(400).send({ error: error.message, position: error.position })
  }
}

type Wish = Parameters<typeof listPapersOf>[1] extends infer One ? Omit<One, 'order'> : never

async function listed(site: Site, wish: Wish): Promise<FeedItem[]> {
  const { papers } = await listPapersOf(site.db, { ...wish, order: 'votes' })
  return papers.map((paper) => itemOf(site, paper, paper.day, []))
}

async function matching(site: Site, query: string, wish: Wish): Promise<FeedItem[]> {
  const { matches } = await matchPapers(site.db, { ...wish, query, order: 'best' })
  const reasonsOf = new Map(matches.map(({ paperId, reasons }) => [paperId, reasons]))
  const papers = await listRows(
    site.db,
    matches.map(({ paperId }) => paperId),
    wish,
  )
  return papers.map((paper) => itemOf(site, paper, paper.day, reasonsOf.get(paper.id) ?? []))
}

function itemOf(site: Site, paper: FeedItem['paper'], day: string, reasons: FeedItem['reasons']): FeedItem {
  const url = `${site.config.publicUrl}/papers/${paper.id}`
  return { paper, id: url, url, at: new Date(`${day}T00:00:00Z`), reasons }
}

/** The papers of a subscriber's last digests. The address holds a secret; whoever has it can read, and nothing else. */
async function sendDigests(
  site: Site,
  request: FastifyRequest<{ Params: { token: string } }>,
  reply: FastifyReply,
  kind: FeedKind,
): Promise<FastifyReply> {
  const row = await findToken(site.db, 'feed', request.params.token, site.now())
  const subscriber = row && (await findSubscriber(site.db, row.subscriber_id))
  if (!subscriber) return showError(site, request, reply, 404)
  const digests = (await listDigestsOf(site.db, subscriber.id, DIGESTS)).filter(
    ({ sentAt }) => sentAt !== null,
  )
  const items: FeedItem[] = []
  for (const { id, sentAt, localDate } of digests)
    for (const { paper, reasons } of await listDigestItems(site.db, id))
      items.push({ ...itemOf(site, paper, localDate, reasons), at: sentAt! })
  const { publicUrl } = site.config
  const feedUrl = `${publicUrl}/feeds/${request.params.token}/digest.${kind}`
  return sendFeed(request, reply, kind, { title: 'My digest · Paperboy', homeUrl: publicUrl, feedUrl, items })
}
