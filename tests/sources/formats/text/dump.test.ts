import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Listing } from '../../../../src/domain.ts'
import { textDump } from '../../../../src/sources/formats/text/dump.ts'
import { cuts, describeShared, readFixture, readShared } from '../../fixture.ts'

const dump = readFixture('text-dump.txt')
const BANNER =
  'Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n'
const ABSTRACT = `${'We look at one thing for a long time and say what we saw. '.repeat(6)}It was good.`

const titles = (listing: Listing) => listing.entries.map((entry) => entry.title)

describe('the same papers', () => {
  test.each([
    ['with blank lines', dump.replaceAll('\n', '\n\n')],
    ['with white space at the ends of lines', dump.replaceAll('\n', ' \t\n')],
    ['with Subscribe on a line of its own', dump.replace('Subscribe', 'Subscribe\n')],
    ['with the banner in one line', dump.replace('a day!\n', 'a day!')],
    [
      "with the page's heading",
      dump.replace(
        'Subscribe',
        'Subscribe\nDaily Papers\nby AK and the research community\nDaily\nWeekly\nMonthly\n',
      ),
    ],
    ['without a newline at the end', dump.trimEnd()],
    ['with votes and author counts between', dump.replace('Subscribers', '12\n· 48 authors\nSubscribers')],
  ])('%s', (_name, page) => {
    expect(textDump.detect(page)).toBe(true)
    expect(textDump.parse(page).entries).toEqual(textDump.parse(dump).entries)
  })

  test('a dump pasted twice is read twice, the banner in the middle too', () => {
    const once = titles(textDump.parse(dump))
    expect(titles(textDump.parse(dump.trimEnd() + dump))).toEqual([...once, ...once])
  })

  test('without the banner, where titles and long abstracts strictly alternate', () => {
    const page = Array.from({ length: 6 }, (_, index) => `The Title of Paper ${index}\n${ABSTRACT}`).join(
      '\n',
    )
    expect(textDump.detect(page)).toBe(true)
    expect(textDump.parse(page).entries.length).toBe(6)
  })
})

describe('what cannot become a paper is said', () => {
  test('an abstract before any title', () => {
    expect(textDump.parse(`${BANNER}${ABSTRACT}\nA Title\n${ABSTRACT}`)).toMatchObject({
      entries: [{ title: 'A Title', rank: 1 }],
      rejects: [
        {
          where: 'line 3',
          reason: expect.stringMatching(/^expected a title before this abstract: "We look/),
        },
      ],
    })
  })

  test('a title at the end of the text', () => {
    expect(textDump.parse(`${BANNER}A Title\n${ABSTRACT}\nAnother Ti`)).toMatchObject({
      entries: [{ title: 'A Title', abstract: ABSTRACT }],
      rejects: [
        { where: 'line 5', reason: 'the text ends after this title, without its abstract: "Another Ti"' },
      ],
    })
  })

  test('an abstract that breaks off at the end is not kept as if it were whole', () => {
    const listing = textDump.parse(`${BANNER}A Title\n${ABSTRACT.slice(0, 300)}`)
    expect(listing.entries).toEqual([{ title: 'A Title', abstract: undefined, rank: 1 }])
    expect(listing.rejects[0]?.reason).toMatch(/^the text ends in the middle of this abstract/)
  })

  test('a line without end', () => {
    expect(() => textDump.parse(`${BANNER}A Title\n${'x'.repeat(200_000)}`)).toThrow(
      'expected lines of at most 100000 characters, got a longer one: line 4',
    )
  })
})

describe('other text is not claimed', () => {
  const prose = Array.from({ length: 12 }, () => ABSTRACT).join('\n\n')
  test.each([
    ['nothing', ''],
    ['white space', ' \n\n '],
    ['prose', prose],
    [
      'an essay with headings',
      `Introduction\n${ABSTRACT}\nMethods\n${ABSTRACT}\nResults\n${ABSTRACT}\nEnd\n${ABSTRACT}\nMore\n${ABSTRACT}`,
    ],
    [
      'a log',
      Array.from({ length: 50 }, (_, i) => `2026-11-23T10:00:${i} INFO request ${i} took ${i} ms`).join('\n'),
    ],
    [
      'CSV',
      `id,title,abstract\n${Array.from({ length: 20 }, (_, i) => `${i},Title ${i},"${ABSTRACT}"`).join('\n')}`,
    ],
    ['Markdown', Array.from({ length: 8 }, (_, i) => `## The Title of Paper ${i}\n${ABSTRACT}`).join('\n')],
    [
      'a Markdown dump with the banner',
      `${BANNER}\n### [A Title](https://huggingface.co/papers/2609.00001)\n\n${ABSTRACT}\n`,
    ],
    [
      'Title:/Summary: digests',
      Array.from(
        { length: 8 },
        (_, i) => `Title: The Title ${i}\nPDF: https://x.example/${i}\nSummary: ${ABSTRACT}\n---`,
      ).join('\n'),
    ],
    ['HTML', `<p>${BANNER}</p>\nA Title\n${ABSTRACT}`],
    ['JSON', JSON.stringify({ banner: BANNER, abstract: ABSTRACT })],
    ['the banner alone', BANNER],
    [
      'a change log that quotes the banner',
      `Changes\n\nThe parser skips "Get trending papers in your email inbox!" now.\n${'Fixed a thing\n'.repeat(9)}`,
    ],
    ['code', 'import x from "y"\n\nfunction a() {\n  return 1\n}\n'.repeat(20)],
  ])('%s', (_name, page) => {
    expect(textDump.detect(page)).toBe(false)
  })
})

test('text that alternates nothing is refused', () => {
  expect(() => textDump.parse('one\n')).toThrow('got text that alternates no titles and abstracts')
})

test('any titles and abstracts, once written as a dump, are read back', () => {
  const word = fc.stringMatching(/^[A-Za-zäöüé$\\{}_<>&"'🤖]{1,12}$/u)
  const title = fc.array(word, { minLength: 2, maxLength: 8 }).map((words) => `On ${words.join(' ')}`)
  const abstract = fc
    .array(word, { minLength: 60, maxLength: 90 })
    .map((words) => `We say ${words.join(' ')} here.`)
  fc.assert(
    fc.property(fc.array(fc.tuple(title, abstract), { minLength: 1, maxLength: 8 }), (papers) => {
      const page = `${BANNER}Subscribe${papers.flat().join('\n')}\n`
      const entries = textDump.parse(page).entries.map((entry) => [entry.title, entry.abstract])
      expect(entries).toEqual(papers)
    }),
  )
})

describeShared('a real dump of a search page', () => {
  const page = () => readShared('dumps/hf-papers-search-page.txt')

  test('228 papers, the first without the glued Subscribe', () => {
    const listing = textDump.parse(page())
    expect([listing.entries.length, listing.rejects]).toEqual([228, []])
    expect(listing.entries[0]?.title).toMatch(/^Towards a Universal Vibration Analysis Dataset: /)
    expect(listing.entries.at(-1)?.title).toBe(
      'Scaling Local Self-Attention for Parameter Efficient Visual Backbones',
    )
    expect(listing.entries.filter((entry) => entry.abstract === undefined)).toEqual([])
    expect(new Set(titles(listing)).size).toBe(228)
  })

  test("titles and abstracts are the source's own lines", () => {
    const lines = page()
      .split('\n')
      .slice(2)
      .map((line) => line.replace(/^Subscribe/, ''))
    expect(textDump.parse(page()).entries.flatMap((entry) => [entry.title, entry.abstract])).toEqual(lines)
  })

  test('cut anywhere, no paper is made up, and a paper cut in two is said', () => {
    const whole = textDump.parse(page()).entries
    for (const cut of cuts(page()).slice(1)) {
      const { entries, rejects } = textDump.parse(cut)
      expect(titles({ entries } as Listing)).toEqual(
        whole.slice(0, entries.length).map((entry) => entry.title),
      )
      for (const [index, entry] of entries.slice(0, -1).entries()) expect(entry).toEqual(whole[index])
      const isWhole = entries.at(-1)?.abstract === whole[entries.length - 1]?.abstract
      // A cut right after a sentence cannot be known.
      const endsLikeOne = rejects.length === 0 && entries.at(-1)?.abstract?.endsWith('.')
      expect(isWhole || endsLikeOne || rejects.length === 1).toBe(true)
    }
  })
})
