import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createToken } from '../../../src/db/subscribers/tokens.ts'
import { listFeedback } from '../../../src/subscribers/feedback.ts'
import { papersOn, store } from '../../support/listings.ts'
import { dumpRows, enlist, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let subscribers = 0
let paper: { id: number; title: string }
const me = () => visit(site.server, '198.51.100.1')
const subscriber = () => enlist(site, `subscriber${++subscribers}@example.org`, { topics: [] })
const pageOf = (manage: string, id = paper.id) => `/preferences/${manage}/papers/${id}`
const saidBy = async (id: number) =>
  (await listFeedback(site.tools.db, id)).map(({ paperId, kind }) => [paperId, kind])

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-20', papersOn('glaciers', 4))
  paper = await site.tools.db.selectFrom('papers').select(['id', 'title']).limit(1).executeTakeFirstOrThrow()
})
afterAll(() => site.close())
afterEach(() => site.setNow('2026-11-20T09:00:00Z'))

test('each paper of a mail has the links, and they lead to a page that stores nothing by being opened', async () => {
  const { id } = await subscriber()
  site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
  await site.runJobs()
  const { html, text } = site.mail.mails.at(-1)!.parsed
  const links = [
    ...(html || '').matchAll(/href="https?:\/\/[^/]+(\/preferences\/[\w-]{43}\/papers\/\d+\?say=\w+)"/g),
  ]
  const papers = (html || '').match(/<h3/g)!.length
  // The first three papers have a link for each answer; the others are short, with one link to the same page.
  expect([papers, links.length, text!.match(/More or less like this/g)!.length]).toEqual([4, 9, 4])
  const before = await dumpRows(site)
  const page = await me().get(links[1]![1]!)
  expect([page.statusCode, page.body.includes('of glaciers')]).toEqual([200, true])
  // The answer that the link named is the first button.
  expect(page.body.match(/name="say" value="\w+"/g)).toEqual([
    'name="say" value="less"',
    'name="say" value="more"',
    'name="say" value="saved"',
    'name="say" value="opened"',
  ])
  expect(await dumpRows(site)).toEqual(before)
  expect(await saidBy(id)).toEqual([])
})

test('a button stores, the same again changes nothing, the contrary replaces it, and undo takes it back', async () => {
  const { id, manage } = await subscriber()
  const other = await subscriber()
  await me().post(pageOf(other.manage), { say: 'saved' })
  const answer = await me().post(pageOf(manage), { say: 'more' })
  expect([answer.statusCode, answer.headers.location]).toEqual([303, pageOf(manage)])
  const page = (await me().get(pageOf(manage))).body
  expect(page).toContain('You want more like this.')
  expect(page).toContain('name="undo" value="more"')
  expect(page).not.toContain('name="say" value="more"')

  const stored = await dumpRows(site)
  site.setNow('2026-11-20T10:00:00Z')
  await me().post(pageOf(manage), { say: 'more' })
  expect(await dumpRows(site)).toEqual(stored)

  await me().post(pageOf(manage), { say: 'less' })
  expect(await saidBy(id)).toEqual([[paper.id, 'less']])
  const undone = await me().post(pageOf(manage), { undo: 'less' })
  expect((await me().get(undone.headers.location!)).body).toContain('Taken back.')
  await me().post(pageOf(manage), { undo: 'less' })
  expect(await saidBy(id)).toEqual([])
  expect(await saidBy(other.id)).toEqual([[paper.id, 'saved']])
})

test('reading from the page is counted by its button, and only for those who let it count', async () => {
  const { id, manage } = await subscriber()
  const answer = await me().post(pageOf(manage), { say: 'opened' })
  expect([answer.statusCode, answer.headers.location]).toEqual([303, `/papers/${paper.id}`])
  expect(await saidBy(id)).toEqual([[paper.id, 'opened']])

  const shy = await subscriber()
  await site.tools.db
    .updateTable('subscribers')
    .set({ counts_opens: false })
    .where('id', '=', shy.id)
    .execute()
  expect((await me().get(pageOf(shy.manage))).body).not.toContain('value="opened"')
  await me().post(pageOf(shy.manage), { say: 'opened' })
  expect(await saidBy(shy.id)).toEqual([])
})

test('a link that is forged, expired, of another kind or of somebody who left stores nothing', async () => {
  const { id, manage, unsubscribe } = await subscriber()
  const link = (purpose: 'view' | 'confirm') =>
    createToken(site.tools.db, { purpose, subscriberId: id }, site.tools.now())
  const forged = `${manage.slice(0, -1)}${manage.endsWith('A') ? 'E' : 'A'}`
  const tokens = [forged, unsubscribe, await link('view'), await link('confirm'), 'x', '%00']
  const before = await dumpRows(site)
  const pages = await Promise.all(
    tokens.flatMap((token) => [me().get(pageOf(token)), me().post(pageOf(token), { say: 'more' })]),
  )
  expect([...new Set(pages.map(({ statusCode }) => statusCode))]).toEqual([404])
  expect(pages.every(({ body }) => body.includes('This link does not work'))).toBe(true)
  site.setNow('2027-03-20T09:00:00Z')
  const late = await me().post(pageOf(manage), { say: 'more' })
  expect([late.statusCode, late.body.includes('This link does not work')]).toEqual([404, true])
  expect(await dumpRows(site)).toEqual(before)
})

test.each([
  ['an unknown answer', { say: 'love' }, 422, 'Expected one of more, less, saved and opened'],
  ['none', {}, 422, 'Expected one of more, less, saved and opened'],
])('%s is told in one line and stores nothing', async (_name, fields, status, words) => {
  const { manage } = await subscriber()
  const before = await dumpRows(site)
  const answer = await me().post(pageOf(manage), fields as Record<string, string>)
  expect([answer.statusCode, answer.body.includes(words)]).toEqual([status, true])
  expect(await dumpRows(site)).toEqual(before)
})

test('a paper that is not stored has no page', async () => {
  const { manage } = await subscriber()
  for (const id of ['999999999', '0', '-1', 'abc', '1e3', '9'.repeat(30)]) {
    const codes = [
      await me().get(`/preferences/${manage}/papers/${id}`),
      await me().post(`/preferences/${manage}/papers/${id}`, { say: 'more' }),
    ]
    expect([id, ...codes.map(({ statusCode }) => statusCode)]).toEqual([id, 404, 404])
  }
})

test('the archive of the subscriber has the links, the digest that may be passed on has none', async () => {
  const { id, manage } = await subscriber()
  site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
  await site.runJobs()
  const digest = await site.tools.db
    .selectFrom('digests')
    .select('id')
    .where('subscriber_id', '=', id)
    .executeTakeFirstOrThrow()
  const view = await createToken(
    site.tools.db,
    { purpose: 'view', subscriberId: id, digestId: digest.id },
    site.tools.now(),
  )
  const own = await me().get(`/preferences/${manage}/digests/${digest.id}`)
  const shared = await me().get(`/digests/${view}`)
  expect(own.body).toContain(`/preferences/${manage}/papers/`)
  expect([shared.statusCode, shared.body.includes('say=')]).toEqual([200, false])
})
