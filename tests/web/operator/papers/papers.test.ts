import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../../../src/db/audit.ts'
import type { Entry } from '../../../../src/domain.ts'
import { runToEnd } from '../../../../src/jobs/pipeline.ts'
import { planDigests } from '../../../../src/jobs/planDigests.ts'
import { store } from '../../../support/listings.ts'
import {
  ADMIN_PASSWORD,
  enlist,
  openTestSite,
  type TestSite,
  type Visitor,
  visit,
} from '../../../support/web.ts'

let site: TestSite
let admin: Visitor
const DAY = '2026-11-20'

const OWLS: Entry = {
  title: 'How Owls Hear the Rustle of Mice',
  abstract: 'We measure how owls hear.',
  authors: ['Ann Ode'],
  arxivId: '2611.00001',
  upvotes: 9,
  categories: ['q-bio.NC'],
}
const TIDES: Entry = {
  title: 'Tides of the Inner Sea',
  abstract: 'Owls are not in it, tides are.',
  authors: ['Bo Li'],
  arxivId: '2611.00002',
  upvotes: 3,
}
const TWIN: Entry = {
  title: 'Of Owls and What They Hear',
  authors: ['Ann Ode'],
  doi: '10.1145/7',
  upvotes: 5,
}

beforeAll(async () => {
  site = await openTestSite()
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  await store(site.tools, DAY, [OWLS, TIDES])
  await store(site.tools, DAY, [TWIN])
})
afterAll(() => site.close())

const ids = new Map<string, number>()
beforeEach(async () => {
  const rows = await site.tools.db.selectFrom('papers').select(['id', 'title']).execute()
  for (const { id, title } of rows) ids.set(title, id)
})
const idOf = ({ title }: Entry) => ids.get(title)!
/** A page without its tags: found words are marked in titles. */
const body = async (url: string) => (await visit(site.server).get(url)).body.replace(/<[^>]*>/g, '')

test('finds papers by words of a title in any order, by number, arXiv id and DOI', async () => {
  const found = async (search: string) => {
    const page = (await admin.get(`/admin/papers?search=${encodeURIComponent(search)}`)).body
    return [OWLS, TIDES, TWIN]
      .filter(({ title }) => page.includes(`">${title}</a>`))
      .map(({ title }) => title)
  }
  const everything = async () => [
    await found('mice owls'),
    await found('owls'),
    await found('rust hea'),
    await found('arXiv:2611.00002v2'),
    await found('https://doi.org/10.1145/7'),
    await found(`${idOf(TIDES)}`),
    await found("100%_ 'o' \\ & | ! <-> :*"),
    await found('+++'),
  ]
  const expected = [
    [OWLS.title],
    [OWLS.title, TWIN.title],
    [OWLS.title],
    [TIDES.title],
    [TWIN.title],
    [TIDES.title],
    [],
    [],
  ]
  expect(await everything()).toEqual(expected)
  // The same once full-text search knows them.
  await runToEnd([{ name: 'indexPapers', payload: { after: 0 } }], site.tools)
  expect(await everything()).toEqual(expected)
})

describe('a hidden paper', () => {
  const PLACES = [
    '/trending',
    '/trending?span=week&order=rising',
    '/trending?q=owls&span=week',
    '/search?q=owls',
    '/feeds/papers.atom',
    '/feeds/papers.json?q=owls',
  ]

  test('is in no list, search, feed or digest, and for nobody but the admin a page', async () => {
    for (const place of PLACES)
      expect([place, (await body(place)).includes(OWLS.title)]).toEqual([place, true])
    const { manage } = await enlist(site, 'reader@example.org', {
      topics: [{ name: 'Owls', query: 'owls', quota: 5 }],
    })
    await admin.submit('/admin/papers?search=owls', `/admin/papers/${idOf(OWLS)}/hide`, {})
    for (const place of PLACES)
      expect([place, (await body(place)).includes(OWLS.title)]).toEqual([place, false])
    expect((await visit(site.server).get(`/papers/${idOf(OWLS)}`)).statusCode).toBe(404)
    expect((await visit(site.server).get(`/papers/${idOf(OWLS)}/cite.bib`)).statusCode).toBe(404)
    expect((await admin.get(`/papers/${idOf(OWLS)}`)).body).toContain('Hidden since')
    expect(await body(`/preferences/${manage}/more/${idOf(OWLS)}`)).not.toContain(OWLS.title)
    await runToEnd(
      [{ name: planDigests.name, payload: { tick: site.tools.now().toISOString() } }],
      site.tools,
    )
    const [mail] = site.mail.mails.splice(0)
    expect([mail!.raw.includes(TWIN.title), mail!.raw.includes(OWLS.title)]).toEqual([true, false])
  })

  test('stays hidden when a list brings it again, and comes back when it is shown', async () => {
    await store(site.tools, '2026-11-19', [{ ...OWLS, upvotes: 99 }])
    expect(await body('/search?q=owls')).not.toContain(OWLS.title)
    expect((await admin.get('/admin/papers?hidden=on')).body).toContain(OWLS.title)
    await admin.submit('/admin/papers?hidden=on', `/admin/papers/${idOf(OWLS)}/show`, {})
    for (const place of PLACES)
      expect([place, (await body(place)).includes(OWLS.title)]).toEqual([place, true])
    const deeds = (await listAudit(site.tools.db, 20)).map(({ action }) => action)
    expect(deeds).toEqual(expect.arrayContaining(['hid a paper', 'showed a paper again']))
  })

  test('is taken out of a digest that waits, and a digest of it alone is not sent', async () => {
    const { db } = site.tools
    const { id } = await enlist(site, 'tides@example.org', {
      topics: [{ name: 'Tides', query: 'tides', quota: 5 }],
    })
    const digest = await db
      .insertInto('digests')
      .values({ subscriber_id: id, local_date: DAY, due_at: site.tools.now(), status: 'sending' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const item = { digest_id: digest.id, position: 1, paper_id: idOf(TIDES), topic: 'Tides', score: 1 }
    await db
      .insertInto('digest_items')
      .values({ ...item, reasons: '[]', reserved_for: id })
      .execute()
    await admin.submit('/admin/papers?search=tides', `/admin/papers/${idOf(TIDES)}/hide`, {})
    const { status, reason } = await db
      .selectFrom('digests')
      .selectAll()
      .where('id', '=', digest.id)
      .executeTakeFirstOrThrow()
    expect([status, reason]).toEqual(['skipped', 'all its papers were hidden'])
  })
})

describe('two papers', () => {
  test('are shown side by side, joined by hand, and split again', async () => {
    const [owls, twin] = [idOf(OWLS), idOf(TWIN)]
    const look = `/admin/papers/join?one=${twin}&other=${owls}`
    expect((await admin.get(look)).body).toContain('Two papers: ')
    const answer = await admin.submit(look, '/admin/papers/join', { one: `${twin}`, other: `${owls}` })
    expect(answer.headers.location).toBe(`/papers/${owls}`)
    expect((await visit(site.server).get(`/papers/${twin}`)).headers.location).toBe(`/papers/${owls}`)
    const page = (await admin.get(`/papers/${owls}`)).body
    expect(page).toContain('Why: joined by an admin.')
    expect((await store(site.tools, DAY, [TWIN])).new).toBe(0)
    await admin.submit(`/papers/${owls}`, /action="(\/admin\/merges\/\d+\/split)"/.exec(page)![1]!, {})
    expect((await visit(site.server).get(`/papers/${twin}`)).statusCode).toBe(200)
  })

  test('that were split may be joined again', async () => {
    const pair = { one: `${idOf(OWLS)}`, other: `${idOf(TWIN)}` }
    await admin.submit(`/papers/${pair.one}`, '/admin/papers/join', pair)
    expect((await store(site.tools, DAY, [OWLS, TWIN])).new).toBe(0)
    expect((await visit(site.server).get(`/papers/${pair.other}`)).headers.location).toBe(
      `/papers/${pair.one}`,
    )
  })

  test('must be two, and stored', async () => {
    const none = await admin.get('/admin/papers/join?one=9999&other=x')
    expect([none.statusCode, none.body.includes('got &quot;9999&quot;')]).toEqual([422, true])
    const { one } = { one: `${idOf(OWLS)}` }
    expect((await admin.get(`/admin/papers/join?one=${one}&other=${one}`)).body).toContain(
      'Expected two papers',
    )
    expect((await admin.submit(`/papers/${one}`, '/admin/papers/join', { one, other: one })).statusCode).toBe(
      404,
    )
  })
})

test('a merge in doubt needs a person, until somebody finds it right', async () => {
  const { db } = site.tools
  await store(site.tools, DAY, [{ title: 'Tides of the Inner Seas', authors: ['B. Li'] }], {
    format: 'text-dump',
  })
  await db.updateTable('paper_merges').set({ score: 0.4 }).where('undone_at', 'is', null).execute()
  expect((await admin.get('/admin')).body).toMatch(/\d merges? in doubt/)
  const page = (await admin.get('/admin/papers?doubt=on')).body
  expect(page).toContain('odds 1.5 to 1')
  const merge = [...page.matchAll(/name="merge" value="(\d+)"/g)].map(([, id]) => id!)
  await admin.submit('/admin/papers?doubt=on', '/admin/merges/approve', { merge })
  expect((await admin.get('/admin')).body).not.toContain('in doubt</strong>')
  expect((await admin.get('/admin/papers')).body).toContain('None is in doubt')
})
