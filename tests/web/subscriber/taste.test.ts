import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import { forgetTerm, giveFeedback, listFeedback } from '../../../src/subscribers/feedback.ts'
import { papersOn, store } from '../../support/listings.ts'
import { dumpRows, enlist, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let subscribers = 0
let papers: { id: number; title: string; arxiv_id: string | null }[]
let visitors = 0
/** Each from an address of their own: examples are limited. */
const me = () => visit(site.server, `198.51.100.${++visitors}`)
const subscriber = () => enlist(site, `subscriber${++subscribers}@example.org`, { topics: [] })
const saidBy = async (id: number) =>
  (await listFeedback(site.tools.db, id)).map(({ paperId, kind }) => [paperId, kind])
const rowOf = async (id: number) => (await findSubscriber(site.tools.db, id))!

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-20', papersOn('glaciers', 4))
  papers = await site.tools.db
    .selectFrom('papers')
    .select(['id', 'title', 'arxiv_id'])
    .orderBy('id')
    .execute()
})
afterAll(() => site.close())

describe('what was learned', () => {
  test('is learned from the first answer, however few papers there are', async () => {
    const { id, manage } = await subscriber()
    await giveFeedback(
      site.tools.db,
      { subscriberId: id, paperId: papers[0]!.id, kind: 'more' },
      site.tools.now(),
    )
    const { body } = await me().get(`/preferences/${manage}/taste`)
    expect(body).toContain('From 1 paper you like')
    expect(body).toContain(`aria-label="Undo: ${papers[0]!.title}"`)
  })

  test('is corrected by its buttons: undo, forget, and reset, and nothing of others changes', async () => {
    const { id, manage } = await subscriber()
    const other = await subscriber()
    for (const subscriberId of [id, other.id])
      for (const [index, kind] of (['more', 'less', 'saved'] as const).entries())
        await giveFeedback(
          site.tools.db,
          { subscriberId, paperId: papers[index]!.id, kind },
          site.tools.now(),
        )
    const others = [await saidBy(other.id), await rowOf(other.id)]
    const press = async (fields: Record<string, string>) =>
      (await me().post(`/preferences/${manage}/taste`, fields)).headers.location

    expect(await press({ undo: `less ${papers[1]!.id}` })).toBe(
      `/preferences/${manage}/taste?done=undone#taste`,
    )
    await press({ undo: `less ${papers[1]!.id}` })
    expect((await saidBy(id)).sort()).toEqual([
      [papers[0]!.id, 'more'],
      [papers[2]!.id, 'saved'],
    ])
    expect(await press({ forget: 'glacier' })).toBe(`/preferences/${manage}/taste?done=forgotten#taste`)
    await press({ forget: 'glacier' })
    expect((await rowOf(id)).forgotten_terms).toEqual(['glacier'])
    expect((await me().get(`/preferences/${manage}/taste?done=forgotten`)).body).toContain(
      'Forgotten: this word',
    )

    const before = await dumpRows(site)
    for (const fields of [{ undo: 'more' }, { undo: 'love 1' }, { undo: 'more 0' }, { reset: 'x' }, {}])
      expect(await press(fields as Record<string, string>)).toBe(`/preferences/${manage}/taste?done=#taste`)
    expect(await dumpRows(site)).toEqual(before)

    const data = (await me().get(`/preferences/${manage}/data`)).json()
    expect(data.feedback.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['more', 'saved'])
    await press({ reset: 'everything' })
    expect([await saidBy(id), (await rowOf(id)).forgotten_terms]).toEqual([[], []])
    expect([await saidBy(other.id), await rowOf(other.id)]).toEqual(others)
  })

  test('lists forgotten words and pasted texts, and takes back one without the others', async () => {
    const { id, manage } = await subscriber()
    const other = await subscriber()
    const press = async (fields: Record<string, string>) =>
      (await me().post(`/preferences/${manage}/taste`, fields)).headers.location
    for (const stem of ['glacier', 'snow']) await press({ forget: stem })
    for (const token of [manage, other.manage])
      await me().post(`/preferences/${token}/examples`, { text: 'Ice on Mars\nThe sound of violins' })
    const { body } = await me().get(`/preferences/${manage}/taste`)
    expect(body).toContain('aria-label="Let glacier count again"')
    expect(body).toContain('Texts you pasted (2)')
    const [, key] = /name="drop" value="(\w+)" aria-label="Undo: Ice on Mars"/.exec(body) ?? []

    expect(await press({ remember: 'glacier' })).toBe(`/preferences/${manage}/taste?done=remembered#taste`)
    expect((await rowOf(id)).forgotten_terms).toEqual(['snow'])
    for (let twice = 0; twice < 2; twice++)
      expect(await press({ drop: key! })).toBe(`/preferences/${manage}/taste?done=undone#taste`)
    const after = (await me().get(`/preferences/${manage}/taste`)).body
    expect(after).toContain('aria-label="Undo: The sound of violins"')
    expect(after).not.toMatch(/Ice on Mars|Let glacier/)
    expect((await me().get(`/preferences/${other.manage}/taste`)).body).toContain('Texts you pasted (2)')
  })

  test('keeps the newest 500 forgotten words', async () => {
    const { id } = await subscriber()
    for (let at = 0; at < 502; at++) await forgetTerm(site.tools.db, id, `word${at}`)
    const { forgotten_terms } = await rowOf(id)
    expect([forgotten_terms.length, forgotten_terms[0], forgotten_terms.at(-1)]).toEqual([
      500,
      'word2',
      'word501',
    ])
  })

  test('is nobody’s to correct by a link that is not theirs', async () => {
    const { unsubscribe } = await subscriber()
    const before = await dumpRows(site)
    for (const page of ['taste', 'examples'])
      expect(
        (await me().post(`/preferences/${unsubscribe}/${page}`, { reset: 'everything', text: 'ice' }))
          .statusCode,
      ).toBe(404)
    expect(await dumpRows(site)).toEqual(before)
  })
})

describe('papers named by the subscriber', () => {
  test('are found or kept, and the answer says it in words; the same again changes nothing', async () => {
    const { id, manage } = await subscriber()
    const text = `@article{a, title = {${papers[0]!.title}}, eprint = {${papers[0]!.arxiv_id}}, archiveprefix = {arXiv}}
@article{b, title = {On the {M\\"u}nster of penguins}, abstract = {Penguins walk.}}`
    const answer = await me().post(`/preferences/${manage}/examples`, { text })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('Found 1 paper, saved now; kept the text of 1 other; could not read 0.')
    expect(await saidBy(id)).toEqual([[papers[0]!.id, 'saved']])
    const before = await dumpRows(site)
    await me().post(`/preferences/${manage}/examples`, { text })
    expect(await dumpRows(site)).toEqual(before)
  })

  test('that cannot be read are listed with their place and why', async () => {
    const { manage } = await subscriber()
    const text = 'TY  - JOUR\nTI  - Penguins on the march\nER  - \n\nTY  - JOUR\nAU  - Nobody, N.\nER  - \n'
    const { body } = await me().post(`/preferences/${manage}/examples`, { text })
    expect(body).toContain('kept the text of 1 other; could not read 1.')
    expect(body).toMatch(
      /<li><strong>Line 5<\/strong>: <span dir="auto">expected [^<]*title[^<]*<\/span><\/li>/,
    )
  })

  test('come as a file too, also in the spelling of older programs', async () => {
    const { id, manage } = await subscriber()
    const send = (file: Buffer) =>
      me().send({
        method: 'POST',
        url: `/preferences/${manage}/examples`,
        headers: { accept: 'text/html', 'content-type': 'multipart/form-data; boundary=cut' },
        payload: Buffer.concat([
          Buffer.from('--cut\r\ncontent-disposition: form-data; name="text"\r\n\r\n\r\n--cut\r\n'),
          Buffer.from('content-disposition: form-data; name="file"; filename="my.bib"\r\n'),
          Buffer.from('content-type: application/x-bibtex\r\n\r\n'),
          file,
          Buffer.from('\r\n--cut--\r\n'),
        ]),
      })
    const bib = Buffer.from('@article{x, title = {Über das Eis der Gletscher und was es trägt}}', 'latin1')
    const answer = await send(bib)
    expect([answer.statusCode, answer.body.includes('kept the text of 1 other')]).toEqual([200, true])
    const { text } = await site.tools.db
      .selectFrom('taste_examples')
      .select('text')
      .where('subscriber_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(text).toContain('Über das Eis')
    const binary = await send(Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 1, 2, 0xff]))
    expect([binary.statusCode, binary.body.includes('got a file of another kind')]).toEqual([422, true])
    expect((await send(Buffer.alloc(2_000_000, 'a '))).statusCode).toBe(413)
    expect((await send(Buffer.alloc(300_000, 'a '))).body).toContain('Expected at most 200 kB of text')
  })

  test.each([
    ['nothing', ' ', 'Expected a library (BibTeX'],
    ['too much', 'penguins walk '.repeat(20_000), 'Expected at most 200 kB of text, got 280 kB'],
    ['a NUL', 'ice\0cream', 'Expected text such as a .bib file'],
  ])('%s is told in one line, what was typed stays, and nothing is stored', async (_name, text, words) => {
    const { manage } = await subscriber()
    const before = await dumpRows(site)
    const answer = await me().post(`/preferences/${manage}/examples`, { text })
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true])
    expect(answer.body).toContain(text.slice(0, 3))
    expect(await dumpRows(site)).toEqual(before)
  })
})

test.each<[string, string | undefined, string]>([
  ['without a body', undefined, ''],
  ['of JSON null', 'application/json', 'null'],
  ['without a boundary', 'multipart/form-data', 'x'],
  [
    'cut off',
    'multipart/form-data; boundary=cut',
    '--cut\r\ncontent-disposition: form-data; name="text"\r\n\r\nice',
  ],
  [
    'with a hostile field',
    'multipart/form-data; boundary=cut',
    '--cut\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nice\r\n--cut--\r\n',
  ],
])('a form %s is refused as the sender’s mistake and stores nothing', async (_name, type, payload) => {
  const { manage } = await subscriber()
  const before = await dumpRows(site)
  const { statusCode } = await me().send({
    method: 'POST',
    url: `/preferences/${manage}/examples`,
    headers: { accept: 'text/html', ...(type && { 'content-type': type }) },
    payload,
  })
  expect([400, 406, 413, 415, 422]).toContain(statusCode)
  expect(await dumpRows(site)).toEqual(before)
})

describe('what counts', () => {
  const FORM = { timeZone: 'UTC', sendAt: '08:00', weekday: ['1'], maxPapers: '10' }

  test('is set by a slider and two boxes; a form without them leaves it', async () => {
    const { id, manage } = await subscriber()
    const set = async () => {
      const { trend_weight, explore, counts_opens } = await rowOf(id)
      return [trend_weight, explore, counts_opens]
    }
    const page = (await me().get(`/preferences/${manage}/taste`)).body
    expect(page).toMatch(/type="range" min="0" max="1" step="0.05" value="0.15"/)
    await me().post(`/preferences/${manage}`, { ...FORM, trendWeight: '0.8' })
    expect(await set()).toEqual([0.8, false, false])
    await me().post(`/preferences/${manage}`, FORM)
    expect(await set()).toEqual([0.8, false, false])
    await me().post(`/preferences/${manage}`, { ...FORM, trendWeight: '0', explore: 'on', countsOpens: 'on' })
    expect(await set()).toEqual([0, true, true])
    await me().post(`/preferences/${manage}`, { ...FORM, trendWeight: '1', explore: 'on' })
    expect(await set()).toEqual([1, true, false])
  })

  test.each(['-0.1', '1.05', 'NaN', '1e3', '', 'a lot'])(
    'refuses %j as a trend weight',
    async (trendWeight) => {
      const { manage } = await subscriber()
      const before = await dumpRows(site)
      const answer = await me().post(`/preferences/${manage}`, { ...FORM, trendWeight })
      expect([answer.statusCode, answer.body.includes('id="trendWeight-error"')]).toEqual([422, true])
      expect(await dumpRows(site)).toEqual(before)
    },
  )

  test('a form that is refused again and again offers no more new topics than before', async () => {
    const { manage } = await subscriber()
    const rows = { topicName: ['', ''], topicQuery: ['ice', ''], topicQuota: ['0', ''] }
    const answer = await me().post(`/preferences/${manage}`, { ...rows, part: 'topics' })
    expect([answer.statusCode, answer.body.match(/Add a topic/g)?.length]).toEqual([422, 1])
  })
})
