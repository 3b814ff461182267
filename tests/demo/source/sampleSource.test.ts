import { afterEach, describe, expect, test } from 'vitest'
import { startSampleSource } from '../../../src/demo/source/sampleSource.ts'
import { parsePage } from '../../../src/sources/formats/formats.ts'

const TODAY = '2026-11-23'
const DAYS = ['2026-11-23', '2026-11-22', '2026-11-21', '2026-11-20', '2026-11-19', '2026-11-18']

let time = new Date('2026-11-23T09:10:00Z')
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  time = new Date('2026-11-23T09:10:00Z')
  for (const close of closers.splice(0)) await close()
})

async function start(): Promise<string> {
  const source = await startSampleSource({ today: TODAY, now: () => time })
  closers.push(source.close)
  return source.url
}

async function listing(address: string) {
  const answer = await fetch(address)
  expect(answer.status).toBe(200)
  return parsePage(await answer.text(), 'auto')
}

describe('the listings', () => {
  test('the same papers, in the same order, in both markups and the API, each day on its own', async () => {
    const url = await start()
    for (const day of DAYS) {
      const recent = await listing(`${url}/papers/date/${day}`)
      const old = await listing(`${url}/papers?date=${day}`)
      const api = await listing(`${url}/api/daily_papers?date=${day}`)
      const ids = (from: typeof recent) =>
        from.entries.map((entry) => [entry.arxivId, entry.title, entry.abstract, entry.upvotes])
      expect([recent.format, old.format, api.format]).toEqual(['hf-page', 'hf-page', 'hf-daily-api'])
      expect([recent.listedOn, old.listedOn]).toEqual([day, day])
      expect([ids(old), ids(api)]).toEqual([ids(recent), ids(recent)])
      expect([...recent.rejects, ...old.rejects, ...api.rejects]).toEqual([])
      expect(recent.entries.length).toBeGreaterThan(2)
    }
  })

  test('66 papers or more, some of them on two days, fewer at weekends', async () => {
    const url = await start()
    const byDay = await Promise.all(
      DAYS.map(async (day) => (await listing(`${url}/papers/date/${day}`)).entries),
    )
    const ids = byDay.flat().map((entry) => entry.arxivId)
    expect(new Set(ids).size).toBeGreaterThanOrEqual(66)
    expect(ids.length).toBeGreaterThan(new Set(ids).size)
    expect(new Set(byDay.flat().map((entry) => entry.title)).size).toBe(new Set(ids).size)
    expect(byDay[1]!.length).toBeLessThan(byDay[0]!.length / 2)
    expect(ids.filter((id) => !/^2611\.9\d{4}$/.test(id!))).toEqual([])
  })

  test('upvotes grow with the hours and never fall; summaries come a day later', async () => {
    const url = await start()
    const votes = async () =>
      new Map(
        (await listing(`${url}/papers/date/${TODAY}`)).entries.map((entry) => [
          entry.arxivId,
          entry.upvotes!,
        ]),
      )
    const before = await votes()
    expect((await listing(`${url}/papers/date/${TODAY}`)).entries.filter((entry) => entry.aiSummary)).toEqual(
      [],
    )
    time = new Date('2026-11-24T09:10:00Z')
    const after = await votes()
    expect([...after].filter(([id, count]) => count < before.get(id)!)).toEqual([])
    expect([...after].filter(([id, count]) => count > before.get(id)!).length).toBe(before.size)
    expect(
      (await listing(`${url}/papers/date/${TODAY}`)).entries.filter(
        (entry) => entry.aiSummary && entry.keywords,
      ).length,
    ).toBe(before.size)
  })

  test('odd titles come through as they were written', async () => {
    const url = await start()
    const entries = (await Promise.all(DAYS.map((day) => listing(`${url}/papers?date=${day}`)))).flatMap(
      (page) => page.entries,
    )
    const titles = entries.map((entry) => entry.title)
    expect(titles).toContain('Make It <b>Bold</b>: Do Language Models Obey Markup They Were Not Given?')
    expect(titles).toContain('A Title Broken Over Three Lines By a Careful Typesetter')
    expect(
      titles.filter((title) => /\$\\mathcal|🤖|לקרוא|小さな/u.test(title)).length,
    ).toBeGreaterThanOrEqual(4)
    expect(entries.find((entry) => entry.title.startsWith('Make It'))?.abstract).toContain(
      '<script>alert("boo")</script> and &amp; that',
    )
  })
})

describe('as at the real source', () => {
  test('the newest list is at /papers, and days without a list redirect there', async () => {
    const url = await start()
    expect((await listing(`${url}/papers`)).listedOn).toBe(TODAY)
    for (const path of ['/papers/date/2020-01-01', '/papers/date/nonsense', '/papers?date=2026-11-24', '/']) {
      const answer = await fetch(url + path, { redirect: 'manual' })
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/papers'])
    }
  })

  test('the API answers [] for a day without papers, 400 for what is no day, and 50 without a date', async () => {
    const url = await start()
    expect(await (await fetch(`${url}/api/daily_papers?date=2020-01-01`)).json()).toEqual([])
    for (const date of ['2025-13-40', '2026-11-24', 'x'])
      expect((await fetch(`${url}/api/daily_papers?date=${date}`)).status).toBe(400)
    const { entries } = await listing(`${url}/api/daily_papers`)
    expect([entries.length, entries[0]?.listedOn]).toEqual([50, TODAY])
  })

  test('an unchanged page is not sent again, one with new upvotes is', async () => {
    const url = await start()
    const address = `${url}/papers/date/${TODAY}`
    const etag = (await fetch(address)).headers.get('etag')!
    const again = () => fetch(address, { headers: { 'if-none-match': etag } })
    expect((await again()).status).toBe(304)
    time = new Date('2026-11-23T11:10:00Z')
    expect((await again()).status).toBe(200)
  })

  test('each paper has a page, with its title as text', async () => {
    const url = await start()
    const paper = (await listing(`${url}/papers/date/${TODAY}`)).entries.find((entry) =>
      entry.title.includes('<b>'),
    )
    const page = await (await fetch(`${url}/papers/${paper!.arxivId}`)).text()
    expect(page).toContain('Make It &lt;b&gt;Bold&lt;/b&gt;')
    expect(page).not.toContain('<script>')
    expect((await fetch(`${url}/papers/2611.99999`)).status).toBe(404)
    expect((await fetch(`${url}/papers`, { method: 'POST' })).status).toBe(405)
  })
})
