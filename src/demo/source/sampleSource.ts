import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalDate } from '../../domain.ts'
import { dailyItem } from './sampleItems.ts'
import { listOf, type PlacedPaper, placePapers, sampleDays } from './sampleListings.ts'
import { listingPage, paperPage } from './sampleMarkup.ts'

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
  | { type: 'text/html; charset=utf-8' | 'application/json; charset=utf-8'; body: string; status?: number }
  | { location: string }

/**
 * Starts a source of made-up papers on loopback, in the form of Hugging Face's daily papers: `/papers` (newest list),
 * `/papers/date/DAY` (markup of 2026), `/papers?date=DAY` (markup of 2024), `/api/daily_papers[?date=DAY]`,
 * `/papers/ID`. As at the real source, the page of a day without a list redirects to the newest list, and the API
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
    send(request, response, answerTo(url, papers, today, now()))
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

function answerTo(
  { pathname, searchParams }: URL,
  papers: PlacedPaper[],
  today: LocalDate,
  now: Date,
): Answer {
  const days = sampleDays(today)
  const asked = searchParams.get('date')
  if (pathname === '/api/daily_papers') return apiAnswer(papers, asked, today, now)
  if (pathname === '/papers' && asked === null)
    return html(listingPage('2026', today, listOf(papers, today, now), now))
  if (pathname === '/papers' && days.includes(asked!)) {
    return html(listingPage('2024', asked!, listOf(papers, asked!, now), now))
  }
  const day = /^\/papers\/date\/([^/]+)$/.exec(pathname)?.[1]
  if (day !== undefined && days.includes(day))
    return html(listingPage('2026', day, listOf(papers, day, now), now))
  const id = /^\/papers\/(\d{4}\.\d{5})$/.exec(pathname)?.[1]
  const paper = papers.find((candidate) => candidate.id === id)
  if (paper !== undefined) return html(paperPage(paper))
  if (pathname === '/' || pathname === '/papers' || day !== undefined) return { location: '/papers' }
  return { ...html('<!doctype html>\n<html><title>404</title><h1>404</h1></html>\n'), status: 404 }
}

/** One day's items, most upvotes first. Without a date: the items of all days, newest first, at most 50. */
function apiAnswer(papers: PlacedPaper[], asked: string | null, today: LocalDate, now: Date): Answer {
  if (asked !== null && (!isDay(asked) || asked > today)) {
    return { ...json({ error: `Invalid date: ${asked.slice(0, 20)}` }), status: 400 }
  }
  const chosen =
    asked === null
      ? sampleDays(today).flatMap((day) =>
          listOf(papers, day, now).filter((paper) => paper.listedOn[0] === day),
        )
      : listOf(papers, asked, now)
  return json(chosen.slice(0, 50).map((paper) => dailyItem(paper, '2026', now)))
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
