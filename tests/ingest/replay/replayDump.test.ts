import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listPapers } from '../../../src/db/papers/listedPapers.ts'
import { chooseDigest } from '../../../src/digests/chooseDigest.ts'
import { dateInName } from '../../../src/ingest/replay/replayDump.ts'
import { runToEnd } from '../../../src/jobs/pipeline.ts'
import { parseTopicOption } from '../../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../../src/subscribers/preferences.ts'
import { signUp } from '../../../src/subscribers/subscribing.ts'
import { replayBytes, replayFile, type TestReplay } from '../../support/replay.ts'
import { openTestTools, type TestTools } from '../../support/tools.ts'

const SHARED = '../shared'
const DUMP = join(SHARED, 'dumps/hf-papers-search-page.txt')

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const replay = (path: string, options?: TestReplay) => replayFile(path, test_.tools, options)

async function countRows() {
  const count = async (table: 'papers' | 'sightings' | 'pages' | 'paper_keys' | 'sources') =>
    (
      await test_.tools.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  return {
    papers: await count('papers'),
    sightings: await count('sightings'),
    pages: await count('pages'),
    keys: await count('paper_keys'),
    sources: await count('sources'),
  }
}

describe('what cannot be read', () => {
  const cases: [string, Buffer, RegExp][] = [
    ['an empty file', Buffer.from(''), /empty/i],
    ['prose', Buffer.from('Dear diary,\n\ntoday it rained.\n'), /expected/i],
    [
      'a page without papers',
      Buffer.from('<!doctype html><html><body><p>Hello</p></body></html>'),
      /listing|papers/i,
    ],
    ['NUL bytes', Buffer.from('A title\0\nAn abstract'), /NUL/i],
    ['invalid UTF-8', Buffer.from([0x54, 0x69, 0xff, 0xfe, 0x41, 0x0a]), /UTF-8/i],
    ['JSON of something else', Buffer.from('{"weather":"fine"}'), /expected/i],
    ['one endless line', Buffer.alloc(8 * 1024 * 1024, 'a'), /expected/i],
  ]
  test.each(cases)('%s: one line that says so, and nothing is stored', async (_name, body, reason) => {
    const before = await countRows()
    const { failures, files } = await replayBytes('dump.txt', body, test_.tools)
    expect(failures).toEqual([{ file: 'dump.txt', reason: expect.stringMatching(reason) }])
    expect(failures[0]!.reason).not.toContain('\n')
    expect(files).toBe(0)
    expect(await countRows()).toEqual(before)
  })
})

test('the date in a file’s name is found, and only a real one', () => {
  expect(
    ['2026-04-01.json', 'papers-2024-08-01.html', 'x-2026-13-45.txt', '12026-01-011', 'none'].map(dateInName),
  ).toEqual(['2026-04-01', '2024-08-01', undefined, undefined, undefined])
})

describe.skipIf(!existsSync(SHARED))('real dumps', () => {
  test('the search page: 228 new papers, again nothing, and a dry run nothing at all', async () => {
    const empty = await countRows()
    expect(await replay(DUMP, { dryRun: true })).toMatchObject({ entries: 228, new: 228 })
    expect(await countRows()).toEqual(empty)
    expect(await replay(DUMP)).toMatchObject({
      entries: 228,
      new: 228,
      updated: 0,
      unchanged: 0,
      rejects: [],
    })
    const stored = await countRows()
    expect(await replay(DUMP)).toMatchObject({
      entries: 228,
      new: 0,
      updated: 0,
      unchanged: 228,
      rejects: [],
    })
    expect(await countRows()).toEqual(stored)
    const papers = await listPapers(test_.tools.db, undefined)
    expect(papers[0]!.title).toMatch(/^Towards a Universal Vibration Analysis Dataset: /)
    expect(papers.at(-1)!.title).toBe('Scaling Local Self-Attention for Parameter Efficient Visual Backbones')
  })

  test('the same dump with CRLF and a byte order mark changes nothing', async () => {
    const text = `\ufeff${readFileSync(DUMP, 'utf8').replaceAll('\n', '\r\n')}`
    expect(await replayBytes('copy.txt', text, test_.tools)).toMatchObject({
      new: 0,
      entries: 228,
    })
  })

  test('a health topic gets a digest on that, in the preview and in the mailbox', async () => {
    const topic = parseTopicOption('Health="chest x-ray", ecg, mortality, brain tumor')
    const preview = await chooseDigest(
      test_.tools.db,
      { id: undefined, max: 10, topics: [topic] },
      '2026-11-20',
    )
    const titles = new Map((await listPapers(test_.tools.db, undefined)).map((paper) => [paper.id, paper]))
    const top = preview.items.slice(0, 5).map((item) => titles.get(item.paperId)!)
    expect(top).toHaveLength(5)
    for (const paper of top) {
      expect(`${paper.title} ${paper.abstract}`).toMatch(/chest x-?ray|\becg|mortality|\bbrain/i)
    }
    const all = preview.items.map((item) => titles.get(item.paperId)!.title)
    for (const named of [/chest x-ray/i, /\becg/i, /mortality/i, /brain tumor/i]) {
      expect(all).toContainEqual(expect.stringMatching(named))
    }
    const email = 'health@example.org'
    const request = { ...DEFAULTS, email, topics: [topic], source: 'command line' as const, confirmed: true }
    const { next } = await signUp(test_.tools, request)
    await runToEnd(next, test_.tools)
    const mail = test_.mail.mails.find((sent) => sent.rcptTo.includes(email))!
    for (const paper of top) expect(mail.parsed.text!.replace(/\s+/g, ' ')).toContain(paper.title)
  })

  test('the listing page of 2024-08-01: 13 papers, listed on the day its own data says', async () => {
    const path = join(SHARED, 'fixtures/hf_html/papers-date-2024-08-01.html')
    expect(await replay(path, { listedOn: '2020-01-01' })).toMatchObject({ entries: 13, new: 13 })
    const listed = (await listPapers(test_.tools.db, undefined)).filter(
      (paper) => paper.listedOn === '2024-08-01',
    )
    expect(listed).toHaveLength(13)
  })

  test('the API’s answer: 37 papers', async () => {
    const path = join(SHARED, 'fixtures/hf_api/daily_papers-2026-05-08.json')
    expect(await replay(path)).toMatchObject({ entries: 37, rejects: [] })
  })

  test('the archive, day by day: every day’s count, each paper once', async () => {
    const folder = join(SHARED, 'fixtures/hf_daily_archive')
    const ids = new Set<string>()
    for (const name of readdirSync(folder).sort()) {
      const day = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      for (const paper of day.papers) ids.add(paper.id)
      expect(await replay(join(folder, name)), name).toMatchObject({ entries: day.paper_count, rejects: [] })
    }
    const stored = (await listPapers(test_.tools.db, undefined)).map((paper) => paper.arxivId)
    expect(stored.filter((id) => id !== null && ids.has(id))).toHaveLength(ids.size)
  })
})

describe('papers that came out long ago are no news', () => {
  const days = async (name: string, text: string) => {
    const { remarks } = await replayBytes(name, text, test_.tools)
    const papers = await listPapers(test_.tools.db, undefined)
    const listed = (title: string) => papers.find((paper) => paper.title === title)?.listedOn
    return { listed, remarks }
  }

  test('a table: what it dates, what its date leaves open, and what nobody can read', async () => {
    const rows = [
      'title,arxiv_id,published,license',
      'Moths of pandas,,2019-03-02 05:00:00+00:00,x',
      'Moths of a spreadsheet,,3/2/2018,x',
      'Moths of arXiv,1703.01234,soon,',
      'Moths of nobody,,soon,',
    ]
    const { listed, remarks } = await days('moths.csv', rows.join('\n'))
    expect(listed('Moths of pandas')).toBe('2019-03-02')
    expect(listed('Moths of a spreadsheet')).toBe('2018-01-01')
    expect(listed('Moths of arXiv')).toBe('2017-03-01')
    expect(listed('Moths of nobody')).toBe('1970-01-01')
    expect(remarks).toMatchObject({ unreadDates: { count: 3, example: '"3/2/2018"' } })
    expect([...remarks.ignored]).toEqual([['license', 2]])
  })

  test('a feed: the day of publication stands for that of the listing', async () => {
    const feed = `<rss version="2.0"><channel><title>Moths</title><item><title>Moths of a feed</title>
      <link>https://example.org/moths</link><pubDate>2019/3/2 5:00:00</pubDate></item></channel></rss>`
    expect((await days('moths.rss', feed)).listed('Moths of a feed')).toBe('2019-03-02')
  })
})

test('a page of very many new papers is stored like any other', async () => {
  const rows = Array.from(
    { length: 31_000 },
    (_, index) =>
      `|Lanterns, part ${index}|https://arxiv.org/abs/1812.${String(index + 1).padStart(5, '0')}|`,
  )
  const page = ['|Title|Link|', '|---|---|', ...rows, ''].join('\n')
  const result = await replayBytes('papers.md', Buffer.from(page), test_.tools)
  expect(result).toMatchObject({ failures: [], entries: 31_000, new: 31_000 })
})
