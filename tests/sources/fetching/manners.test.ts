import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { RefusedError } from '../../../src/errors.ts'
import { createFetcher, type FetcherOptions } from '../../../src/sources/fetching/fetch.ts'
import type { HostWish } from '../../../src/sources/fetching/rateLimit.ts'
import type { RobotsCache, RobotsFile } from '../../../src/sources/fetching/robots.ts'
import { openPageServer } from '../../support/pageServer.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves pages, and what the test says as robots.txt. */
async function serve(robots: Handler, page: Handler = (_request, response) => response.end('a page')) {
  const server = await openPageServer((request, response) =>
    request.url === '/robots.txt' ? robots(request, response) : page(request, response),
  )
  closers.push(() => server.close())
  return server
}

const text =
  (body: string, status = 200): Handler =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body)

function memory(): RobotsCache & { files: Map<string, RobotsFile> } {
  const files = new Map<string, RobotsFile>()
  return {
    files,
    find: async (origin) => files.get(origin),
    save: async (origin, file) => {
      files.set(origin, file)
    },
  }
}

function fetcher(options: Partial<FetcherOptions> = {}) {
  const made = createFetcher({ userAgent: 'Paperboy/1 (+https://x.example)', allowPrivate: true, ...options })
  closers.push(() => made.close())
  return made
}

describe('robots.txt', () => {
  test('is asked for once, before the page, and kept', async () => {
    const server = await serve(text('User-agent: *\nDisallow: /private'))
    const robots = memory()
    const { get } = fetcher({ robots })
    expect(await get(`${server.url}/papers`)).toMatchObject({ kind: 'page' })
    expect(await get(`${server.url}/other`)).toMatchObject({ kind: 'page' })
    expect(server.requests).toEqual(['/robots.txt', '/papers', '/other'])
    expect([...robots.files]).toEqual([
      [server.url, { body: 'User-agent: *\nDisallow: /private', problem: null }],
    ])
  })

  test('what it closes is not fetched, and said', async () => {
    const server = await serve(text('User-agent: *\nDisallow: /papers'))
    const asked = fetcher({ robots: memory() }).get(`${server.url}/papers?date=2026-11-20`)
    await expect(asked).rejects.toThrow(RefusedError)
    await expect(asked).rejects.toThrow(
      `[GET] "${server.url}/papers?date=2026-11-20": expected a page that robots may read, got one that line 2 of ${server.url}/robots.txt closes`,
    )
    expect(server.requests).toEqual(['/robots.txt'])
  })

  test('a redirect does not lead into what it closes', async () => {
    const server = await serve(text('User-agent: *\nDisallow: /private'), (_request, response) =>
      response.writeHead(302, { location: '/private/papers' }).end(),
    )
    await expect(fetcher({ robots: memory() }).get(`${server.url}/papers`)).rejects.toThrow(RefusedError)
    expect(server.requests).toEqual(['/robots.txt', '/papers'])
  })

  test('a redirect to another host asks that host', async () => {
    const closed = await serve(text('User-agent: *\nDisallow: /'))
    const open = await serve(text('', 404), (_request, response) =>
      response.writeHead(301, { location: `${closed.url}/papers` }).end(),
    )
    await expect(fetcher({ robots: memory() }).get(`${open.url}/`)).rejects.toThrow(
      `line 2 of ${closed.url}/robots.txt`,
    )
    expect(closed.requests).toEqual(['/robots.txt'])
  })

  test.each([401, 403, 404, 410])('status %d: there is none, all is allowed', async (status) => {
    const server = await serve(text('Disallow: /', status))
    expect(await fetcher({ robots: memory() }).get(server.url)).not.toHaveProperty('warning')
  })

  test.each<[string, Handler, RegExp]>([
    ['an error', text('', 500), /\(status 500\)/],
    ['a broken connection', (request) => request.socket.destroy(), /\(.+\)/],
    [
      'a redirect loop',
      (_q, response) => response.writeHead(302, { location: '/robots.txt' }).end(),
      /redirects/,
    ],
    [
      'a redirect out of the web',
      (_q, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /http/,
    ],
  ])('%s: the page is fetched all the same, with a warning', async (_name, answer, reason) => {
    const server = await serve(answer)
    const robots = memory()
    const page = await fetcher({ robots }).get(`${server.url}/papers`)
    expect(page).toMatchObject({ kind: 'page', warning: expect.stringMatching(reason) })
    expect(page.warning).toMatch(/robots\.txt could not be read .*, fetched all the same$/)
    expect(robots.files.get(server.url)).toMatchObject({ body: null })
  })

  test('is found behind redirects', async () => {
    const server = await serve(
      (_request, response) => response.writeHead(301, { location: '/robots' }).end(),
      text('User-agent: *\nDisallow: /papers'),
    )
    await expect(fetcher({ robots: memory() }).get(`${server.url}/papers`)).rejects.toThrow(RefusedError)
  })
})

describe('turns at a host', () => {
  /** Writes down when turns begin and end. */
  function diary() {
    const lines: string[] = []
    const wishes: HostWish[] = []
    const pace: FetcherOptions['pace'] = async (url) => {
      lines.push(`begin ${url.pathname}`)
      return async (wish) => {
        wishes.push(wish)
        lines.push(`end ${url.pathname}`)
      }
    }
    return { lines, wishes, pace }
  }

  test('each request has its own, robots.txt and redirects included, until its answer has ended', async () => {
    const { lines, pace } = diary()
    const server = await serve(text('User-agent: *\nCrawl-delay: 2'), (request, response) => {
      lines.push(`asked ${request.url}`)
      if (request.url === '/papers') response.writeHead(302, { location: '/today' }).end()
      else response.end('x'.repeat(2_000_000), () => lines.push('sent'))
    })
    await fetcher({ robots: memory(), pace }).get(`${server.url}/papers`)
    expect(lines).toEqual([
      'begin /robots.txt',
      'end /robots.txt',
      'begin /papers',
      'asked /papers',
      'end /papers',
      'begin /today',
      'asked /today',
      'sent',
      'end /today',
    ])
  })

  test('what an answer asks for is passed on when the turn ends, also of a failed one', async () => {
    const { wishes, pace } = diary()
    const server = await serve(text('User-agent: *\nCrawl-delay: 2'), (request, response) => {
      if (request.url === '/often') response.writeHead(429, { 'retry-after': '120' }).end()
      else
        response.writeHead(200, { ratelimit: '"api";r=0;t=9', 'ratelimit-policy': '"api";q=60;w=300' }).end()
    })
    const { get } = fetcher({ robots: memory(), pace })
    await get(server.url)
    await expect(get(`${server.url}/often`)).rejects.toMatchObject({ retryAfterMs: 120_000 })
    expect(wishes).toEqual([{ gapMs: 0 }, { waitMs: 9_000, gapMs: 5_000 }, { waitMs: 120_000, gapMs: 2_000 }])
  })

  test('a turn ends also when the connection breaks', async () => {
    const { lines, pace } = diary()
    const server = await serve(text(''), (request) => request.socket.destroy())
    await expect(fetcher({ pace }).get(`${server.url}/x`)).rejects.toThrow(/expected an answer, got/)
    expect(lines).toEqual(['begin /x', 'end /x'])
  })
})
