import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalDate } from '../../domain.ts'
import { dailyItem, type Era } from './sampleItems.ts'
import { listOf, type PlacedPaper, placePapers, sampleDays } from './sampleListings.ts'
import { listingPage, paperPage } from './sampleMarkup.ts'
import { drawThumbnail } from './sampleThumbnail.ts'

export interface SampleSource {
  /** `http://127.0.0.1:PORT` */
  url: string
  close(): Promise<void>
}

interface Options {
  /** The day of the newest list, in UTC. */
  today: LocalDate
  /** The clock. Upvotes grow with it. */
  now: () => Date
  port?: number
}

/** The answer to a path: a body with its type, a redirect, or an error. */
type Answer =
  | {
      type: 'text/html; charset=utf-8' | 'application/json; charset=utf-8' | 'image/png'
      body: string | Buffer
      status?: number
    }
  | { location: string }

/**
 * Starts a source of made-up papers on loopback, in the form of Hugging Face's daily papers: `/papers` (newest list),
 * `/papers/date/DAY` (markup of 2026), `/papers?date=DAY` (markup of 2024), `/api/daily_papers[?date=DAY]`,
 * `/papers/ID`, `/social-thumbnails/papers/ID.png`. As at the real source, the page of a day without a list redirects to the newest list, and the API
 * answers with an empty one.
 */
export async function startSampleSource({ today, now, port = 0 }: Options): Promise<SampleSource> {
  const papers = placePapers(today)
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const url = new URL(request.url ?? '/', 'http://sample.invalid')
    const origin = `http://${request.headers.host}`
    answerTo(url, { papers, today, now: now(), origin }).then(
      (answer) => send(request, response, answer),
      (error) => response.destroy(error),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What is shown at the time of a request. */
interface Shown {
  papers: PlacedPaper[]
  today: LocalDate
  now: Date
  origin: string
}

async function answerTo({ pathname, searchParams }: URL, shown: Shown): Promise<Answer> {
  const { papers, today, now } = shown
  const list = (era: Era, day: LocalDate) =>
    html(listingPage(day, listOf(papers, day, now), { era, now, origin: shown.origin }))
  const days = sampleDays(today)
  const asked = searchParams.get('date')
  if (pathname === '/api/daily_papers') return apiAnswer(shown, asked)
  if (pathname === '/papers' && asked === null) return list('2026', today)
  if (pathname === '/papers' && days.includes(asked!)) return list('2024', asked!)
  const day = /^\/papers\/date\/([^/]+)$/.exec(pathname)?.[1]
  if (day !== undefined && days.includes(day)) return list('2026', day)
  const [, folder, id] =
    /^\/(papers|social-thumbnails\/papers)\/(\d{4}\.\d{5})(?:\.png)?$/.exec(pathname) ?? []
  const paper = papers.find((candidate) => candidate.id === id)
  if (paper !== undefined && folder === 'papers') return html(paperPage(paper))
  const picture = paper && (await drawThumbnail(paper.title))
  if (picture !== undefined) return { type: 'image/png', body: picture }
  if (pathname === '/' || pathname === '/papers' || day !== undefined) return { location: '/papers' }
  return { ...html('<!doctype html>\n<html><title>404</title><h1>404</h1></html>\n'), status: 404 }
}

/** One day's items, most upvotes first. Without a date: the items of all days, newest first, at most 50. */
function apiAnswer({ papers, today, now, origin }: Shown, asked: string | null): Answer {
  if (asked !== null && (!isDay(asked) || asked > today)) {
    return { ...json({ error: `Invalid date: ${asked.slice(0, 20)}` }), status: 400 }
  }
  const chosen =
    asked === null
      ? sampleDays(today).flatMap((day) =>
          listOf(papers, day, now).filter((paper) => paper.listedOn[0] === day),
        )
      : listOf(papers, asked, now)
  return json(chosen.slice(0, 50).map((paper) => dailyItem(paper, { era: '2026', now, origin })))
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

function html(body: string): Answer {
  return { type: 'text/html; charset=utf-8', body }
}

function json(value: unknown): Answer {
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if ('location' in answer) {
    response.writeHead(302, { location: answer.location }).end()
    return
  }
  const etag = `W/"${createHash('sha256').update(answer.body).digest('hex').slice(0, 32)}"`
  const isKnown = request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag) === true
  if (isKnown && answer.status === undefined) {
    response.writeHead(304, { etag }).end()
    return
  }
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    etag,
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}
