import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../src/db/audit.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { listTopics } from '../../src/db/subscribers/topics.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { suppress } from '../../src/subscribers/directory.ts'
import { exportList } from '../../src/subscribers/lists/exportList.ts'
import { importList, type Verdict } from '../../src/subscribers/lists/importList.ts'
import { unsubscribe } from '../../src/subscribers/membership.ts'
import type { NextJob } from '../../src/tools.ts'
import { dumpRows, enlist, openTestSite, type TestSite } from '../support/web.ts'

let site: TestSite

beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
afterEach(async () => {
  await site.tools.db.deleteFrom('subscribers').execute()
  await site.tools.db.deleteFrom('suppressions').execute()
  await site.tools.db.deleteFrom('mail_allowances').execute()
  site.mail.mails.length = 0
})

/** Imports a list and sends the mails that follow. */
async function take(text: string, options: { consent?: string; dryRun?: boolean } = {}): Promise<Verdict[]> {
  const jobs: NextJob[] = []
  const { verdicts } = await importList(site.tools, Readable.from([Buffer.from(text)]), {
    actor: 'command line',
    dryRun: false,
    takesUtf8: () => site.tools.mailer.takesUtf8(),
    enqueue: async (next) => {
      jobs.push(...next)
    },
    ...options,
  })
  const all: Verdict[] = []
  for await (const batch of verdicts) all.push(...batch)
  await runToEnd(jobs, site.tools)
  return all
}

const outcomes = (verdicts: Verdict[]) => verdicts.map(({ line, outcome }) => `${line} ${outcome}`)
const find = (email: string) => findSubscriberByEmail(site.tools.db, email)
const mailed = () => site.mail.mails.flatMap(({ rcptTo }) => rcptTo).sort()

async function written(query = {}): Promise<string> {
  let text = ''
  for await (const part of exportList(site.tools, query, 'command line')) text += part
  return text
}

describe('who an import takes', () => {
  test('named consent makes active, without a mail; nobody’s word has to be confirmed by mail', async () => {
    const list = [
      'Email;Consent Source;Consent date;Time Zone;Hour;Topics',
      'ann@example.org;paper form at the conference;2026-05-31;Europe/Berlin;7;Glaciers=glacier ice',
      'bob@example.org;;;;;',
    ].join('\r\n')
    expect(outcomes(await take(list))).toEqual(['2 active', '3 confirmation'])
    const ann = (await find('ann@example.org'))!
    expect(ann).toMatchObject({
      status: 'active',
      consent_source: 'import: paper form at the conference',
      confirmed_at: new Date('2026-05-31T00:00:00Z'),
      time_zone: 'Europe/Berlin',
      send_at: '07:00',
    })
    expect(ann.next_digest_at!.getTime()).toBeGreaterThan(site.tools.now().getTime())
    expect(await listTopics(site.tools.db, ann.id)).toEqual([
      { name: 'Glaciers', query: 'glacier ice', quota: null },
    ])
    expect(await find('bob@example.org')).toMatchObject({ status: 'pending', consent_source: 'import' })
    expect(mailed()).toEqual(['bob@example.org'])
  })

  test('consent of the whole list holds for rows that name none; a row that is pending confirms all the same', async () => {
    const list = 'email,status\nann@example.org,\nbob@example.org,pending\ncleo@example.org,paused\n'
    expect(outcomes(await take(list, { consent: 'old system' }))).toEqual([
      '2 active',
      '3 confirmation',
      '4 paused',
    ])
    expect((await find('cleo@example.org'))?.next_digest_at).toBeNull()
    expect(mailed()).toEqual(['bob@example.org'])
  })

  test('whoever said no is never made active: suppressed, unsubscribed, or so in an earlier list', async () => {
    await suppress(site.tools, 'sue@example.org', {
      actor: 'admin',
      cause: 'complaint',
      reason: 'complained',
    })
    await unsubscribe(site.tools, (await enlist(site, 'uma@example.org')).id)
    const no = 'email,status\nvic@example.org,unsubscribed\nwil@example.org,blocklisted\n'
    expect(outcomes(await take(no, { consent: 'old system' }))).toEqual(['2 unsubscribed', '3 suppressed'])
    const yes = 'email\nSUE@example.org\nUma@Example.org\nvic@example.org\nwil@example.org\n'
    const verdicts = await take(yes, { consent: 'old system' })
    expect(outcomes(verdicts)).toEqual(['2 refused', '3 refused', '4 refused', '5 refused'])
    expect(await find('sue@example.org')).toBeUndefined()
    expect(await find('uma@example.org')).toMatchObject({ status: 'unsubscribed' })
    expect(await find('vic@example.org')).toMatchObject({ status: 'unsubscribed' })
    expect(mailed()).toEqual([])
  })

  test('whoever is known stays as they are; a pending person becomes active once consent is named', async () => {
    await enlist(site, 'ann@example.org', { topics: [{ name: 'Owls', query: 'owl', quota: null }] })
    await take('email\nbob@example.org\n')
    const list = 'email,topics,max_papers\nann@example.org,Moss=moss,3\nbob@example.org,Glaciers=glacier,3\n'
    expect(outcomes(await take(list, { consent: 'a form' }))).toEqual(['2 known', '3 active'])
    const ann = (await find('ann@example.org'))!
    expect(ann).toMatchObject({ max_papers: 10, consent_source: 'command line' })
    expect((await listTopics(site.tools.db, ann.id))[0]?.name).toBe('Owls')
    const bob = (await find('bob@example.org'))!
    expect(bob).toMatchObject({ status: 'active', max_papers: 3, consent_source: 'import: a form' })
    expect((await listTopics(site.tools.db, bob.id))[0]?.name).toBe('Glaciers')
  })

  test('the same list again changes nothing, and mails nobody', async () => {
    const list = 'email,consent\nann@example.org,a form\nbob@example.org,\n'
    await take(list)
    const { audit: _once, ...before } = await dumpRows(site)
    expect(outcomes(await take(list))).toEqual(['2 known', '3 known'])
    const { audit: _twice, ...after } = await dumpRows(site)
    expect(after).toEqual(before)
    expect(mailed()).toEqual(['bob@example.org'])
  })

  test('a preview says the same and writes nothing', async () => {
    const list = 'email,consent\nann@example.org,a form\nnonsense,a form\n'
    const before = await dumpRows(site)
    const preview = await take(list, { dryRun: true })
    expect(await dumpRows(site)).toEqual(before)
    expect(await take(list)).toEqual(preview)
  })
})

describe('rows that are not taken', () => {
  test.each([
    ['nonsense', 'email', /address/i],
    [
      'ann@example.org,soon',
      'email,consent date',
      /Consent date: expected a day such as 2026-05-31, got "soon"/,
    ],
    ['ann@example.org,2199-01-01', 'email,consent date', /in the past/],
    ['ann@example.org,Mars/Olympus', 'email,time zone', /Time zone: Expected a time zone/],
    ['ann@example.org,25', 'email,hour', /Hour: Expected a time of day/],
    ['ann@example.org,keen', 'email,status', /Status: expected active, .*got "keen"/],
    ['ann@example.org,colour:red', 'email,topics', /Topic 1: .*colour/],
    ['ann@example.org,[1', 'email,topics', /Topics: expected lines/],
    ['ann@example.org,0', 'email,papers', /Papers: Expected a whole number/],
    ['"ann@example.org" x,a', 'email,consent', /quotes/],
  ])('%s', async (row, header, reason) => {
    const before = await dumpRows(site)
    const [verdict] = await take(`${header}\n${row}\n`)
    expect(verdict).toMatchObject({ line: 2, outcome: 'invalid' })
    expect(verdict!.reason).toMatch(reason)
    expect((await dumpRows(site)).subscribers).toEqual(before.subscribers)
  })

  test('the second row of an address is told the line of the first', async () => {
    const [, second] = await take('email\nann@example.org\nANN@example.org\n')
    expect(second).toMatchObject({ outcome: 'repeated', reason: 'Line 2 has the same address.' })
  })

  test('a table without addresses, and one without a header, are refused in one line', async () => {
    await expect(take('name,town\nAnn,Bonn\n')).rejects.toThrow(
      /expected a table whose first row names a column email/,
    )
    await expect(take('ann@example.org\n')).rejects.toThrow(/add the names of the columns/)
  })
})

describe('an export', () => {
  test('comes back as it was: states, consent, topics with all they say, suppressions', async () => {
    const topics = [
      { name: 'Owls', query: 'author:"=A. Owl" AND owl', quota: 3 },
      { name: 'Ice, and more', query: 'glacier', quota: null, pickiness: 'surely' as const },
    ]
    await enlist(site, 'ann@example.org', {
      topics,
      weekdays: [1, 3],
      timeZone: 'Asia/Tokyo',
      trendWeight: 0.4,
    })
    await unsubscribe(site.tools, (await enlist(site, 'bob@example.org')).id)
    await enlist(site, 'cleo@example.org')
    await suppress(site.tools, 'cleo@example.org', { actor: 'admin', cause: 'operator', reason: 'x' })
    await take('email\ndan@example.org\n')
    const before = await written()
    await site.tools.db.deleteFrom('subscribers').execute()
    await site.tools.db.deleteFrom('suppressions').execute()
    expect((await take(before)).map(({ email, outcome }) => `${email} ${outcome}`)).toEqual([
      'dan@example.org confirmation',
      'cleo@example.org suppressed',
      'bob@example.org unsubscribed',
      'ann@example.org active',
    ])
    const line = (text: string, email: string) => text.split('\r\n').find((row) => row.startsWith(email))!
    const dated = /"?\d{4}-\d{2}-\d{2}T[^,]*/g
    const after = await written()
    for (const email of ['ann@example.org', 'dan@example.org'])
      expect(line(after, email).replace(dated, '')).toBe(line(before, email).replace(dated, ''))
    const { id } = (await find('ann@example.org'))!
    expect(await listTopics(site.tools.db, id)).toEqual(topics)
  })

  test('holds what a filter finds, begins no formula, and is in the audit', async () => {
    await enlist(site, '=cmd@example.org')
    await enlist(site, 'bob@example.net')
    const text = await written({ search: 'example.org' })
    expect(text).toContain("\r\n'=cmd@example.org,active,")
    expect(text).not.toContain('bob@')
    const [entry] = await listAudit(site.tools.db, 1)
    expect(entry).toMatchObject({ actor: 'command line', action: 'exported a list of subscribers' })
    expect(JSON.stringify(entry!.details)).not.toContain('example.org')
    await site.tools.db.deleteFrom('subscribers').execute()
    expect(outcomes(await take(text))).toEqual(['2 active'])
    expect(await find('=cmd@example.org')).toBeDefined()
  })
})

describe('a no of a list', () => {
  const statuses = async (...names: string[]) =>
    Promise.all(names.map(async (name) => (await find(`${name}@example.org`))?.status))
  const suppressions = async () =>
    (await site.tools.db.selectFrom('suppressions').select('cause').execute()).length

  test('counts before a yes of the same list, wherever it stands', async () => {
    const list = [
      'email,status,consent',
      'eve@example.org,active,form',
      'eve@example.org,unsubscribed,form',
      'fay@example.org,active,form',
      'FAY@example.org,complained,form',
      'gus@example.org,unsubscribed,form',
      'gus@example.org,active,form',
    ].join('\n')
    const told = [
      '2 repeated',
      '3 unsubscribed',
      '4 repeated',
      '5 suppressed',
      '6 unsubscribed',
      '7 repeated',
    ]
    expect(outcomes(await take(list, { dryRun: true }))).toEqual(told)
    expect(outcomes(await take(list))).toEqual(told)
    expect(await statuses('eve', 'fay', 'gus')).toEqual(['unsubscribed', undefined, 'unsubscribed'])
    expect(await suppressions()).toBe(1)
  })

  test('also where the yes is stored already, a thousand rows before', async () => {
    const others = Array.from({ length: 1000 }, (_, index) => `o${index}@example.org,pending,`)
    const list = [
      'email,status,consent',
      'eve@example.org,active,form',
      ...others,
      'eve@example.org,unsubscribed,form',
    ]
    const told = await take(list.join('\n'))
    expect([told[0]!.outcome, told.at(-1)!.outcome]).toEqual(['active', 'unsubscribed'])
    expect(await statuses('eve')).toEqual(['unsubscribed'])
  })

  test('holds for people who are known here: a complaint for all, an unsubscribe for whoever came by a list', async () => {
    await enlist(site, 'here@example.org')
    await take('email,consent\nlisted@example.org,form\n')
    const list = 'email,status\nhere@example.org,unsubscribed\nlisted@example.org,unsubscribed\n'
    expect(outcomes(await take(list))).toEqual(['2 known', '3 unsubscribed'])
    expect(await statuses('here', 'listed')).toEqual(['active', 'unsubscribed'])
    expect(outcomes(await take('email,status\nhere@example.org,bounced\n'))).toEqual(['2 suppressed'])
    expect(await suppressions()).toBe(1)
    const before = await dumpRows(site)
    expect(outcomes(await take('email,status\nhere@example.org,bounced\n'))).toEqual(['2 refused'])
    expect({ ...(await dumpRows(site)), audit: 0 }).toEqual({ ...before, audit: 0 })
  })
})
