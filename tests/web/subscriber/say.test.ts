import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFeedback } from '../../../src/subscribers/feedback.ts'
import { papersOn, store } from '../../support/listings.ts'
import { enlist, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let paperId: number

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-20', papersOn('glaciers', 3))
  const paper = await site.tools.db.selectFrom('papers').select('id').orderBy('id').executeTakeFirstOrThrow()
  paperId = paper.id
})
afterAll(() => site.close())

const kinds = async (id: number) => (await listFeedback(site.tools.db, id)).map(({ kind }) => kind).sort()

async function signedIn(email: string) {
  const subscriber = await enlist(site, email)
  const visitor = visit(site.server)
  await visitor.post(`/preferences/${subscriber.manage}/session`)
  return { ...subscriber, visitor }
}

describe('a browser that stays signed in', () => {
  test('has buttons under every paper; one press stores, the next takes back, and both lead back to the list', async () => {
    const { id, visitor } = await signedIn('saver@example.org')
    const list = (await visitor.get('/trending')).body
    expect(list.match(/action="\/papers\/\d+\/say"/g)).toHaveLength(3)
    const stored = await visitor.post(`/papers/${paperId}/say`, { say: 'saved', back: '/trending?span=week' })
    expect([stored.statusCode, stored.headers.location]).toEqual([303, `/trending?span=week#p${paperId}`])
    await visitor.post(`/papers/${paperId}/say`, { say: 'saved' })
    await visitor.post(`/papers/${paperId}/say`, { say: 'less' })
    expect(await kinds(id)).toEqual(['less', 'saved'])
    const live = await visitor.post(`/papers/${paperId}/say`, { undo: 'saved' }, { 'hx-request': 'true' })
    expect(await kinds(id)).toEqual(['less'])
    expect(live.body).toMatch(/^<form class="say"/)
    expect(live.body).toMatch(/value="less" aria-pressed="true"/)
  })

  test('has them on its own pages too; by a link alone, and for another subscriber, there are none', async () => {
    const { manage, visitor } = await signedIn('tuner@example.org')
    const other = await enlist(site, 'other@example.org')
    const buttons = async (who: typeof visitor, token: string) => {
      const form = { part: 'topics', topicName: 'Ice', topicQuery: 'glaciers' }
      const { body } = await who.post(`/preferences/${token}/preview`, form, { 'hx-request': 'true' })
      expect(body).toContain('<mark>glaciers</mark>')
      return /\/say"/.test(body)
    }
    expect(await buttons(visitor, manage)).toBe(true)
    expect(await buttons(visit(site.server), manage)).toBe(false)
    expect(await buttons(visitor, other.manage)).toBe(false)
  })

  test('finds its preferences without a link, until it signs out', async () => {
    const { visitor } = await signedIn('home@example.org')
    expect((await visitor.get('/preferences')).headers.location).toBe('/preferences/me')
    expect((await visitor.get('/preferences/me')).body).toContain('home@example.org')
    expect((await visitor.post('/sign-out')).body).toContain('You are signed out')
    expect((await visitor.get('/preferences/me')).headers.location).toBe('/preferences')
  })

  test('sends nobody to another site', async () => {
    const { visitor } = await signedIn('away@example.org')
    for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x', '/a#b']) {
      const { headers } = await visitor.post(`/papers/${paperId}/say`, { say: 'more', back })
      expect(headers.location).toBe(`/trending#p${paperId}`)
    }
  })
})

describe('nothing is stored', () => {
  test('for a stranger', async () => {
    const answer = await visit(site.server).post(`/papers/${paperId}/say`, { say: 'more' })
    expect([answer.statusCode, answer.body.includes('not signed in')]).toEqual([401, true])
    expect((await visit(site.server).get('/trending')).body).not.toContain('/say"')
  })

  test.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('for a form that another site sends: %j', async (headers) => {
    const { id, visitor, manage } = await signedIn(`forged${Math.random()}@example.org`)
    const answer = await visitor.post(`/papers/${paperId}/say`, { say: 'more' }, headers)
    expect([answer.statusCode, await kinds(id)]).toEqual([403, []])
    const session = await visit(site.server).post(`/preferences/${manage}/session`, {}, headers)
    expect([session.statusCode, session.cookies]).toEqual([403, []])
  })

  test('when a link is opened, and the cookie holds another secret than the link', async () => {
    const { manage } = await enlist(site, 'opened@example.org')
    expect((await visit(site.server).get(`/preferences/${manage}`)).cookies).toEqual([])
    const [cookie] = (await visit(site.server).post(`/preferences/${manage}/session`)).cookies
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
    expect(cookie!.value).not.toContain(manage)
  })
})
