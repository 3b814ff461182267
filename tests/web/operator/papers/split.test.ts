import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../../../../src/domain.ts'
import { store } from '../../../support/listings.ts'
import {
  ADMIN_PASSWORD,
  dumpRows,
  formToken,
  openTestSite,
  type TestSite,
  visit,
} from '../../../support/web.ts'

let site: TestSite
let papers: { id: number; title: string }[]

const AUTHORS = ['Ann Ode', 'Bo Li', 'Cy Day']
const PAPER: Entry = {
  title: 'Mapping the Deep Sea with Small Robots',
  authors: AUTHORS,
  arxivId: '2611.00001',
}
const ODD: Entry = {
  title: 'Mapping the Deep Sea with Small Robots: <b>A Study</b>',
  authors: ['A. Ode', 'B. Li'],
}
const ATLAS: Entry = { title: 'A Sonar Atlas of the Deep Sea by Robots', authors: AUTHORS, doi: '10.1145/1' }

beforeAll(async () => {
  site = await openTestSite()
  const { tools } = site
  await store(tools, '2026-11-18', [PAPER])
  await store(tools, '2026-11-18', [ATLAS])
  papers = await tools.db.selectFrom('papers').select(['id', 'title']).orderBy('id').execute()
  await store(tools, '2026-11-19', [ODD], { format: 'text-dump' })
  await store(tools, '2026-11-20', [{ ...PAPER, doi: '10.1145/1' }])
})
afterAll(() => site.close())

const page = () => `/papers/${papers[0]!.id}`
const anybody = () => visit(site.server)

async function admin() {
  const visitor = visit(site.server, '192.0.2.9')
  await visitor.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD, next: '/admin' })
  return visitor
}

/** The addresses of the split buttons with the titles before them. */
const splits = (html: string) =>
  [...html.matchAll(/<strong dir="auto">(.*?)<\/strong>[\s\S]*?action="(\/admin\/merges\/\d+\/split)"/g)].map(
    ([, title, action]) => ({ title, action: action! }),
  )

test('the address of a paper that was joined to another leads there', async () => {
  const answer = await anybody().get(`/papers/${papers[1]!.id}`)
  expect([answer.statusCode, answer.headers.location]).toEqual([302, page()])
})

describe('what was merged, and why,', () => {
  test('stands on the admin’s page as text, and on nobody else’s', async () => {
    const shown = await (await admin()).get(page())
    expect(splits(shown.body).map(({ title }) => title)).toEqual([
      'Mapping the Deep Sea with Small Robots: &lt;b&gt;A Study&lt;/b&gt;',
      ATLAS.title,
    ])
    expect(shown.body).toContain('Why: titles alike, author ode.')
    expect(shown.body).toMatch(/Why: an entry is both: same arXiv id 2611\.00001; same DOI 10\.1145\/1\./)
    expect(shown.headers['cache-control']).toBe('no-store')
    const others = await anybody().get(page())
    expect(others.body).not.toMatch(/merged|Split|_csrf/)
    expect(others.headers.vary).toMatch(/cookie/i)
  })

  test('is split by nobody but the admin, and not without the form', async () => {
    const visitor = await admin()
    const { action } = splits((await visitor.get(page())).body)[0]!
    const before = await dumpRows(site)
    expect((await anybody().post(action)).statusCode).toBe(401)
    expect((await visitor.post(action)).statusCode).toBe(403)
    const token = formToken((await visitor.get(page())).body)
    const fromElsewhere = await visitor.post(action, { _csrf: token }, { 'sec-fetch-site': 'cross-site' })
    expect(fromElsewhere.statusCode).toBe(403)
    expect((await visitor.get(action)).statusCode).toBe(405)
    expect((await visitor.post('/admin/merges/999/split', { _csrf: token })).statusCode).toBe(404)
    expect((await visitor.post('/admin/merges/0x1/split', { _csrf: token })).statusCode).toBe(404)
    expect(await dumpRows(site)).toEqual(before)
  })

  test('split, has its own address again; both pages say what is kept apart, and the audit who did it', async () => {
    const visitor = await admin()
    const { action } = splits((await visitor.get(page())).body)[1]!
    const answer = await visitor.submit(page(), action, {})
    expect([answer.statusCode, answer.headers.location]).toEqual([303, page()])
    const atlas = await visitor.get(`/papers/${papers[1]!.id}`)
    expect([atlas.statusCode, atlas.body.includes(`<h1 dir="auto">${ATLAS.title}</h1>`)]).toEqual([200, true])
    expect(atlas.body).toContain(`href="${page()}"`)
    expect((await visitor.get(page())).body).toContain(`href="/papers/${papers[1]!.id}"`)
    expect((await visitor.get('/admin')).body).toMatch(
      new RegExp(`<td>admin</td><td>split</td><td>paper ${papers[0]!.id}</td>`),
    )
    const again = await visitor.submit(page(), action, {})
    expect(again.statusCode).toBe(404)
  })
})
