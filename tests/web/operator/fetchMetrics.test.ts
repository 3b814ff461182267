import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordFetch } from '../../../src/db/fetching/pastFetches.ts'
import { ensureSource } from '../../../src/db/fetching/sources.ts'
import { ADMIN_PASSWORD, openTestSite, type TestSite } from '../../support/web.ts'

let site: TestSite
beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())

const authorization = `Basic ${Buffer.from(`scraper:${ADMIN_PASSWORD}`).toString('base64')}`
const fetchLines = async () =>
  (await site.server.inject({ url: '/metrics', headers: { authorization } })).body
    .split('\n')
    .filter((line) => /paperboy_fetches_total\b/.test(line))

test('fetches are counted by source and what they came to, whatever process fetched', async () => {
  const { db } = site.tools
  const help = [
    '# HELP paperboy_fetches_total Fetches by source and what they came to.',
    '# TYPE paperboy_fetches_total counter',
  ]
  expect(await fetchLines()).toEqual(help)
  const [daily, other] = [
    await ensureSource(db, { name: 'hf-daily', address: 'https://example.org' }),
    await ensureSource(db, { name: 'other', address: 'https://example.org/other' }),
  ]
  for (const outcome of ['stored', 'stored', 'layout changed'] as const) {
    await recordFetch(db, {
      source_id: daily.id,
      outcome,
      at: site.tools.now(),
      address: 'https://example.org',
    })
  }
  await recordFetch(db, {
    source_id: other.id,
    outcome: 'blocked',
    at: site.tools.now(),
    address: 'https://example.org',
  })
  const lines = [
    ...help,
    'paperboy_fetches_total{source="hf-daily",outcome="layout changed"} 1',
    'paperboy_fetches_total{source="hf-daily",outcome="stored"} 2',
    'paperboy_fetches_total{source="other",outcome="blocked"} 1',
  ]
  expect(await fetchLines()).toEqual(lines)
  expect(await fetchLines(), 'a second look counts nothing more').toEqual(lines)
})
