import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAudit, listAudit } from '../../src/db/audit.ts'
import { listFetchCounts } from '../../src/db/fetching/fetchCounts.ts'
import { storePage } from '../../src/db/fetching/pages.ts'
import { listPastFetches, recordFetch } from '../../src/db/fetching/pastFetches.ts'
import { upsertReplay } from '../../src/db/fetching/replays.ts'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import { insertMailEvent } from '../../src/db/mail/mailEvents.ts'
import { gatherKept } from '../../src/health/kept.ts'
import { tidy } from '../../src/jobs/tidy.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let site: TestTools
beforeAll(async () => {
  site = await openTestTools('2026-11-20T09:00:00Z')
})
afterAll(() => site.close())

const DAY = 24 * 60 * 60 * 1000
const daysAgo = (days: number) => new Date(site.tools.now().getTime() - days * DAY)
const run = (keep = {}) =>
  tidy.run({ tick: site.tools.now().toISOString() }, { ...site.tools, keep: { ...site.tools.keep, ...keep } })

test('raw pages go after KEEP_PAGES, but for the newest of a source, one that waits, and one replayed lately', async () => {
  const { db } = site.tools
  const source = async (name: string) =>
    (
      await ensureSource(db, {
        name,
        address: `https://${name}.example/`,
        every_minutes: 60,
        lookback_days: 0,
      })
    ).id
  const [owls, lynx] = [await source('owls'), await source('lynx')]
  const add = async (sourceId: number, text: string, observed: number, ingested: number | undefined) => {
    const { id } = await storePage(db, {
      ...{ sourceId, address: 'https://a.example/', body: Buffer.from(text), contentType: undefined },
      ...{ observedAt: daysAgo(observed), listedOnHint: null },
    })
    const at = ingested === undefined ? null : daysAgo(ingested)
    await db.updateTable('pages').set({ ingested_at: at }).where('id', '=', id).execute()
    return id
  }
  const old = await add(owls, 'old', 500, 500)
  const kept = [
    await add(owls, 'waits', 500, undefined),
    await add(owls, 'replayed lately', 900, 3),
    await add(owls, 'younger than the rule', 300, 300),
    await add(lynx, 'the only one', 700, 700),
  ]
  const ids = async () =>
    (await db.selectFrom('pages').select('id').orderBy('id').execute()).map(({ id }) => id)
  expect(await ids()).toEqual([old, ...kept])
  await run()
  expect(await ids()).toEqual(kept)
  await run()
  expect(await ids()).toEqual(kept)
  await run({ pages: 100 })
  // The page of 300 days is the newest of its source.
  expect(await ids()).toEqual(kept)
  await add(owls, 'today', 0, 0)
  await run({ pages: 100 })
  expect(await ids()).not.toContain(kept[2])
})

test('mail events, replays and the audit go after the days of their settings', async () => {
  const { db } = site.tools
  for (const days of [500, 300]) {
    const event = { digest_id: null, subscriber_id: null, source: 'relay', at: daysAgo(days) }
    await insertMailEvent(db, { ...event, kind: 'accepted', detail: null })
    await insertAudit(db, { at: daysAgo(days), actor: 'admin', action: `did something ${days} days ago` })
    await db.transaction().execute((tx) =>
      upsertReplay(tx, {
        ...{ file_key: `${days}`, name: 'dump', observed_at: daysAgo(days), part: 0, record: 0, entries: 0 },
        ...{ new: 0, updated: 0, unchanged: 0, rejected: 0, rejects_bytes: 0 },
        ...{ updated_at: daysAgo(days), finished_at: daysAgo(days) },
      }),
    )
    const digest = Buffer.alloc(8, days)
    await db
      .insertInto('stored_batches')
      .values({ digest, stored_at: daysAgo(days) })
      .execute()
  }
  const counts = async () => [
    (await db.selectFrom('mail_events').select('id').execute()).length,
    (await listAudit(db, 10)).length,
    (await db.selectFrom('replays').select('file_key').execute()).length,
    (await db.selectFrom('stored_batches').select('digest').execute()).length,
  ]
  expect(await counts()).toEqual([2, 2, 2, 2])
  await run()
  expect(await counts()).toEqual([1, 1, 1, 1])
  await run({ mailEvents: 200, audit: 400, replays: 200 })
  expect(await counts()).toEqual([0, 1, 0, 0])
})

test('records of fetches go after KEEP_FETCHES, and the counts of a source stay', async () => {
  const { db } = site.tools
  const { id } = await ensureSource(db, {
    ...{ name: 'mole', address: 'https://mole.example/', every_minutes: 60, lookback_days: 0 },
  })
  const days = [500, 61, 59, 10, 0]
  for (const day of days)
    await recordFetch(db, { source_id: id, at: daysAgo(day), address: `day ${day}`, outcome: 'stored' })
  const left = async () =>
    (await listPastFetches(db, id, { limit: 10 })).map(({ address }) => address).reverse()
  await run()
  expect(await left()).toEqual(['day 59', 'day 10', 'day 0'])
  await run({ fetches: 30 })
  expect(await left()).toEqual(['day 10', 'day 0'])
  await run({ fetches: 30 })
  expect(await left()).toEqual(['day 10', 'day 0'])
  const counts = (await listFetchCounts(db)).filter(({ source }) => source === 'mole')
  expect(counts).toEqual([{ source: 'mole', outcome: 'stored', fetches: days.length }])
})

test('what is kept is told by group, with its size and rule', async () => {
  const { db, keep } = site.tools
  const kept = await gatherKept({ db, dataDir: '/nonexistent', keep: { ...keep, pages: 77 } })
  const pages = kept.find(({ name }) => name === 'raw pages')!
  expect(pages.bytes).toBeGreaterThan(0)
  expect(pages.rule).toContain('77 days (KEEP_PAGES)')
  expect(kept.find(({ name }) => name === 'the folder DATA_DIR')!.bytes).toBe(0)
})
