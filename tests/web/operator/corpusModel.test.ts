import { afterAll, beforeAll, expect, test } from 'vitest'
import { CORPUS_FORMAT } from '../../../src/digests/corpus/modelBytes.ts'
import { ADMIN_PASSWORD, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())

const authorization = `Basic ${Buffer.from(`scraper:${ADMIN_PASSWORD}`).toString('base64')}`
const gauges = async () =>
  (await site.server.inject({ url: '/metrics', headers: { authorization } })).body
    .split('\n')
    .filter((line) => line.startsWith('paperboy_corpus_model'))

test('the admin page and metrics say what ranking has learned from, and when', async () => {
  const admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  expect((await admin.get('/admin')).body).toContain('none yet: ranking uses the starter model')
  expect(await gauges()).toEqual([
    'paperboy_corpus_model_papers 0',
    'paperboy_corpus_model_trained_timestamp_seconds 0',
  ])
  const at = new Date('2026-11-19T03:04:00Z')
  const model = { format: CORPUS_FORMAT, input_digest: '', started_at: at, parts: 0, bytes: 0 }
  await site.tools.db
    .insertInto('corpus_models')
    .values([
      { ...model, papers: 12_345, trained_at: at, checked_at: at },
      { ...model, papers: 77, trained_at: null, parts: null, bytes: null },
    ])
    .execute()
  expect((await admin.get('/admin')).body).toMatch(/from 12,345 papers, .*03:04 UTC/)
  expect(await gauges()).toEqual([
    'paperboy_corpus_model_papers 12345',
    `paperboy_corpus_model_trained_timestamp_seconds ${at.getTime() / 1000}`,
  ])
})
