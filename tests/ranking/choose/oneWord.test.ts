import { describe, expect, test } from 'vitest'
import { listOf, placePapers, sampleDays } from '../../../src/demo/source/sampleListings.ts'
import { starterModel } from '../../../src/digests/corpus/starter.ts'
import { PICKINESS, type Pickiness } from '../../../src/domain.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { trainTaste } from '../../../src/ranking/score/taste.ts'
import { paper } from '../papers.ts'

const TODAY = '2026-11-20'
const NOW = new Date(`${TODAY}T20:00:00Z`)
const starter = starterModel()
const placed = placePapers(TODAY)
const days = sampleDays(TODAY).map((day) =>
  listOf(placed, day, NOW).map(({ title, abstract }, at) => paper(at + 1, title, { abstract, day })),
)

const sent = (
  papers: RankablePaper[],
  query: string,
  options: { pickiness?: Pickiness; liked?: RankablePaper[] } = {},
): number[] => {
  const taste = options.liked && trainTaste(starter, options.liked)
  const topic = { name: 'mine', query, quota: null, pickiness: options.pickiness }
  return selectDigest(buildIndex(papers, starter), [topic], { max: 100, taste }).items.map(
    ({ paperId }) => paperId,
  )
}

/** Counted without the product's code: in the title, or more than once. */
const naming = (papers: RankablePaper[], word: RegExp, least = 2): number[] =>
  papers
    .filter(({ title, abstract }) => {
      const inTitle = title.match(word)?.length ?? 0
      return 2 * inTitle + (abstract?.match(word)?.length ?? 0) >= least
    })
    .map(({ id }) => id)

const MODEL = /\bmodel(s|l?ing|l?ed|er)?\b/gi

describe('a topic of one word', () => {
  test('brings the papers of the day that name it in the title or repeatedly, and no others, however common it is', () => {
    expect(days.flatMap((papers) => naming(papers, MODEL)).length).toBeGreaterThan(3)
    for (const papers of days) expect(sent(papers, 'model').sort(byNumber)).toEqual(naming(papers, MODEL))
  })

  test.each(['robot', 'language'])('%s, too', (word) => {
    const pattern = new RegExp(`\\b${word}s?\\b`, 'gi')
    for (const papers of days)
      expect(sent(papers, word).sort(byNumber)).toEqual(expect.arrayContaining(naming(papers, pattern)))
  })

  const listed = [
    paper(1, 'Models of the world', { abstract: 'Agents plan with them.' }),
    paper(2, 'Planning ahead', {
      abstract: 'A model predicts what follows. The model is learned from pictures of streets.',
    }),
    paper(3, 'Bees in gardens', { abstract: 'Pollen is counted, and a model of flowers is fitted.' }),
    paper(4, 'Yeast', { abstract: 'Cells divide.' }),
  ]

  test('wants it in the title where the topic is picky, and takes any mention where it is not', () => {
    expect(PICKINESS.map((pickiness) => sent(listed, 'model', { pickiness }).sort(byNumber))).toEqual([
      [1],
      [1, 2],
      [1, 2, 3],
    ])
  })

  test('is ordered by the taste as well, and still brings what names the word', () => {
    const liked = [paper(9, 'Street scenes', { abstract: 'Pictures of streets are predicted from video.' })]
    expect(sent(listed, 'model', { liked })).toContain(2)
  })

  test('says of the others how far they came', () => {
    const papers = [listed[2]!, listed[3]!]
    const { items, reason } = selectDigest(
      buildIndex(papers, starter),
      [{ name: 'mine', query: 'model', quota: null }],
      {
        max: 10,
      },
    )
    expect(items).toEqual([])
    expect(reason).toContain(
      'None of 2 papers matched “mine”. Nearest: “Bees in gardens” (50% of what it takes: only “model” in the abstract)',
    )
  })
})

function byNumber(a: number, b: number): number {
  return a - b
}
