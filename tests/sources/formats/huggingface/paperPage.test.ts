import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { hfPage } from '../../../../src/sources/formats/huggingface/page.ts'
import { hfPaperApi } from '../../../../src/sources/formats/huggingface/paperApi.ts'
import { hfPaperPage } from '../../../../src/sources/formats/huggingface/paperPage.ts'
import { cuts, readFixture } from '../../fixture.ts'

test.each(['hf-search-page.html', 'hf-week-page.html', 'hf-trending-page.html'])(
  '%s mixes days, so it lists none',
  (file) => {
    const listing = parsePage(readFixture(file), 'auto')
    expect([listing.listedOn, ...listing.entries.map((entry) => entry.listedOn)].filter(Boolean)).toEqual([])
  },
)

describe('search results', () => {
  const search = readFixture('hf-search-page.html')
  const withResults = (results: string) =>
    search.replace(
      /&quot;searchResults&quot;: \[.*?\], &quot;dailyPapers/,
      `&quot;searchResults&quot;: ${results}, &quot;dailyPapers`,
    )

  test('go before the papers of the day', () => {
    expect(hfPage.parse(search).entries.map(({ arxivId }) => arxivId)).toEqual([
      '2611.00601',
      '2301.00602',
      '1706.00603',
    ])
  })

  test.each(['null', '[]'])('%s: the page is that of its day', (results) => {
    const listing = hfPage.parse(withResults(results))
    expect([listing.listedOn, listing.entries.map(({ arxivId }) => arxivId)]).toEqual([
      '2026-11-03',
      ['2611.00604'],
    ])
  })
})

describe("a paper's page", () => {
  const page = readFixture('hf-paper-page.html')

  test('says the place only with its day', () => {
    const undated = page.replace(/&quot;submittedOnDailyAt&quot;: &quot;[^&]*&quot;, /, '')
    expect(hfPaperPage.parse(undated).entries[0]).toMatchObject({ rank: undefined, listedOn: undefined })
  })

  test('with the attributes in another order and quoting', () => {
    const [, props = ''] = /data-props="([^"]*)"/.exec(page) ?? []
    const saved = `<div data-props='${props.replaceAll('&quot;', '"').replaceAll("'", '&#39;')}' data-target='PaperContent'></div>`
    expect(hfPaperPage.parse(saved)).toEqual(hfPaperPage.parse(page))
  })

  test('that breaks off is refused, wherever', () => {
    for (const cut of cuts(page)) expect(() => hfPaperPage.parse(cut)).toThrow(PermanentError)
  })

  test.each([
    ['no paper', '{&quot;paper&quot;:null}', 'expected an object with a paper, got null'],
    [
      'a paper without an id',
      '{&quot;paper&quot;:{&quot;title&quot;:&quot;T&quot;}}',
      'expected an arXiv id, got nothing',
    ],
  ])('with %s is refused', (_name, props, reason) => {
    const broken = `<div data-target="PaperContent" data-props="${props}"></div>`
    expect(() => hfPaperPage.parse(broken)).toThrow(reason)
  })
})

describe("a paper's answer", () => {
  test('is told from day archives and other objects', () => {
    expect(parsePage(readFixture('hf-day-archive.json'), 'auto').format).toBe('hf-day-archive')
    expect(hfPaperApi.detect('{"error":"Paper not found"}')).toBe(false)
  })

  test('that breaks off is refused, wherever', () => {
    for (const cut of cuts(readFixture('hf-paper.json'))) {
      expect(() => hfPaperApi.parse(cut)).toThrow(PermanentError)
    }
  })
})
