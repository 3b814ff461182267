import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { endComposing, insertDigests } from '../../../src/db/digests/digests.ts'
import { insertSuppression, isSuppressed } from '../../../src/db/mail/suppressions.ts'
import { findSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import { listTopics } from '../../../src/db/subscribers/topics.ts'
import { addressHash } from '../../../src/mail/addressHash.ts'
import { papersOn, store } from '../../support/listings.ts'
import { dumpRows, enlist, openTestSite, type TestSite, tokenIn, visit } from '../../support/web.ts'

let site: TestSite
let subscribers = 0
const subscriber = () =>
  enlist(site, `subscriber${++subscribers}@example.org`, { topics: TOPICS, timeZone: 'Europe/Berlin' })
const TOPICS = [
  { name: 'Ice', query: 'glaciers', quota: 3 },
  { name: 'Music', query: 'violins', quota: null },
]
const me = () => visit(site.server, '198.51.100.1')

beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
afterEach(() => {
  site.setNow('2026-11-20T09:00:00Z')
  site.enqueued.length = 0
})

const FORM = {
  topicName: ['Ice', 'Music', '', ''],
  topicQuery: ['glaciers', 'violins', '', ''],
  topicQuota: ['3', '', '', ''],
  topicPlace: ['1', '2', '3', '4'],
  timeZone: 'Europe/Berlin',
  sendAt: '08:00',
  weekday: ['1', '2', '3', '4', '5', '6', '7'],
  maxPapers: '10',
}
const topicsOf = (id: number) => listTopics(site.tools.db, id)
const rowOf = async (id: number) => (await findSubscriber(site.tools.db, id))!

describe('the preferences page', () => {
  test('shows what is set, and saving that changes none of it', async () => {
    const { id, manage } = await subscriber()
    await site.tools.db
      .updateTable('subscribers')
      .set({ next_digest_at: new Date('2026-11-21T07:00:00Z') })
      .where('id', '=', id)
      .execute()
    const before = await rowOf(id)
    const page = await me().get(`/preferences/${manage}`)
    expect(page.body).toContain('value="glaciers"')
    expect((await me().get(`/preferences/${manage}/schedule`)).body).toContain('value="Europe/Berlin"')
    expect(page.body).toContain('Next digest: 21 Nov 2026, 08:00 (Europe/Berlin)')
    const saved = await me().post(`/preferences/${manage}`, FORM)
    expect([saved.statusCode, saved.headers.location]).toEqual([303, `/preferences/${manage}?done=saved`])
    expect(await rowOf(id)).toEqual(before)
    expect(await topicsOf(id)).toEqual(TOPICS)
  })

  test('a day that has its digest already, as that of the confirmation, is not named as the next', async () => {
    const { id, manage } = await subscriber()
    const due_at = new Date('2026-11-21T07:00:00Z')
    await site.tools.db
      .updateTable('subscribers')
      .set({ next_digest_at: due_at })
      .where('id', '=', id)
      .execute()
    const digest = { subscriber_id: id, local_date: '2026-11-21', due_at, status: 'sent' } as const
    await site.tools.db.insertInto('digests').values(digest).execute()
    const page = await me().get(`/preferences/${manage}`)
    expect(page.body).toContain('Next digest: 22 Nov 2026, 08:00 (Europe/Berlin)')
  })

  test('edits, adds, removes and orders topics', async () => {
    const { id, manage } = await subscriber()
    await me().post(`/preferences/${manage}`, {
      ...FORM,
      topicName: ['Ice sheets', 'Music', 'Birds', ''],
      topicQuery: ['glaciers "ice sheet"', 'violins', 'finches', 'whales'],
      topicQuota: ['5', '', '', '2'],
      topicPlace: ['3', '2', '1', '4'],
      topicRemove: '1',
    })
    expect(await topicsOf(id)).toEqual([
      { name: 'Birds', query: 'finches', quota: null },
      { name: 'Ice sheets', query: 'glaciers "ice sheet"', quota: 5 },
      { name: 'Whales', query: 'whales', quota: 2 },
    ])
  })

  test('a new hour counts from now on: strictly later, on the days chosen, in the zone chosen', async () => {
    const { id, manage } = await subscriber()
    await site.tools.db
      .updateTable('subscribers')
      .set({ next_digest_at: new Date('2026-11-21T07:00:00Z') })
      .where('id', '=', id)
      .execute()
    await me().post(`/preferences/${manage}`, {
      ...FORM,
      sendAt: '18:00',
      timeZone: 'Asia/Tokyo',
      weekday: ['1', '5'],
      maxPapers: '25',
    })
    expect(await rowOf(id)).toMatchObject({
      send_at: '18:00',
      time_zone: 'Asia/Tokyo',
      weekdays: [1, 5],
      max_papers: 25,
      next_digest_at: new Date('2026-11-23T09:00:00Z'),
    })
  })

  test('a first digest that is due and not planned yet stays due', async () => {
    const { id, manage } = await subscriber()
    await me().post(`/preferences/${manage}`, { ...FORM, sendAt: '18:00' })
    expect((await rowOf(id)).next_digest_at).toEqual(new Date('2026-11-20T09:00:00Z'))
  })

  test('says what is wrong beside the field, keeps what was typed and saves nothing', async () => {
    const { id, manage } = await subscriber()
    const before = await dumpRows(site)
    const answer = await me().post(`/preferences/${manage}`, {
      ...FORM,
      weekday: [],
      maxPapers: '0',
      topicQuery: ['glaciers', '(robots" ^x', '', ''],
      topicQuota: ['0', '', '', ''],
    })
    expect(answer.statusCode).toBe(422)
    for (const field of ['topics-1-query', 'topics-0-quota'])
      expect(answer.body).toContain(`id="${field}-error"`)
    const schedule = await me().post(`/preferences/${manage}`, {
      ...FORM,
      part: 'schedule',
      weekday: [],
      maxPapers: '0',
    })
    expect(schedule.statusCode).toBe(422)
    for (const field of ['weekdays', 'maxPapers']) expect(schedule.body).toContain(`id="${field}-error"`)
    expect(answer.body).toContain('value="(robots&quot; ^x"')
    // The summary stands first, is focused, and names each field by its label.
    const summary = /<div class="notice bad"[^>]* autofocus>.*?<\/div>/s.exec(answer.body)?.[0] ?? ''
    const named = Array.from(summary.matchAll(/<a href="#([^"]*)">([^<]*)<\/a>: [^<]+</g), (m) => m.slice(1))
    expect(named.sort()).toEqual([
      ['maxPapers', 'Papers at most'],
      ['topics-0-quota', 'Topic 1, at most'],
      ['topics-1-query', 'Topic 2, looks for'],
      ['weekdays', 'Days'],
    ])
    expect(await dumpRows(site)).toEqual(before)
    expect(await topicsOf(id)).toEqual(TOPICS)
  })

  test('saves one tab and leaves the others as they are', async () => {
    const { id, manage } = await subscriber()
    const saved = await me().post(`/preferences/${manage}`, {
      part: 'schedule',
      timeZone: 'new york',
      sendAt: '06:30',
      weekday: ['1'],
      maxPapers: '5',
    })
    expect(saved.headers.location).toBe(`/preferences/${manage}/schedule?done=saved`)
    expect(await rowOf(id)).toMatchObject({
      time_zone: 'America/New_York',
      send_at: '06:30',
      weekdays: [1],
      max_papers: 5,
    })
    expect(await topicsOf(id)).toEqual(TOPICS)
    await me().post(`/preferences/${manage}`, {
      part: 'topics',
      topicName: '',
      topicQuery: '"x ray" imaging -video',
      follow: 'Ada "x',
    })
    expect(await topicsOf(id)).toEqual([
      { name: 'Ada x', query: 'author:"Ada x"', quota: null },
      { name: 'X ray, imaging', query: '"x ray" imaging -video', quota: null },
    ])
    expect(await rowOf(id)).toMatchObject({ send_at: '06:30' })
  })

  test('shows what typed topics would bring, with their words marked, and stores nothing', async () => {
    await store(site.tools, '2026-11-19', papersOn('harpsichords', 4, 501))
    const { manage } = await subscriber()
    const before = await dumpRows(site)
    const form = { part: 'topics', topicName: 'Music', topicQuery: 'harpsichord', add: '0 violins' }
    const page = await me().post(`/preferences/${manage}/preview`, form)
    expect([page.statusCode, page.body.includes('value="harpsichord violins"')]).toEqual([200, true])
    expect(page.body).toMatch(/<mark>harpsichords<\/mark>/)
    const live = await me().post(`/preferences/${manage}/preview`, form, { 'hx-request': 'true' })
    expect(live.body).toMatch(/^<p class="soft small" role="status">4 papers of \d+ listed/)
    expect(live.body).toMatch(/id="topic-0-spark" hx-swap-oob="true"><svg/)
    const unread = await me().post(
      `/preferences/${manage}/preview`,
      { ...form, topicQuery: '"x', add: '' },
      { 'hx-request': 'true' },
    )
    expect(unread.body).toContain('class="error"')
    expect(await dumpRows(site)).toEqual(before)
  })

  test('papers that were just missed are rows below a preview that holds none, each with what it lacked', async () => {
    await store(site.tools, '2026-11-19', papersOn('clavichords', 2, 701))
    const { manage } = await subscriber()
    const form = { part: 'topics', topicName: 'Music', topicQuery: 'clavichords min:9000' }
    const { body } = await me().post(`/preferences/${manage}/preview`, form, { 'hx-request': 'true' })
    expect(body).toMatch(/<p>None of \d+ papers matched “Music”\.<\/p>/)
    const rows = /<ol class="rows missed">(.*?)<\/ol>/s.exec(body)![1]!
    expect(
      [...rows.matchAll(/<a href="\/papers\/\d+">Study (\d+) of clavichords/g)].map(([, number]) => number),
    ).toEqual(['00702', '00701'])
    expect(rows.match(/<bdi>fewer than 9000 upvotes<\/bdi>/g)).toHaveLength(2)
    expect(body).not.toContain('Nearest:')
  })

  test('an author’s spellings are shown, and one that is somebody else is ruled out by its button', async () => {
    const by = (authors: string[], from: number) =>
      papersOn('lute strings', 1, from).map((entry) => ({ ...entry, authors }))
    await store(site.tools, '2026-11-19', [...by(['Ada Lutz'], 601), ...by(['A. Lutz'], 602)])
    // What a month holds is read anew after some minutes.
    site.setNow('2026-11-20T10:00:00Z')
    const { manage } = await subscriber()
    const form = { part: 'topics', topicName: 'Ada', topicQuery: 'author:"Ada Lutz"' }
    const page = await me().post(`/preferences/${manage}/preview`, form)
    const button = /name="add" value="(0 -author:&quot;=A\. Lutz&quot;)"[^>]* aria-label="Not A\. Lutz"/.exec(
      page.body,
    )
    const add = button![1]!.replaceAll('&quot;', '"')
    const next = await me().post(`/preferences/${manage}/preview`, { ...form, add })
    expect(next.body).toContain('value="author:&quot;Ada Lutz&quot; -author:&quot;=A. Lutz&quot;"')
    expect(next.body).not.toContain('aria-label="Not A. Lutz"')
    expect(next.body).toContain('aria-label="Not Ada Lutz"')
  })

  test('an organization can be followed as an author can', async () => {
    const { id, manage } = await subscriber()
    await me().post(`/preferences/${manage}`, { ...FORM, follow: 'Museum of Bells', followKind: 'org' })
    expect((await topicsOf(id))[0]).toEqual({
      name: 'Museum of Bells',
      query: 'org:"Museum of Bells"',
      quota: null,
    })
  })

  test('a form of thousands of topics is refused without reading them', async () => {
    const { id, manage } = await subscriber()
    const answer = await me().post(`/preferences/${manage}`, {
      topicQuery: Array.from({ length: 18_000 }, () => 'a'),
    })
    expect([answer.statusCode, answer.body.length < 100_000]).toEqual([422, true])
    expect(answer.body).toMatch(/Expected at most 12 topics/)
    expect(await topicsOf(id)).toEqual(TOPICS)
  })

  test('a preview of thousands of topics looks at no more than may be saved', async () => {
    const { manage } = await subscriber()
    const topicQuery = Array.from({ length: 9_000 }, () => 'author:a')
    const { statusCode, body } = await me().post(`/preferences/${manage}/preview`, { topicQuery })
    expect([statusCode, body.match(/name="topicQuery"/g)?.length]).toEqual([200, 12])
  })

  test('pauses and resumes, unsubscribes and comes back', async () => {
    const { id, manage } = await subscriber()
    const seen = []
    for (const action of ['pause', 'pause', 'resume', 'unsubscribe', 'resume', 'resubscribe', 'nonsense']) {
      await me().post(`/preferences/${manage}/status`, { action })
      const { status, next_digest_at } = await rowOf(id)
      seen.push([action, status, next_digest_at?.toISOString() ?? null])
    }
    const next = '2026-11-21T07:00:00.000Z'
    expect(seen).toEqual([
      ['pause', 'paused', null],
      ['pause', 'paused', null],
      ['resume', 'active', next],
      ['unsubscribe', 'unsubscribed', null],
      ['resume', 'unsubscribed', null],
      ['resubscribe', 'active', next],
      ['nonsense', 'active', next],
    ])
  })
})

describe('the archive', () => {
  test('lists every digest with what became of it and why, and opens those that have papers', async () => {
    await store(site.tools, '2026-11-20', papersOn('glaciers', 4))
    const { id, manage } = await subscriber()
    const [failed] = await insertDigests(site.tools.db, [
      { subscriber_id: id, local_date: '2026-11-18', due_at: site.tools.now() },
    ])
    await endComposing(
      site.tools.db,
      failed!,
      'failed',
      'the mail server refused it for good: 550 <mailbox> full',
    )
    site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
    await site.runJobs()
    const { body } = await me().get(`/preferences/${manage}/archive`)
    expect(body).toContain('Wednesday, 18 November 2026')
    expect(body).toContain('Why: the mail server refused it for good: 550 &lt;mailbox&gt; full')
    const link = new RegExp(`/preferences/${manage}/digests/\\d+`).exec(body)?.[0]
    const digest = await me().get(link!)
    expect([digest.statusCode, digest.body.includes('of glaciers')]).toEqual([200, true])
    const other = await subscriber()
    expect((await me().get(link!.replace(manage, other.manage))).statusCode).toBe(404)
  })

  test('makes a past day again with today’s topics, and stores nothing', async () => {
    await store(site.tools, '2026-11-12', papersOn('glaciers', 2, 701))
    const { manage } = await subscriber()
    const before = await dumpRows(site)
    const page = await me().get(`/preferences/${manage}/archive?day=2026-11-13`)
    expect(page.body).toContain('Friday, 13 November 2026: 2 papers')
    expect(page.body).toMatch(/Study 00702 of <mark>glaciers<\/mark>/)
    const empty = await me().get(`/preferences/${manage}/archive?day=2026-10-01`)
    expect([empty.statusCode, empty.body.includes('Thursday, 1 October 2026: no paper')]).toEqual([200, true])
    expect(await dumpRows(site)).toEqual(before)
  })

  test.each(['2026-11-20', '2026-02-30', '2031-01-01', '<b>', ''])(
    'a day “%s” that is none is told beside its field',
    async (day) => {
      const { manage } = await subscriber()
      const { statusCode, body } = await me().get(
        `/preferences/${manage}/archive?day=${encodeURIComponent(day)}`,
      )
      const words = `Expected a day before 2026-11-20, such as 2026-11-19, got “${day.replace('<', '&lt;').replace('>', '&gt;')}”.`
      expect([statusCode, body.includes(words)]).toEqual([200, day !== ''])
    },
  )
})

describe('my data', () => {
  test('can be downloaded as JSON, without secrets', async () => {
    const { id, manage } = await subscriber()
    const answer = await me().get(`/preferences/${manage}/data`)
    expect(answer.headers['content-disposition']).toBe('attachment; filename="paperboy-my-data.json"')
    const data = answer.json()
    expect(data.subscriber).toMatchObject({ id, time_zone: 'Europe/Berlin', status: 'active' })
    expect(data.topics).toEqual(TOPICS)
    expect(Object.keys(data)).toEqual([
      'subscriber',
      'topics',
      'signUp',
      'addressChange',
      'digests',
      'papers',
      'feedback',
      'tasteExamples',
      'mailEvents',
    ])
  })

  test('is deleted by a button on a page of its own, all of it, and nothing of others', async () => {
    await subscriber()
    const before = await dumpRows(site)
    const { id, manage } = await subscriber()
    const { email } = await rowOf(id)
    await insertSuppression(site.tools.db, addressHash(email, site.tools.secret), 'complaint')
    const [digest] = await insertDigests(site.tools.db, [
      { subscriber_id: id, local_date: '2026-11-19', due_at: site.tools.now() },
    ])
    await site.tools.db
      .insertInto('mail_events')
      .values({
        digest_id: digest!,
        subscriber_id: id,
        kind: 'rejected',
        detail: `550 <${email}>`,
        at: site.tools.now(),
      })
      .execute()
    await site.tools.db
      .insertInto('captured_mails')
      .values({
        received_at: site.tools.now(),
        mail_from: 'a@b.example',
        rcpt_to: [email.toUpperCase()],
        subject: 's',
        raw: Buffer.from(email),
      })
      .execute()

    expect((await me().get(`/preferences/${manage}/delete`)).body).toContain(email)
    const answer = await me().post(`/preferences/${manage}/delete`)
    expect([answer.statusCode, answer.body.includes('Your data is deleted')]).toEqual([200, true])
    const after = await dumpRows(site)
    expect({ ...after, audit: 0, suppressions: 0 }).toEqual({ ...before, audit: 0, suppressions: 0 })
    expect(JSON.stringify(after)).not.toContain(email)
    expect(await isSuppressed(site.tools.db, addressHash(email, site.tools.secret))).toBe(true)
    expect((await me().get(`/preferences/${manage}`)).statusCode).toBe(404)
  })
})

describe('a new link', () => {
  test('is mailed to a subscriber, and the answer tells nobody who is one', async () => {
    const { id } = await subscriber()
    const { email } = await rowOf(id)
    const known = await visit(site.server, '198.51.100.7').submit('/preferences', '/preferences', { email })
    const unknown = await visit(site.server, '198.51.100.7').submit('/preferences', '/preferences', {
      email: 'nobody@example.org',
    })
    expect([known.statusCode, known.headers.location, known.body]).toEqual([
      unknown.statusCode,
      unknown.headers.location,
      unknown.body,
    ])
    const mails = site.mail.mails.length
    await site.runJobs()
    expect(site.mail.mails).toHaveLength(mails + 1)
    const token = tokenIn(site.mail.mails.at(-1)?.parsed.text, 'preferences')
    expect((await me().get(`/preferences/${token}`)).body).toContain(email)
  })
})
