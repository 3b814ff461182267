import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import { PermanentError } from '../../../src/errors.ts'
import { pageFormats } from '../../../src/sources/formats/formats.ts'
import { recordFormats } from '../../../src/sources/formats/recordFormats.ts'
import { distance } from '../../support/likeness.ts'
import { thorough } from '../../support/thorough.ts'
import { describeShared, listShared, readFixtureBytes, readShared } from '../fixture.ts'
import { batchesUntilError, goldenFiles } from './goldenPairs.ts'

/**
 * Files that were cut, doubled, emptied or damaged on their way: never a crash, never a hang, never a wrong paper. What
 * no reader can tell is one sign for another inside of a title or an id; that much, and no more, may differ.
 */

const PLACES = thorough(6)

describe('own files', () => {
  // A Parquet file is read by a process of its own each time; parquet.test.ts damages it in fewer places.
  const files = goldenFiles().filter((name) => !name.endsWith('.parquet'))
  test.each(files)('%s', (file) => checkDamage(readFixtureBytes(file)))
})

const REAL = [
  'arxiv_atom',
  'arxiv_feeds',
  'arxiv_oai',
  'hf_api',
  'hf_feed_history',
  'hf_html',
  'text_digests',
  'text_pages',
]
  .flatMap((folder) => listShared(`fixtures/${folder}/`).map((file) => `fixtures/${folder}/${file}`))
  .concat(
    listShared('fixtures/hf_daily_archive/')
      .filter((_, index) => index % 8 === 0)
      .map((file) => `fixtures/hf_daily_archive/${file}`),
    ['fixtures/arxiv_snapshot/arxiv-metadata-oai-snapshot.json', 'dumps/hf-papers-search-page.txt'],
  )

describeShared('real files', () => {
  test.each(REAL)('%s', (file) => checkDamage(Buffer.from(readShared(file))))
})

const PIECES = [
  '<?xml version="1.0"?>',
  '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">',
  '</feed>',
  '<entry>',
  '</entry>',
  '<id>http://arxiv.org/abs/2611.00001v1</id>',
  '<title>A Title</title>',
  '<rss version="2.0"><channel><title>x updates on arXiv.org</title>',
  '</channel></rss>',
  '<item>',
  '</item>',
  '<link>https://arxiv.org/abs/2611.00001</link>',
  '<OAI-PMH><ListRecords>',
  '</ListRecords></OAI-PMH>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '&amp;',
  '{"version":"https://jsonfeed.org/version/1.1","items":[',
  '{"title":"A Title","summary":"","authors":[],"upvotes":1}',
  ']}',
  '\n',
  '---\n',
  'Get trending papers in your email inbox!\n',
  '# Daily Papers\n',
  '### [A Title](https://huggingface.co/papers/2611.00001)\n',
  '[7](https://huggingface.co/login?next=%2Fpapers%2F2611.00001)\n',
  '[A Title][12]',
  '12. https://huggingface.co/papers/2611.00001\n',
  'https://huggingface.co/papers/2611.00001\n',
  '- **A Title** ',
  '|Title|Link|\n|---|---|\n',
  '|A Title|https://arxiv.org/abs/2611.00001|\n',
  'Title: A Title\n',
  'PDF: https://arxiv.org/pdf/2611.00001\n',
  '[',
  ']',
  '(',
  '\\',
]

describe('anything else', () => {
  test('any text, by any format, is read or refused in one line', () => {
    const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 9 }))
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, fc.constantFrom(...pageFormats), (page, format) => {
        format.detect(page)
        const entries = refusedAs([], () => format.parse(page).entries)
        return entries.every((entry) => entry.title.trim() !== '')
      }),
      { numRuns: thorough(1_000) },
    )
  })

  test('any value, by any kind of record, is an entry or a reject', () => {
    const value = fc.anything()
    const record = fc.oneof(
      value,
      fc.record(
        {
          id: value,
          title: fc.oneof(value, fc.string()),
          authors: value,
          authors_parsed: value,
          versions: value,
          doi: value,
          categories: value,
          abs: value,
          url_abs: value,
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(record, fc.constantFrom(...recordFormats), (input, format) => {
        format.detect(input)
        const result = format.parse(input, 'line 1')
        return 'reason' in result ? result.where === 'line 1' : result.title.trim() !== ''
      }),
      { numRuns: thorough(1_000) },
    )
  })
})

async function checkDamage(bytes: Buffer): Promise<void> {
  const text = bytes.toString()
  const whole = await read(bytes)
  const random = randomFrom(bytes.length)
  expect(await read(Buffer.alloc(0))).toEqual([])
  const doubled = await read(Buffer.concat([bytes, bytes]))
  expect(doubled.filter((entry) => !isOneOf(entry, whole))).toEqual([])
  for (let count = 0; count < PLACES; count += 1) {
    const cut = await read(bytes.subarray(0, Math.floor(random() * bytes.length)))
    expect(cut.filter((entry) => !isOneOf(entry, whole) && !isSaidIn(entry, text))).toEqual([])
    const flipped = Buffer.from(bytes)
    const place = Math.floor(random() * bytes.length)
    flipped[place] = flipped[place]! ^ (1 << Math.floor(random() * 8))
    const found = await read(flipped)
    expect(found.filter((entry) => !isNearlyOneOf(entry, whole) && !isSaidIn(entry, text))).toEqual([])
  }
}

/** The papers that Paperboy would store: those of all batches before the one line in which it refuses the rest. */
async function read(bytes: Buffer): Promise<Entry[]> {
  const { batches, error } = await batchesUntilError(bytes)
  if (error !== undefined) {
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).not.toContain('\n')
  }
  return batches.flatMap((batch) => (batch.kind === 'page' ? batch.listing : batch).entries)
}

/** What a refusal in one line stands for; anything else that is thrown is a crash. */
function refusedAs<T>(nothing: T, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof PermanentError && !error.message.includes('\n')) return nothing
    throw error
  }
}

function idOf({ arxivId, doi }: Entry): string | undefined {
  return arxivId ?? doi
}

function isOneOf(entry: Entry, whole: Entry[]): boolean {
  return whole.some((other) => other.title === entry.title && idOf(other) === idOf(entry))
}

/** One paper of a reject that named two, where the other is cut off or damaged: both id and title are the file's. */
function isSaidIn(entry: Entry, text: string): boolean {
  return text.includes(entry.title) && text.includes(idOf(entry) ?? '')
}

function isNearlyOneOf(entry: Entry, whole: Entry[]): boolean {
  if (isOneOf(entry, whole)) return true
  const id = idOf(entry)
  return whole.some((other) => {
    // An id that was lost is no wrong one.
    if (other.title === entry.title) return id === undefined || distance(id, idOf(other) ?? '') <= 1
    return idOf(other) === id && isNearly(entry.title, other.title)
  })
}

/** One sign for another, an entity, a tag or an escape broken in its middle, or an end cut off by a new line. */
function isNearly(title: string, other: string): boolean {
  const words = (text: string) => text.replace(/&\w+;|<[^<>]*>/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ')
  return isAlike(title, other) || isAlike(words(title), words(other))
}

function isAlike(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return long.startsWith(short) || long.endsWith(short) || distance(one, other) <= 8
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
