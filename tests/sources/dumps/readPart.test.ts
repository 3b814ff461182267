import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Batch } from '../../../src/sources/dumps/batch.ts'
import type { Wanted } from '../../../src/sources/dumps/dumpKind.ts'
import { partsOf } from '../../../src/sources/dumps/parts.ts'
import { readPart } from '../../../src/sources/dumps/readPart.ts'
import {
  collectUntilError,
  dayArchive,
  gzip,
  mhtml,
  pipeOf,
  snapshotLines,
  snapshotRecord,
  warcAnswer,
  warcRecord,
} from '../../support/dumps.ts'

const AUTO: Wanted = { format: 'auto' }
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/sources/${name}`, import.meta.url))

async function batchesOf(bytes: Uint8Array | string, wanted = AUTO, skip = 0) {
  async function* batches() {
    for await (const part of partsOf(pipeOf('dump', bytes), () => true)) yield* readPart(part, wanted, skip)
  }
  return collectUntilError(batches())
}

const entriesOf = (batch: Batch) => (batch.kind === 'page' ? batch.listing.entries : batch.entries)
const rejectsOf = (batch: Batch) => (batch.kind === 'page' ? batch.listing.rejects : batch.rejects)

/** In short: kind, format, number of entries and rejects of each batch; then the error. */
async function summary(bytes: Uint8Array | string, wanted = AUTO, skip = 0) {
  const { items, error } = await batchesOf(bytes, wanted, skip)
  const batches = items.map((batch) => {
    const format = batch.kind === 'page' ? batch.listing.format : batch.format
    return `${batch.kind} ${format} ${entriesOf(batch).length}+${rejectsOf(batch).length}`
  })
  return error === undefined ? batches : [...batches, error]
}

const list = (count: number) => `[${snapshotLines(count).trim().replaceAll('\n', ',\n')}]`

describe('what a file is, is told by its content', () => {
  test('records of a known kind: as lines, as one list, pretty or not', async () => {
    expect(await summary(snapshotLines(3))).toEqual(['records arxiv-snapshot 3+0'])
    expect(await summary(JSON.stringify(snapshotRecord(1)))).toEqual(['records arxiv-snapshot 1+0'])
    expect(await summary(list(3))).toEqual(['records arxiv-snapshot 3+0'])
    expect(await summary(JSON.stringify(JSON.parse(list(3)), null, 2))).toEqual([
      'records arxiv-snapshot 3+0',
    ])
    expect(await summary(fixture('arxiv-daily.jsonl'))).toEqual([
      expect.stringMatching(/^records arxiv-daily /),
    ])
    expect(await summary(fixture('papers-with-code.json'))).toEqual([
      expect.stringMatching(/^records papers-with-code /),
    ])
  })

  test.each([
    'hf-page-2024.html',
    'hf-page-cards.html',
    'hf-day-archive.json',
    'hf-daily-api.json',
    'arxiv-query.xml',
    'text-dump.txt',
  ])('pages are read whole: %s', async (name) => {
    expect(await summary(fixture(name))).toEqual([expect.stringMatching(/^page [\w-]+ [1-9]\d*\+\d+$/)])
  })

  test('UTF-16 and a byte-order mark are read as what they hold', async () => {
    const utf16 = Buffer.from(`\uFEFF${snapshotLines(3)}`, 'utf16le')
    expect(await summary(utf16)).toEqual(['records arxiv-snapshot 3+0'])
    expect(await summary(`\uFEFF${list(2)}`)).toEqual(['records arxiv-snapshot 2+0'])
    const table = 'title\turl\nÖtters\thttps://a.example/1\n'
    expect(await summary(Buffer.from(`\uFEFF${table}`, 'utf16le'))).toEqual(['records table 1+0'])
  })

  test('tables with any columns', async () => {
    expect(await summary('date,title,url\n2024-05-02,Owls,https://a.example/1\n')).toEqual([
      'records table 1+0',
    ])
    expect(await summary('{"Title":"Owls"}\n{"Title":"Newts"}\n')).toEqual(['records table 2+0'])
    expect(await summary('[{"title":"Owls"},{"title":"Newts"}]')).toEqual(['records table 2+0'])
    expect(await summary('{"Name":"Owls"}\n', { ...AUTO, columns: { title: ['Name'] } })).toEqual([
      'records table 1+0',
    ])
  })

  test('tables that were joined to one file: their headers are no papers', async () => {
    const table = '\uFEFFtitle,url\nOwls,https://a.example/1\n'
    expect(await summary(table + table.replace('Owls', 'Newts'))).toEqual(['records table 2+0'])
  })

  test('several answers about a paper each, a line each, are a corpus', async () => {
    const answer = (id: string) =>
      JSON.stringify({ id, title: `Paper ${id}`, summary: 'S.', authors: [{ name: 'A B' }], upvotes: 1 })
    expect(await summary(answer('2405.00001'))).toEqual(['page hf-paper-api 1+0'])
    expect(await summary(`${answer('2405.00001')}\n${answer('2405.00002')}\n`)).toEqual(['records table 2+0'])
  })

  test('lists inside of an object, by day', async () => {
    const text = JSON.stringify(
      { '2024-05-01': [{ title: 'Owls' }], '2024-05-02': [{ title: 'Newts' }, { name: 'x' }] },
      null,
      1,
    )
    const { items } = await batchesOf(text)
    expect(entriesOf(items[0]!).map(({ title, listedOn }) => [title, listedOn])).toEqual([
      ['Owls', '2024-05-01'],
      ['Newts', '2024-05-02'],
    ])
    expect(rejectsOf(items[0]!)).toEqual([
      { where: 'top.2024-05-02[1]', reason: 'expected a title in "title", got nothing' },
    ])
  })

  test('an object on many lines, each paper on one: the last line alone would pass for JSON lines', async () => {
    const papers = ['Owls', 'Newts', 'Bats'].map((title) => JSON.stringify({ title }))
    const text = `{\n"papers": [\n${papers.join(',\n')}\n]\n}\n`
    expect(await summary(text)).toEqual(['records table 3+0'])
  })

  test('what the API gave for many days is a corpus, and its places are no ranks', async () => {
    const item = (number: number) => ({
      paper: {
        id: `2405.${String(number).padStart(5, '0')}`,
        title: `Report ${number}`,
        summary: 'x'.repeat(5000),
        submittedOnDailyAt: `2024-05-${String(1 + (number % 28)).padStart(2, '0')}T00:00:00.000Z`,
      },
    })
    const many = Array.from({ length: 600 }, (_, index) => item(index + 1))
    expect(await summary(JSON.stringify(many.slice(0, 40)))).toEqual(['page hf-daily-api 40+0'])
    expect(await summary(JSON.stringify(many))).toEqual([
      'records hf-daily-api 500+0',
      'records hf-daily-api 100+0',
    ])
    const { items } = await batchesOf(
      many
        .slice(0, 2)
        .map((one) => JSON.stringify(one))
        .join('\n'),
    )
    expect(entriesOf(items[0]!)[1]).toMatchObject({ listedOn: '2024-05-03', rank: undefined })
  })

  test.each([
    ['nothing', '', /^expected a paper listing, got an empty page$/],
    ['prose', 'Dear diary,\nit rained.\n', /^expected a paper listing/],
    ['JSON of something else', '{"weather":"fine"}', /JSON without papers \(top-level keys: "weather"\)/],
    ['JSON lines of something else', '{"a":1}\n{"a":2}\n', /^expected a paper listing/],
    ['CSV of something else', 'a,b\n1,2\n', /^expected a paper listing/],
    [
      'a rar file',
      Buffer.from('526172211a0700', 'hex'),
      /^expected a page or dump, got a rar file; unpack or convert it first$/,
    ],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /got an old Office file \(\.xls\);/],
    ['the beginning of a Parquet file', 'PAR1\0\0', /Parquet file, got one that breaks off/],
    [
      'the beginning of a 7z file',
      Buffer.from('377abcaf271c0004', 'hex'),
      /7z archive, got one that breaks off/,
    ],
    ['NUL bytes', 'A title\0\nAn abstract', /NUL/],
    ['invalid UTF-8', Buffer.from([0x54, 0x69, 0xff, 0x41]), /UTF-8/],
    ['a line of 8 MB', 'a'.repeat(8 << 20), /^expected /],
  ])('%s: one line that says so', async (_name, bytes, reason) => {
    const found = await summary(bytes)
    expect(found).toEqual([expect.stringMatching(reason)])
    expect(found[0]).not.toContain('\n')
  })

  test('an object of millions of empty ones is not read: each would take a hundred bytes', async () => {
    const text = `{"papers":[{"title":"Owls"}${',{}'.repeat(4_000_000)}]}`
    expect(await summary(text)).toEqual([
      expect.stringMatching(/^expected a paper listing, got JSON of more than 4000000 objects and lists$/),
    ])
  })

  test('a page of more than 64 MB is not read', async () => {
    const html = `<html><body>${'<p>x</p>'.repeat(9 << 20)}</body></html>`
    expect(await summary(html)).toEqual([
      expect.stringMatching(
        /^expected a page of at most 64 MB, or records of a known kind .* got a larger one; split it/,
      ),
    ])
  })
})

describe('a format or columns that a person names', () => {
  test('is taken at its word', async () => {
    expect(await summary('Owls\n', { format: 'arxiv-snapshot' })).toEqual([
      expect.stringMatching(/^expected arxiv-snapshot records as JSON lines, one JSON list or CSV, got text/),
    ])
    expect(await summary('{"title":"Owls"}', { format: 'arxiv-snapshot' })).toEqual([
      'records arxiv-snapshot 0+1',
    ])
    expect(await summary(dayArchive('2024-05-02', 'Owls'), { format: 'hf-page' })).toEqual([
      expect.stringMatching(/^expected/),
    ])
  })

  test('columns that are not there are told from those that are', async () => {
    expect(await summary('Name,Link\nOwls,x\n', { ...AUTO, columns: { title: ['Title'] } })).toEqual([
      'expected a table (CSV, JSON or JSON lines) with the columns "Title", got the columns "Name", "Link"; name the right ones with --map',
    ])
  })
})

describe('batches', () => {
  test('at most 500 entries together, counted from the beginning', async () => {
    const { items } = await batchesOf(gzip(snapshotLines(1200)))
    expect(items.map((batch) => [entriesOf(batch).length, batch.done])).toEqual([
      [500, 500],
      [500, 1000],
      [200, 1200],
    ])
  })

  test.each([
    ['lines', snapshotLines(1200)],
    ['list', list(1200)],
    ['rows', `title,doi\n${Array.from({ length: 1200 }, (_, n) => `Report ${n},10.5555/${n}\n`).join('')}`],
  ])('what an earlier run stored is passed over: %s', async (_kind, text) => {
    const whole = await batchesOf(text)
    const rest = await batchesOf(text, AUTO, whole.items[0]!.done)
    expect(rest.items.flatMap(entriesOf)).toEqual(whole.items.slice(1).flatMap(entriesOf))
    expect(rest.items.at(-1)!.done).toBe(whole.items.at(-1)!.done)
  })

  test('what comes before the place where a file breaks off stands', async () => {
    expect(await summary(list(7).slice(0, -100))).toEqual([
      'records arxiv-snapshot 6+0',
      expect.stringMatching(
        /^expected a whole JSON list, got one that breaks off at byte \d+, inside of record 7/,
      ),
    ])
    const bad = Buffer.concat([
      Buffer.from('title,url\nOwls,x\nNewts,'),
      Buffer.from([0xff]),
      Buffer.from('\n'),
    ])
    expect(await summary(bad)).toEqual([
      'records table 1+0',
      'expected UTF-8 text, got an invalid byte at offset 23: convert the file, or copy it again',
    ])
  })

  test('rejects say where and why', async () => {
    const text = `${snapshotLines(1)}\n{"id":"x"}\nnot JSON\n`
    const { items } = await batchesOf(text)
    expect(rejectsOf(items[0]!)).toEqual([
      { where: expect.stringMatching(/^line 3 \(byte \d+\)$/), reason: 'expected an arXiv id, got "x"' },
      {
        where: expect.stringMatching(/^line 4/),
        reason: expect.stringMatching(/^expected a JSON record, got .* in "not JSON"$/),
      },
    ])
    expect(rejectsOf((await batchesOf('title,url\nOwls,x,y\n')).items[0]!)).toEqual([
      { where: 'line 2', reason: 'expected 2 columns, got 3' },
    ])
  })
})

describe('a page that a browser saved with all its parts (MHTML)', () => {
  const html = fixture('hf-page-2024.html').toString()

  test.each(['quoted-printable', 'base64'] as const)(
    '%s: the same papers as the page itself',
    async (encoding) => {
      const [page] = (await batchesOf(html)).items
      const [found] = (await batchesOf(mhtml(encoding, html))).items
      expect(entriesOf(found!)).toEqual(entriesOf(page!))
      expect(found).toMatchObject({ kind: 'page', captured: undefined })
    },
  )

  test('where and when it was saved, where it says both', async () => {
    const headers = [
      'Snapshot-Content-Location: https://huggingface.co/papers',
      'Date: Thu, 1 Aug 2024 18:30:00 -0000',
    ]
    const [found] = (await batchesOf(mhtml('base64', html, headers))).items
    expect(found).toMatchObject({
      captured: { address: 'https://huggingface.co/papers', at: new Date('2024-08-01T18:30:00Z') },
    })
  })

  test('without a page in it', async () => {
    const empty = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n'
    expect(await summary(empty)).toEqual([expect.stringMatching(/^expected a saved page \(MHTML\), got /)])
  })
})

describe('web archives', () => {
  const html = fixture('hf-page-2024.html')
  const HTML = 'Content-Type: text/html; charset=utf-8'
  const url = 'https://huggingface.co/papers'
  const info = warcRecord('warcinfo', '', 'software: a crawler\r\n')
  const page = warcAnswer(url, HTML, html)
  const half = html.length / 2
  const chunked = Buffer.concat([
    Buffer.from(`${half.toString(16)}\r\n`),
    html.subarray(0, half),
    Buffer.from(`\r\n${(html.length - half).toString(16)};x=1\r\n`),
    html.subarray(half),
    Buffer.from('\r\n0\r\n\r\n'),
  ])
  const image = warcAnswer(
    'https://huggingface.co/x.png',
    'Content-Type: image/png',
    Buffer.alloc(5000, 0xff),
  )
  const prose = warcAnswer('https://example.org/', HTML, '<html><body>Hello</body></html>')

  test('its listing pages, with address and time of the record; nothing else', async () => {
    const { items, error } = await batchesOf(
      Buffer.concat([info, warcRecord('request', url, 'GET /papers HTTP/1.1\r\n\r\n'), image, prose, page]),
    )
    expect(error).toBeUndefined()
    expect(items).toEqual([
      expect.objectContaining({
        kind: 'page',
        done: 5,
        captured: { address: url, at: new Date('2024-08-02T06:00:00Z') },
      }),
    ])
    expect(entriesOf(items[0]!)).toEqual(entriesOf((await batchesOf(html)).items[0]!))
  })

  test.each([
    ['one gzip member a record', Buffer.concat([info, page].map((one) => gzip(one)))],
    ['chunked', warcAnswer(url, `${HTML}\r\nTransfer-Encoding: chunked`, chunked)],
    ['gzip', warcAnswer(url, `${HTML}\r\nContent-Encoding: gzip`, gzip(html))],
    ['brotli', warcAnswer(url, `${HTML}\r\nContent-Encoding: br`, brotliCompressSync(html))],
    ['a header of an encoding that was undone', warcAnswer(url, `${HTML}\r\nContent-Encoding: gzip`, html)],
    ['a resource', warcRecord('resource', url, html)],
  ])('%s', async (_name, bytes) => {
    expect(await summary(bytes)).toEqual([expect.stringMatching(/^page hf-page [1-9]/)])
  })

  test('a page of a site of papers that cannot be read is rejected by its address', async () => {
    const challenge = warcAnswer(url, HTML, '<html><body>Just a moment</body></html>')
    const cut = warcAnswer(`${url}/date/2024-08-01`, HTML, html.subarray(0, half))
    const { items } = await batchesOf(Buffer.concat([challenge, cut, page]))
    expect(items.flatMap(rejectsOf)).toEqual([
      { where: `record 1 (byte 0), ${url}`, reason: expect.any(String) },
      {
        where: expect.stringMatching(/^record 2 \(byte \d+\), .*2024-08-01$/),
        reason: expect.stringMatching(/^expected/),
      },
    ])
    expect(items.flatMap(entriesOf).length).toBeGreaterThan(0)
  })

  test('what an earlier run stored is passed over', async () => {
    const later = warcAnswer(url, HTML, html, '2024-08-03T06:00:00Z')
    const { items } = await batchesOf(Buffer.concat([page, later]), AUTO, 1)
    expect(items).toEqual([expect.objectContaining({ done: 2 })])
  })

  test('without any page of papers', async () => {
    expect(await summary(Buffer.concat([info, image, prose]))).toEqual([
      'expected a web archive with pages of papers, got 3 records and none of them is one',
    ])
  })

  test('one that breaks off says where and does not wait for what is missing', async () => {
    const archive = Buffer.concat([page, page])
    expect(await summary(archive.subarray(0, archive.length - 1000))).toEqual([
      expect.stringMatching(/^page hf-page/),
      `expected a whole web archive (WARC), got one that breaks off inside of the record at byte ${page.length}; copy it again`,
    ])
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('damaged anywhere, it neither hangs nor crashes (%i)', async (seed) => {
    const archive = Buffer.concat([info, page, image])
    for (let round = 0; round < 10; round += 1) {
      const damaged = Buffer.from(archive)
      damaged[(seed * 7919 + round * 104_729) % (round < 5 ? 400 : archive.length)]! ^= 1 << (round % 8)
      for (const line of await summary(damaged)) expect(line).not.toContain('\n')
    }
  })
})
