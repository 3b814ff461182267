import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findFetch } from '../../src/db/fetching/fetches.ts'
import { ensureSource, findSource } from '../../src/db/fetching/sources.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

/** What odd and hostile answers end in, as people see it: one word on the source's row, and what papers are stored. */

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let test_: TestTools
const servers: PageServer[] = []
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const ZEROS = gzipSync(Buffer.alloc(1024 * 1024))
let sources = 0
/** Fetches a page from a server that answers so, to the end of the line; gives the word, and why. */
async function fetchFrom(answer: Handler): Promise<{ outcome: string; detail: string | null }> {
  const { tools } = test_
  const server = await openPageServer(answer)
  servers.push(server)
  const source = await ensureSource(tools.db, {
    name: `odd-${++sources}`,
    address: server.url,
    lookback_days: 0,
  })
  const job = { name: 'fetchPage', payload: { sourceId: source.id, slot: tools.now().toISOString() } }
  await runToEnd([job], tools).catch(() => {})
  const told = await findSource(tools.db, source.id)
  const fetched = await findFetch(tools.db, source.id, server.url)
  // A failure that another try may mend is on the source's row alone.
  expect([undefined, told!.outcome]).toContain(fetched?.outcome)
  return { outcome: told!.outcome!, detail: told!.outcome_detail }
}

const titles = async () =>
  (await test_.tools.db.selectFrom('papers').select('title').orderBy('id').execute()).map(
    ({ title }) => title,
  )

const page = (title: string, id: string, head = '') => {
  const data = JSON.stringify({ dateString: '2026-11-20', dailyPapers: [{ paper: { id, title } }] })
  return `<!doctype html><html><head>${head}<title>x</title></head><body><div data-target="DailyPapers" data-props="${data.replaceAll('"', '&quot;')}"></div></body></html>`
}

const html =
  (charset: string, body: Buffer): Handler =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': `text/html${charset}` }).end(body)
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')
const utf16be = (text: string) => utf16(text).swap16()

test.each<[string, string, (head: string) => Handler]>([
  [
    'Latin-1 by its header',
    '2611.09001',
    () => html('; charset=iso-8859-1', latin1(page('Käfer im Regen', '2611.09001'))),
  ],
  [
    'Latin-1 by its <meta>',
    '2611.09002',
    (head) => html('', latin1(page('Käfer im Regen', '2611.09002', head))),
  ],
  [
    'UTF-16 by its byte-order mark',
    '2611.09003',
    () => html('', utf16(page('Käfer im Regen', '2611.09003'))),
  ],
  [
    'UTF-16, big end first, against its header',
    '2611.09004',
    () => html('; charset=utf-8', utf16be(page('Käfer im Regen', '2611.09004'))),
  ],
])('a page in %s is read as it was written', async (_name, id, answer) => {
  expect(await fetchFrom(answer('<meta charset="iso-8859-1">'))).toEqual({ outcome: 'stored', detail: null })
  const { db } = test_.tools
  const paper = db.selectFrom('papers').select('title').where('arxiv_id', '=', id)
  expect(await paper.execute()).toEqual([{ title: 'Käfer im Regen' }])
})

const MEGABYTE = 1024 * 1024
test.each<[string, Handler, string, RegExp]>([
  [
    'a page of 500 MB',
    (_request, response) => {
      response.writeHead(200, { 'content-length': 500 * MEGABYTE })
      response.write(Buffer.alloc(MEGABYTE))
    },
    'failed',
    /expected a page of at most 20 MB received, got a larger one$/,
  ],
  [
    'a page of 500 MB in 500 kB of gzip',
    (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      for (let sent = 0; sent < 500; sent += 1) response.write(ZEROS)
      response.end()
    },
    'failed',
    /expected a page of at most 20 MB decompressed, got a larger one$/,
  ],
  [
    'a redirect loop',
    (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
    'failed',
    /expected a page after at most 5 redirects, got another one to /,
  ],
  [
    'Latin-1 that does not say so',
    html('', latin1(page('Käfer im Regen', '2611.09005'))),
    'layout changed',
    /expected UTF-8 text, got an invalid byte at offset \d+/,
  ],
  [
    'a bot check that says 200',
    html(
      '',
      Buffer.from('<html><title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/h.js">'),
    ),
    'blocked',
    /a challenge page \(bot check\)/,
  ],
  [
    'a page without papers whose title speaks of a challenge',
    html('', Buffer.from('<html><title>The bot check challenge of 2026</title><p>Join us.</html>')),
    'layout changed',
    /its title: "The bot check challenge of 2026"/,
  ],
  [
    'a bot check',
    (_request, response) => response.writeHead(202, { 'x-amzn-waf-action': 'challenge' }).end(),
    'blocked',
    /a bot check/,
  ],
])('%s stores nothing and ends in one word', async (_name, answer, outcome, detail) => {
  const before = await titles()
  expect(await fetchFrom(answer)).toEqual({ outcome, detail: expect.stringMatching(detail) })
  expect(await titles()).toEqual(before)
})
