import { describe, expect, test } from 'vitest'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { textDigest } from '../../../../src/sources/formats/text/digest.ts'
import { cuts, describeShared, listShared, readFixture, readShared } from '../../fixture.ts'

const digest = readFixture('text-digest.txt')

describe('a block', () => {
  const GOOD = 'Title: T t\nPDF: https://arxiv.org/pdf/2611.00001\nSummary: S.\n'
  test.each([
    [
      'without a summary',
      'Title: T t\nPDF: https://arxiv.org/pdf/2611.00001\n',
      { title: 'T t', abstract: undefined },
    ],
    ['with names', `Authors: A. One, B. Two\n${GOOD}`, { authors: ['A. One', 'B. Two'] }],
    ['with a summary of several lines', `${GOOD}And more.\n`, { abstract: 'S. And more.' }],
    ['with labels in the summary', `${GOOD}Note: this.\n`, { abstract: 'S. Note: this.' }],
  ])('%s', (_name, block, expected) => {
    expect(textDigest.parse(`${block}---\n`)).toMatchObject({ entries: [expected], rejects: [] })
  })

  test.each([
    ['its title', 'PDF: https://arxiv.org/pdf/2611.00001\n', 'expected a title, got nothing'],
    ['its link', 'Title: T\nPDF: soon\n', 'expected a link to the paper, got none: "T"'],
    ['its end', `${GOOD}${GOOD}`, 'expected one paper before the line ---, got more: "T t"'],
    [
      'the name of a label',
      GOOD.replace('PDF', 'PDG'),
      'expected one paper before the line ---, got more: "T t"',
    ],
  ])('that has lost %s is rejected', (_name, block, reason) => {
    expect(textDigest.parse(`${block}---\n`)).toMatchObject({
      entries: [],
      rejects: [{ where: 'line 1', reason }],
    })
  })

  test('that the text ends in is rejected, and the others stay', () => {
    expect(textDigest.parse(`${GOOD}---\nTitle: Half a Ti`)).toMatchObject({
      entries: [{ title: 'T t' }],
      rejects: [{ where: 'line 5', reason: 'the text ends in the middle of this paper: "Half a Ti"' }],
    })
  })
})

test('cut anywhere, it gives papers of the whole one and no others', () => {
  const whole = textDigest.parse(digest).entries
  for (const cut of cuts(digest).filter((text) => textDigest.detect(text))) {
    const { entries } = textDigest.parse(cut)
    expect(entries).toEqual(whole.slice(0, entries.length))
  }
})

describeShared('real digests', () => {
  const COUNTS = [24, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50]
  test.each(listShared('fixtures/text_digests/').map((file, index) => [file, COUNTS[index]!] as const))(
    '%s: %i papers',
    (file, count) => {
      const page = readShared(`fixtures/text_digests/${file}`)
      const listing = parsePage(page, 'auto')
      expect([listing.format, listing.entries.length, listing.rejects]).toEqual(['text-digest', count, []])
      expect(listing.entries.map(({ arxivId }) => arxivId)).toEqual(
        Array.from(page.matchAll(/^PDF: https:\/\/arxiv\.org\/pdf\/(\S+)$/gm), (match) => match[1]),
      )
      expect(listing.entries.every(({ abstract }) => abstract)).toBe(true)
    },
  )
})
