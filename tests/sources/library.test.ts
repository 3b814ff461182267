import { describe, expect, test } from 'vitest'
import { readLibrary } from '../../src/sources/library.ts'
import { readFixture } from './fixture.ts'

/** A text from somebody's library is read as a replay reads it, with what was taken and what was left. */

const LANTERNS = 'Lanterns that light themselves'
const ATTIC = 'How dark is the attic at noon'

describe('a library in any of its formats', () => {
  test.each([
    ['library-ris.ris', 'citation-tags', ['line 1', 'line 17']],
    ['library-endnote-tags.enw', 'citation-tags', ['line 1', 'line 10']],
    ['library-refworks.txt', 'citation-tags', ['line 1', 'line 16']],
    ['library-pubmed.nbib', 'citation-tags', ['line 2', 'line 17']],
    ['library-endnote-xml.xml', 'citation-xml', ['line 1', 'line 1']],
    ['library-zotero-rdf.rdf', 'citation-xml', ['line 10', 'line 43']],
  ])('%s: each paper with its place', (file, format, places) => {
    const report = readLibrary(readFixture(file), 100)!
    expect(report.format).toBe(format)
    expect(report.taken.map(({ entry }) => entry.title)).toEqual([LANTERNS, ATTIC])
    expect(report.taken.map(({ where }) => where)).toEqual(places)
    expect(report.left).toEqual([])
  })

  test.each([
    [
      'CSL-JSON',
      `[{"id":"x","type":"article-journal","title":"${LANTERNS}","author":[{"family":"Example","given":"Ada"}],"DOI":"10.1234/lan.1"}]`,
    ],
    ['JSON lines', `{"title":"${LANTERNS}","doi":"10.1234/lan.1","authors":["Ada Example"]}\n`],
    [
      'Zotero CSV',
      `"Key","Item Type","Publication Year","Author","Title","DOI"\n"A","journalArticle","2026","Example, Ada","${LANTERNS}","10.1234/lan.1"\n`,
    ],
  ])('%s', (_, text) => {
    const report = readLibrary(text, 100)!
    expect(report.taken.map(({ entry }) => entry)).toMatchObject([
      { title: LANTERNS, authors: ['Ada Example'], doi: '10.1234/lan.1' },
    ])
  })

  test('what cannot be read is told with its line, and costs no other', () => {
    const { taken, left } = readLibrary(readFixture('library-bibtex.bib'), 100)!
    expect(taken.map(({ where }) => where)).toEqual(['line 3', 'line 9', 'line 11'])
    expect(left).toEqual([
      { where: 'line 10', reason: 'expected an entry of BibTeX, got "@article{bad, title = {Broken"' },
    ])
  })

  test('of more records than are wanted the others are left, and said to be', () => {
    const { taken, left } = readLibrary(readFixture('library-ris.ris'), 1)!
    expect(taken).toHaveLength(1)
    expect(left).toEqual([{ where: 'line 17', reason: 'expected at most 1 records, got more' }])
  })
})

describe('other text is no library', () => {
  test.each([
    ['ids', '2603.01234\nhttps://arxiv.org/abs/2603.01235\n'],
    ['prose with commas', 'I read on lanterns, attics, and cellars,\nand on title pages, too.'],
    ['a title', LANTERNS],
    ['a list with an at sign', 'mail me@example.org\n- lanterns'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(readLibrary(text, 100)).toBeUndefined()
  })
})
