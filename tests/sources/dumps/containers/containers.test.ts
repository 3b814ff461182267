import { brotliCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { partsOf } from '../../../../src/sources/dumps/parts.ts'
import { readPart } from '../../../../src/sources/dumps/readPart.ts'
import { gzip, mhtml, pipeOf, tar, warcAnswer, zip } from '../../../support/dumps.ts'
import { distance } from '../../../support/likeness.ts'
import { sevenZip, workbook } from '../../../support/tableFiles.ts'
import { stringify } from '../../formats/checklist/csv.ts'

/** Any papers, packed in any way that people have dumps in, come back the same; damaged anywhere, never others. */

interface Packed {
  id: string
  title: string
  abstract: string
}

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .map((text) => text.replace(/[\s\p{C}]/gu, 'x'))
/** As a reader gives it: words with one blank between them. */
const sentence = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => `On ${words.join(' ')}`)
const papers = fc
  .array(fc.record({ title: sentence, abstract: sentence }), { minLength: 1, maxLength: 12 })
  .map((all) => all.map((one, index) => ({ id: `2611.${String(index + 1).padStart(5, '0')}`, ...one })))

const item = ({ id, title, abstract }: Packed) => ({ paper: { id, title, summary: abstract, authors: [] } })
const answer = (all: Packed[]) => JSON.stringify(all.map(item))
const record = ({ id, title, abstract }: Packed) => ({
  id,
  title,
  abstract,
  categories: 'q-bio.PE',
  versions: [],
})
const page = (all: Packed[]) => {
  const props = JSON.stringify({ dailyPapers: all.map(item) })
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
  return `<!doctype html><html><body><div data-target="DailyPapers" data-props="${props}"></div></body></html>`
}
const URL = 'https://huggingface.co/api/daily_papers'
const JSON_TYPE = 'Content-Type: application/json'

/** One file with all of the papers. */
const FILES: Record<string, (all: Packed[]) => Buffer> = {
  'JSON lines': (all) => Buffer.from(all.map((one) => `${JSON.stringify(record(one))}\n`).join('')),
  'one JSON list': (all) => Buffer.from(JSON.stringify(all.map(record))),
  'a pretty JSON list': (all) => Buffer.from(`\uFEFF${JSON.stringify(all.map(record), undefined, 2)}\n`),
  'an answer': (all) => Buffer.from(answer(all)),
  CSV: (all) =>
    Buffer.from(
      stringify(
        ['id', 'title', 'abstract'],
        all.map((one) => ({ ...one })),
      ),
    ),
  'a workbook': (all) =>
    workbook({
      Papers: [['id', 'title', 'abstract'], ...all.map((one) => [one.id, one.title, one.abstract])],
    }),
  'a page in MHTML': (all) => Buffer.from(mhtml('base64', page(all))),
  'a page in quoted-printable MHTML': (all) => Buffer.from(mhtml('quoted-printable', page(all))),
  WARC: (all) =>
    Buffer.concat([
      warcAnswer(URL, 'Content-Type: image/png', Buffer.from([0xff, 0xd8, 0, 1])),
      ...all.map((one) => warcAnswer(URL, JSON_TYPE, answer([one]))),
    ]),
  'WARC, a gzip member a record': (all) =>
    Buffer.concat(all.map((one) => gzip(warcAnswer(URL, JSON_TYPE, answer([one]))))),
  'WARC with compressed answers': (all) =>
    Buffer.concat([
      warcAnswer(URL, `${JSON_TYPE}\r\nContent-Encoding: br`, brotliCompressSync(answer(all.slice(0, 1)))),
      warcAnswer(URL, `${JSON_TYPE}\r\nContent-Encoding: gzip`, gzip(answer(all.slice(1)))),
    ]),
}

/** A workbook is a zip archive, so that it is a container, too. */
const IS_PACKED = /gzip member|workbook/

/** Several members, as they come when compressed files are joined, cut anywhere. */
const members = (file: Buffer) => {
  const half = Math.floor(file.length / 3)
  return Buffer.concat([gzip(file.subarray(0, half)), gzip(file.subarray(half)), gzip('')])
}
const CONTAINERS: Record<string, (file: Buffer) => Buffer | Promise<Buffer>> = {
  'no container': (file) => file,
  'gzip, several members': members,
  zip: (file) => zip({ 'days/': '', 'days/a.bin': file, '.DS_Store': 'x' }),
  '7z': (file) => sevenZip({ 'a.bin': file }, '-mx=1'),
  tar: (file) => tar({ 'days/': '', 'days/a.bin': file, '.DS_Store': 'x' }),
  'tar.gz': async (file) => members(await tar({ a: file })),
  'zip of gzip': (file) => zip({ 'a.gz': members(file) }),
  'zip of tar.gz': async (file) => zip({ a: gzip(await tar({ b: file })) }),
  'tar of zip': (file) => tar({ a: zip({ b: file }) }),
  'tar.gz of gzip': async (file) => gzip(await tar({ a: members(file) })),
  'gzip of gzip': (file) => gzip(members(file)),
}

/** What is compressed itself is one container more. */
const containersOf = (fileName: string) =>
  fc.constantFrom(
    ...Object.keys(CONTAINERS).filter((name) => !IS_PACKED.test(fileName) || !name.includes(' of ')),
  )
const chunk = fc.constantFrom(3, 500, 65_536)

async function pack(fileName: string, containerName: string, all: Packed[]): Promise<Buffer> {
  return CONTAINERS[containerName]!(FILES[fileName]!(all))
}

/** The papers that would be stored, and in what words the rest is refused: of each part, and of the whole. */
async function read(
  bytes: Buffer,
  size: number,
): Promise<{ found: Packed[]; refusals: Error[]; rejects: number }> {
  const found: Packed[] = []
  const refusals: Error[] = []
  let rejects = 0
  try {
    for await (const part of partsOf(pipeOf('dump', bytes, size), () => true)) {
      try {
        for await (const batch of readPart(part, { format: 'auto' }, 0)) {
          const { entries, rejects: some } = batch.kind === 'page' ? batch.listing : batch
          rejects += some.length
          found.push(
            ...entries.map(({ arxivId, title, abstract }) => ({ id: arxivId!, title, abstract: abstract! })),
          )
        }
      } catch (error) {
        refusals.push(error as Error)
      }
    }
  } catch (error) {
    refusals.push(error as Error)
  }
  return { found, refusals, rejects }
}

describe('packed in any way, any papers come back', () => {
  test.each(Object.keys(FILES))('%s, in any container', async (name) => {
    await fc.assert(
      fc.asyncProperty(papers, containersOf(name), chunk, async (all, kind, size) => {
        const { found, refusals } = await read(await pack(name, kind, all), size)
        expect([found, refusals]).toEqual([all, []])
      }),
      { numRuns: 25 },
    )
  })
})

describe('damaged anywhere, what is found are papers that were packed, or there is one clear word', () => {
  test.each(Object.keys(FILES))('%s cut off', async (name) => {
    await fc.assert(
      fc.asyncProperty(papers, containersOf(name), fc.nat(), chunk, async (all, kind, at, size) => {
        const whole = await pack(name, kind, all)
        const cut = whole.subarray(0, at % whole.length)
        const { found, refusals } = await read(cut, size)
        expect(found.filter((paper) => !isOneOf(paper, all))).toEqual([])
        expect(refusals.filter((error) => !isClear(error))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  // Brotli has no checksum: what a flipped bit makes of it, nobody can tell.
  const CHECKED = Object.keys(FILES).filter((name) => !/compressed answers/.test(name))
  test.each(CHECKED)('%s with a bit flipped', async (name) => {
    await fc.assert(
      fc.asyncProperty(papers, containersOf(name), fc.nat(), fc.nat(7), async (all, kind, at, bit) => {
        const damaged = await pack(name, kind, all)
        damaged[at % damaged.length]! ^= 1 << bit
        const { found, refusals } = await read(damaged, 512)
        const others = found.filter((paper) => !isNearlyOneOf(paper, all))
        expect(others).toEqual([])
        expect(refusals.filter((error) => !isClear(error))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

function isClear(error: Error): boolean {
  return error instanceof PermanentError && /^expected [^\n]+$/.test(error.message)
}

/** Its abstract may be lost, or its end where the file ends in it; another it is not. */
function isOneOf({ id, title, abstract }: Packed, all: Packed[]): boolean {
  const own = all.find((paper) => paper.id === id)
  return own?.title === title && (own.abstract ?? '').startsWith(abstract ?? '')
}

/** What no reader can tell: one sign for another, or one lost, in the title or in the id. */
function isNearlyOneOf({ id, title }: Packed, all: Packed[]): boolean {
  return all.some(
    (paper) =>
      (paper.title === title && (id === undefined || distance(paper.id, id) <= 1)) ||
      (paper.id === id && distance(paper.title, title) <= 8),
  )
}
