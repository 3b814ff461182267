import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { PermanentError, TemporaryError } from '../../../src/errors.ts'
import {
  createFetcher,
  type Fetched,
  type FetchedPage,
  type Timeouts,
} from '../../../src/sources/fetching/fetch.ts'
import { openPageServer } from '../../support/pageServer.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const MEGABYTE = 1024 * 1024
/** So many pieces of a megabyte, each told as it is asked for. */
function* megabytes(count: number, onAsked: () => void) {
  for (let sent = 0; sent < count; sent += 1) {
    onAsked()
    yield Buffer.alloc(MEGABYTE, 'x')
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Handler) {
  const server = await openPageServer(answer)
  closers.push(() => server.close())
  return server
}

/** A server below HTTP, for answers that no HTTP library would send. */
async function serveRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function fetcher(options: { allowPrivate?: boolean; timeouts?: Partial<Timeouts> } = {}) {
  const made = createFetcher({
    userAgent: 'Paperboy-test (+https://x.example)',
    allowPrivate: true,
    ...options,
  })
  closers.push(() => made.close())
  return made
}

function pageOf(fetched: Fetched): FetchedPage {
  if (fetched.kind !== 'page') throw new Error('Expected a page')
  return fetched
}

async function errorOf(promise: Promise<unknown>): Promise<TemporaryError> {
  return promise.then(
    () => {
      throw new Error('Expected a refusal')
    },
    (error) => error,
  )
}

describe('a page', () => {
  test('comes as its bytes, with what a later request needs', async () => {
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xff, 0x0d, 0x0a])
    const server = await serve((_request, response) => {
      response.writeHead(200, {
        etag: '"v1"',
        'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
        'content-type': 'text/html; charset=latin1',
      })
      response.end(body)
    })
    expect(await fetcher().get(`${server.url}/papers?date=2026-11-23#top`)).toEqual({
      kind: 'page',
      body,
      etag: '"v1"',
      lastModified: 'Mon, 23 Nov 2026 10:00:00 GMT',
      contentType: 'text/html; charset=latin1',
      finalAddress: `${server.url}/papers?date=2026-11-23#top`,
    })
    expect(server.requests).toEqual(['/papers?date=2026-11-23'])
  })

  test('is asked for with who asks, and conditionally where it is known', async () => {
    const seen: IncomingMessage['headers'][] = []
    const server = await serve((request, response) => {
      seen.push(request.headers)
      response.writeHead(request.headers['if-none-match'] === '"v1"' ? 304 : 200).end()
    })
    const { get } = fetcher()
    expect(pageOf(await get(server.url)).body.length).toBe(0)
    expect(await get(server.url, { etag: '"v1"', lastModified: 'Mon, 23 Nov 2026 10:00:00 GMT' })).toEqual({
      kind: 'unchanged',
    })
    expect(seen[0]).toMatchObject({
      'user-agent': 'Paperboy-test (+https://x.example)',
      'accept-encoding': 'gzip, br',
    })
    expect(seen[0]).not.toHaveProperty('if-none-match')
    expect(seen[1]).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Mon, 23 Nov 2026 10:00:00 GMT',
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('is decompressed from %s', async (encoding, compress) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('papers '.repeat(9_999)))
    })
    expect(pageOf(await fetcher().get(server.url)).body.toString()).toBe('papers '.repeat(9_999))
  })

  test('is found behind redirects', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/papers/latest') response.end('found')
      else
        response
          .writeHead(request.url === '/' ? 302 : 308, {
            location: request.url === '/' ? 'papers' : '/papers/latest',
          })
          .end('moved')
    })
    const page = pageOf(await fetcher().get(server.url))
    expect([page.body.toString(), page.finalAddress]).toEqual(['found', `${server.url}/papers/latest`])
  })
})

describe('answers that are no page', () => {
  test.each([
    [
      404,
      PermanentError,
      /^\[GET\] "http:\/\/127\.0\.0\.1:\d+\/x": 404 Not Found: check the address in a browser$/,
    ],
    [410, PermanentError, /410 Gone/],
    [400, PermanentError, /400 Bad Request/],
    [403, PermanentError, /403 Forbidden/],
    [500, TemporaryError, /^\[GET\] "http:[^"]+\/x": 500 Internal Server Error$/],
    [304, PermanentError, /304 Not Modified/],
  ])('%d', async (status, kind, message) => {
    const server = await serve((_request, response) => response.writeHead(status).end())
    const error = await errorOf(fetcher().get(`${server.url}/x`))
    expect(error).toBeInstanceOf(kind)
    expect(error.message).toMatch(message)
  })

  test('429 and 503 carry the wait they ask for', async () => {
    const server = await serve((request, response) => {
      const isBusy = request.url === '/busy'
      response
        .writeHead(isBusy ? 503 : 429, isBusy ? { 'retry-after': '30' } : { ratelimit: '"pages";r=0;t=12' })
        .end()
    })
    const { get } = fetcher()
    expect(await errorOf(get(`${server.url}/busy`))).toMatchObject({
      name: 'TemporaryError',
      retryAfterMs: 30_000,
    })
    expect(await errorOf(get(`${server.url}/often`))).toMatchObject({
      name: 'TemporaryError',
      retryAfterMs: 12_000,
    })
  })

  test('the next request works all the same', async () => {
    const server = await serve((request, response) =>
      response.writeHead(request.url === '/good' ? 200 : 500).end('x'.repeat(100_000)),
    )
    const { get } = fetcher()
    for (let round = 0; round < 5; round += 1) await errorOf(get(`${server.url}/bad`))
    expect(pageOf(await get(`${server.url}/good`)).body.length).toBe(100_000)
  })
})

describe('hostile and broken servers', () => {
  test('a redirect loop ends', async () => {
    const server = await serve((request, response) =>
      response.writeHead(302, { location: `${request.url}x` }).end(),
    )
    const error = await errorOf(fetcher().get(`${server.url}/`))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/at most 5 redirects/)
    expect(server.requests.length).toBe(6)
  })

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/', 'http://'])(
    'a redirect to %s is not followed',
    async (location) => {
      const server = await serve((_request, response) => response.writeHead(302, { location }).end())
      const error = await errorOf(fetcher().get(server.url))
      expect(error).toBeInstanceOf(PermanentError)
      expect(error.message).not.toMatch(/secret/)
      expect(server.requests.length).toBe(1)
    },
  )

  test('a password in an address is refused, and does not stand in the error', async () => {
    const error = await errorOf(fetcher().get('http://me:secret@127.0.0.1/papers'))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(
      /^\[GET\] "http:\/\/127\.0\.0\.1\/papers": expected an address without user/,
    )
  })

  test('a body that drips without end', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 10)
      response.on('close', () => clearInterval(timer))
    })
    const error = await errorOf(fetcher({ timeouts: { totalMs: 300 } }).get(server.url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/expected an answer within 300 ms, it took longer$/)
  })

  test('headers that never come', async () => {
    const server = await serve(() => {})
    const error = await errorOf(fetcher({ timeouts: { headersMs: 100 } }).get(server.url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/Headers Timeout/)
  })

  test('a body that stops', async () => {
    const server = await serve((_request, response) => response.writeHead(200).write('x'))
    const error = await errorOf(fetcher({ timeouts: { idleMs: 100 } }).get(server.url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/Body Timeout/)
  })

  test('a body shorter than its Content-Length', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf a page'),
    )
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test("a body longer than its Content-Length: the page is what was announced, the rest is nobody's", async () => {
    const url = await serveRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\na pageHTTP/1.1 200 OK\r\n\r\nanother'),
    )
    const { get } = fetcher()
    expect(pageOf(await get(url)).body.toString()).toBe('a page')
    expect(pageOf(await get(url)).body.toString()).toBe('a page')
  })

  test.each([
    ['two lengths that differ', 'Content-Length: 6\r\nContent-Length: 7'],
    ['a length that is none', 'Content-Length: six'],
    ['a length below nothing', 'Content-Length: -6'],
  ])('%s', async (_name, headers) => {
    const url = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\na page`))
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test('a chunked body', async () => {
    const url = await serveRaw((socket) =>
      socket.end(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\na \r\n4\r\npage\r\n0\r\n\r\n',
      ),
    )
    expect(pageOf(await fetcher().get(url)).body.toString()).toBe('a page')
  })

  test('a chunk whose size is none', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na page\r\n0\r\n\r\n'),
    )
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test('a chunked body without its end', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf \r\n'),
    )
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test('a reset connection', async () => {
    const url = await serveRaw((socket) => socket.resetAndDestroy())
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test('an answer that is no HTTP', async () => {
    const url = await serveRaw((socket) => socket.end('220 mail.example ESMTP\r\n'))
    expect(await errorOf(fetcher().get(url))).toBeInstanceOf(TemporaryError)
  })

  test('nobody listening', async () => {
    const server = await openPageServer(() => {})
    await server.close()
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/ECONNREFUSED/)
  })

  test('a name that does not exist', async () => {
    const error = await errorOf(fetcher().get('http://no-such-host.invalid/'))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/no-such-host\.invalid/)
  })

  test('a gzip bomb', async () => {
    const zeros = gzipSync(Buffer.alloc(MEGABYTE))
    // Members one after the other unpack to one page of 500 MB.
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      for (let sent = 0; sent < 500; sent += 1) response.write(zeros)
      response.end()
    })
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/at most 20 MB decompressed, got a larger one$/)
  })

  test.each([
    ['that says its length', { 'content-length': `${500 * MEGABYTE}` }],
    ['in chunks', {}],
    ['that is compressed in name only', { 'content-encoding': 'gzip' }],
  ])('a page of 500 MB %s is left after 20 MB at most', async (_name, headers) => {
    let taken = 0
    const server = await serve((_request, response) => {
      response.writeHead(200, headers as Record<string, string>)
      Readable.from(megabytes(500, () => ++taken))
        .on('error', () => {})
        .pipe(response)
    })
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(
      /^\[GET\] "[^"]+": expected a page of at most 20 MB received, got a larger one$/,
    )
    await server.close()
    // What lies in buffers on both sides comes on top.
    expect(taken).toBeLessThan(60)
  })

  test('a body without end', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200)
      const piece = Buffer.alloc(1024 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
    })
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/at most 20 MB received, got a larger one$/)
  })

  test.each([
    ['cut', gzipSync('papers '.repeat(999)).subarray(0, 40), TemporaryError],
    ['no gzip at all', Buffer.from('papers'), TemporaryError],
  ])('gzip data that are %s', async (_name, body, kind) => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
    )
    expect(await errorOf(fetcher().get(server.url))).toBeInstanceOf(kind)
  })

  test('a host that nobody knows: what to look at is said', async () => {
    const error = await errorOf(fetcher().get('http://nowhere.invalid/'))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error.message).toMatch(/got getaddrinfo .*: check the name of the host, and the network$/)
  })

  test('a compression that was not asked for', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end('x'),
    )
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(/expected an answer in gzip, br or plain, got "gzip, gzip"$/)
  })
})

describe('private addresses', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433'])(
    '%s is refused before anything is sent',
    async (host) => {
      const server = await serve((_request, response) => response.end('secret'))
      const { port } = new URL(server.url)
      const error = await errorOf(fetcher({ allowPrivate: false }).get(`http://${host}:${port}/`))
      expect(error).toBeInstanceOf(PermanentError)
      expect(error.message).toMatch(/expected a public address, got .* which is loopback: /)
      expect(server.requests).toEqual([])
    },
  )

  test('a redirect to a metadata service is refused even where private sources are allowed', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
    )
    const error = await errorOf(fetcher().get(server.url))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toMatch(
      /^\[GET\] "http:\/\/127[^"]+": expected a public address, got 169\.254\.169\.254, which is linkLocal/,
    )
  })
})
