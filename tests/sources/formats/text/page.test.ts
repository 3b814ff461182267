import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { textPage } from '../../../../src/sources/formats/text/page.ts'
import { describeShared, readFixture, readShared } from '../../fixture.ts'

const BANNER = 'Get trending papers in your email inbox!\n\n# Daily Papers\n\nNov 3\n\n'
const ABSTRACT =
  'An abstract of a paper, which is long enough to be told from the few words that stand around it.'

function card(id: string, title: string, rest = ''): string {
  return `[7](https://huggingface.co/login?next=%2Fpapers%2F${id})\n\n### [${title}](https://huggingface.co/papers/${id})\n\n${rest}`
}

function only(text: string) {
  return textPage.parse(`${BANNER}${text}`).entries[0]
}

describe('a card', () => {
  const abstract = `[${ABSTRACT}](https://huggingface.co/papers/2611.00001)\n\n`
  test.each([
    [
      'title and votes alone',
      '',
      { title: 'A Title', arxivId: '2611.00001', upvotes: 7, abstract: undefined },
    ],
    ['an abstract', abstract, { abstract: ABSTRACT }],
    [
      'an abstract with brackets',
      abstract.replace('of a', '[of] (0, 1] a'),
      { abstract: ABSTRACT.replace('of a', '[of] (0, 1] a') },
    ],
    ['a date without a year, nobody knows when', `${abstract}·\n\nMay 29`, { publishedAt: undefined }],
    [
      'a date with its year',
      `${abstract}·\n\nMay 29, 2024`,
      { publishedAt: new Date('2024-05-29T00:00:00Z') },
    ],
    ['a day that is none', `${abstract}·\n\nFeb 30, 2024`, { publishedAt: undefined }],
    [
      'names are counted, not named',
      `${abstract}[- 3 authors](https://huggingface.co/papers/2611.00001)`,
      { title: 'A Title', abstract: ABSTRACT },
    ],
    [
      'who submitted it wrote nothing of it',
      `Submitted by\n\n[someone](https://huggingface.co/someone)`,
      { organization: undefined },
    ],
  ])('%s', (_name, rest, expected) => {
    expect(only(card('2611.00001', 'A Title', rest))).toMatchObject(expected)
  })

  test('of the same paper again is one entry', () => {
    const twice = card('2611.00001', 'A Title', abstract) + card('2611.00001', 'A Title', abstract)
    expect(textPage.parse(BANNER + twice).entries.length).toBe(1)
  })
})

describe('the day', () => {
  const page = (url: string) =>
    `---\nurl: ${url}\nretrieved: 2026-11-04\nstatusCode: 200\n---\n${BANNER}${card('2611.00001', 'A Title')}`
  test.each([
    ['https://huggingface.co/papers', '2026-11-03'],
    ['https://huggingface.co/papers/date/2026-11-03', '2026-11-03'],
    // A redirect leads to another day: the page's own data says which.
    ['https://huggingface.co/papers/date/2026-12-24', '2026-11-03'],
    ['https://huggingface.co/papers?q=x', undefined],
    ['https://huggingface.co/papers/trending', undefined],
    ['https://huggingface.co/papers/week/2026-W45', undefined],
    ['https://huggingface.co/papers/month/2026-11', undefined],
    ['elsewhere', undefined],
  ])('%s: %s', (url, day) => {
    expect(textPage.parse(page(url)).listedOn).toBe(day)
  })
})

test('a page without links under front matter', () => {
  const dump = readFixture('text-dump.txt')
  const page = `---\nurl: https://huggingface.co/papers?q=cats\nretrieved: 2026-11-04T05:06:07Z\n---\n${dump}`
  const listing = parsePage(page, 'auto')
  expect([listing.format, listing.observedAt]).toEqual(['text-page', new Date('2026-11-04T05:06:07Z')])
  expect(listing.entries).toEqual(parsePage(dump, 'text-dump').entries)
})

describe('what is refused', () => {
  test('a page that was saved with an error', () => {
    const page = `---\nurl: https://huggingface.co/papers\nstatusCode: 403\n---\n${BANNER}${card('2611.00001', 'T')}`
    expect(() => textPage.parse(page)).toThrow(
      'expected a page saved with status 200, got status 403: fetch it again',
    )
  })

  test('a page without papers', () => {
    expect(() => textPage.parse(`${BANNER}### [News](https://huggingface.co/blog)`)).toThrow(PermanentError)
  })
})

test('a text that ends inside a link says so', () => {
  const page = `${BANNER}${card('2611.00001', 'A Title')}[An abstract that is never`
  const listing = textPage.parse(page)
  expect(listing.entries).toMatchObject([{ title: 'A Title', abstract: undefined }])
  expect(listing.rejects).toEqual([{ where: 'line 11', reason: 'the text ends in the middle of this link' }])
})

test('an abstract whose title is lost is rejected', () => {
  const page = `${BANNER}${card('2611.00001', 'A Title')}[${ABSTRACT}](https://huggingface.co/papers/2611.00002)`
  expect(textPage.parse(page)).toMatchObject({
    entries: [{ arxivId: '2611.00001', abstract: undefined }],
    rejects: [{ where: 'line 11' }],
  })
})

test.each([
  ['brackets', '['.repeat(200_000)],
  ['links on one line', '[a][1]'.repeat(100_000)],
  ['paragraphs', 'a\n\n'.repeat(300_000)],
  ['open links', '[a]('.repeat(100_000)],
  ['blank lines that are not empty', ' \n'.repeat(300_000)],
])('very many %s after a paper', (_name, rest) => {
  expect(only(card('2611.00001', 'A Title', rest))).toMatchObject({ title: 'A Title', arxivId: '2611.00001' })
})

test.each([
  ['a list of papers', readFixture('markdown-headings.md')],
  ['a plain dump', readFixture('text-dump.txt')],
  ['a page', readFixture('hf-page-2026.html')],
])('%s is none of its own', (_name, page) => {
  expect(textPage.detect(page)).toBe(false)
})

describeShared('real pages', () => {
  test('numbered links', () => {
    const page = readShared(
      'fixtures/text_pages/papers-q-long-context-asr-2026-06-29.links-style.EXCERPT.txt',
    )
    const listing = parsePage(page, 'auto')
    expect(listing).toMatchObject({
      format: 'text-page',
      listedOn: undefined,
      observedAt: new Date('2026-06-29T16:31:22.135Z'),
      entries: [
        {
          title: 'MURMUR: An Efficient Inference System for Long-Form ASR',
          publishedAt: new Date('2026-05-30T00:00:00Z'),
          upvotes: 0,
          comments: undefined,
        },
        {
          title: 'Gemini 1.5: Unlocking multimodal understanding across millions of tokens of context',
          publishedAt: new Date('2024-03-08T00:00:00Z'),
          upvotes: 65,
          comments: 6,
        },
        { title: 'VIBEVOICE-ASR Technical Report', organization: 'Microsoft', upvotes: 24, comments: 3 },
      ],
      rejects: [],
    })
    expect(listing.entries[0]?.abstract).toMatch(
      /^Long-form automatic .* https:\/\/github\.com\/uw-syfi\/Murmur\.$/,
    )
  })

  test('Markdown with front matter', () => {
    const page = readShared(
      'fixtures/text_pages/papers-q-source-citations-2026-10-02.firecrawl-md.EXCERPT.md',
    )
    expect(parsePage(page, 'auto')).toMatchObject({
      format: 'text-page',
      listedOn: undefined,
      observedAt: new Date('2026-10-02T00:00:00Z'),
      entries: [
        {
          title: 'OCC-RAG: Optimal Cognitive Core for Faithful Question Answering',
          arxivId: '2606.00683',
          organization: 'OCC',
          publishedAt: new Date('2026-05-29T00:00:00Z'),
          upvotes: 101,
          comments: 6,
        },
        {
          title: 'The Noisy Path from Source to Citation: Measuring How Scholars Engage with Past Research',
          abstract:
            'Academic citations are widely used for evaluating research and tracing knowledge flows. Such uses typically rely on raw citation counts and neglect variability in citation types.',
          arxivId: '2502.20581',
          publishedAt: new Date('2025-02-27T00:00:00Z'),
          upvotes: 0,
        },
      ],
      rejects: [],
    })
  })
})
