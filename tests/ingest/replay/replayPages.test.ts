import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { markPageFailed, storePage } from '../../../src/db/fetching/pages.ts'
import { ensureDumpSource } from '../../../src/db/fetching/sources.ts'
import { type PageChange, replayPages } from '../../../src/ingest/replay/replayPages.ts'
import { withTransactions } from '../../../src/ingest/transactions.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { dayArchive } from '../../support/dumps.ts'
import { replayBytes } from '../../support/replay.ts'
import { storedRows } from '../../support/storedRows.ts'

const HTML = readFileSync(new URL('../../fixtures/sources/hf-page-2024.html', import.meta.url))

let database: TestDatabase
let now = new Date('2026-11-20T09:00:00Z')
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const tools = () => ({ db: database.db, now: () => now })

function replayAll(isDryRun = false): Promise<PageChange[]> {
  return withTransactions(database.db, isDryRun, async (transact) => {
    const changes: PageChange[] = []
    for await (const change of replayPages({ now: tools().now, transact })) changes.push(change)
    return changes
  })
}

/** A web archive with one page, fetched at a time that its name and its data do not say. */
function archiveOf(body: Buffer, date = '2025-01-05T06:07:08Z'): Buffer {
  const http = Buffer.concat([
    Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'),
    body,
  ])
  const header =
    'WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://huggingface.co/papers\r\n' +
    `WARC-Date: ${date}\r\nContent-Length: ${http.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(header), http, Buffer.from('\r\n\r\n')])
}

test('pages that today’s parsers read as those of their day did change nothing, however often', async () => {
  await replayBytes('2024-05-01.json', dayArchive('2024-05-01', 'Owls at dusk', 'Newts in ponds'), tools())
  await replayBytes('crawl.warc', archiveOf(HTML), tools())
  const observed = await database.db
    .selectFrom('sightings')
    .select('observed_at')
    .where('page_id', 'in', database.db.selectFrom('pages').select('id').where('address', 'like', 'https:%'))
    .distinct()
    .execute()
  expect(observed).toEqual([{ observed_at: new Date('2025-01-05T06:07:08Z') }])
  const rows = await storedRows(database.db)
  now = new Date('2026-12-24T18:00:00Z')
  for (const isDryRun of [true, false, false]) {
    const changes = await replayAll(isDryRun)
    expect(changes.map((change) => [change.page.address, change.now])).toEqual([
      [
        '2024-05-01.json',
        { entries: 2, new: 0, updated: 0, unchanged: 2, format: 'hf-day-archive', rejected: 0 },
      ],
      ['https://huggingface.co/papers', expect.objectContaining({ new: 0, updated: 0, format: 'hf-page' })],
    ])
    expect(await storedRows(database.db)).toEqual(rows)
  }
})

test('a page that no parser could read before brings its papers; one that none can read stays as it was', async () => {
  const source = await ensureDumpSource(database.db, 'some-source')
  const page = { sourceId: source.id, observedAt: now, listedOnHint: null }
  const readable = Buffer.from(dayArchive('2024-05-03', 'Voles under snow'))
  const { id } = await storePage(database.db, { ...page, address: 'https://a.example/1', body: readable })
  await markPageFailed(database.db, id, 'layout changed')
  const prose = Buffer.from('Dear diary,\nit rained.\n')
  const unreadable = await storePage(database.db, { ...page, address: 'https://a.example/2', body: prose })
  await markPageFailed(database.db, unreadable.id, 'layout changed')
  const dry = await replayAll(true)
  const changes = await replayAll()
  expect(dry).toEqual(changes)
  const changed = changes.filter((change) => change.page.format === null)
  expect(changed).toEqual([
    {
      page: expect.objectContaining({ id, entries: null }),
      now: expect.objectContaining({ entries: 1, new: 1 }),
    },
    {
      page: expect.objectContaining({ id: unreadable.id }),
      now: undefined,
      reason: expect.stringMatching(/^expected a paper listing/),
    },
  ])
  const rows = await database.db
    .selectFrom('pages')
    .select(['entries', 'error'])
    .where('id', 'in', [id, unreadable.id])
    .orderBy('id')
    .execute()
  expect(rows).toEqual([
    { entries: 1, error: null },
    { entries: null, error: 'layout changed' },
  ])
})

test('a page of an archive that claims to be of a time to come was observed now', async () => {
  const page = HTML.toString().replace('</html>', '<!-- another --></html>')
  await replayBytes('future.warc', archiveOf(Buffer.from(page), '2999-01-01T00:00:00Z'), tools())
  const latest = await database.db
    .selectFrom('pages')
    .select('observed_at')
    .orderBy('observed_at', 'desc')
    .executeTakeFirstOrThrow()
  expect(latest.observed_at).toEqual(now)
})
