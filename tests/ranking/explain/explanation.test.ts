import { describe, expect, test } from 'vitest'
import { type RankOptions, rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { explain } from '../../../src/ranking/explain/explanation.ts'
import { type MatchedWord, wordReasons } from '../../../src/ranking/explain/matchedWords.ts'
import { IN_TITLE } from '../../../src/ranking/index/inverted.ts'
import type { TextClause } from '../../../src/ranking/language/clauses.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { trainTaste } from '../../../src/ranking/score/taste.ts'
import { scoreTopic } from '../../../src/ranking/score/topicScore.ts'
import { paper } from '../papers.ts'

const POOL = [
  paper(1, 'Graph neural networks (GNNs) for molecules', {
    abstract: 'We study message passing with node embedding on molecules, and win.',
  }),
  paper(2, 'Deep graph neural networks', {
    abstract: 'Graph neural networks (GNN) with message passing and node embedding.',
  }),
  paper(3, 'A GNN for traffic', { abstract: 'Message passing on roads; a node embedding of crossings.' }),
  paper(4, 'Proteins fold', { abstract: 'Folding of proteins by diffusion.' }),
  paper(5, 'Proteins bind', { abstract: 'Binding of proteins to membranes.' }),
  paper(6, 'Cooking pasta', { abstract: 'Water and salt.' }),
  paper(7, 'Baking bread', { abstract: 'Flour and water, salt and yeast.' }),
  paper(8, 'Jazz harmony', { abstract: 'Chords of pianists.', keywords: ['neural'] }),
]
const corpus = trainCorpusModel(POOL)
const index = buildIndex(POOL, corpus)

function reasonsOf(query: string, id: number, options: RankOptions = {}): string[] {
  const ranked = rankTopic(index, parseQuery(query), { trendWeight: 0, ...options })
  return ranked.find(({ paperId }) => paperId === id)?.reasons.map(({ text }) => text) ?? ['did not come']
}

describe('words are named as the paper writes them, in the place where it has them', () => {
  const plain = buildIndex(POOL)
  test.each([
    ['deep graph neural network', 2, ['matches “deep graph neural networks” in the title']],
    ['deep "neural network"', 2, ['matches “deep” and “neural networks” in the title']],
    ['network deep', 2, ['matches “deep” and “networks” in the title']],
    [
      'molecules message passing',
      1,
      ['matches “molecules” in the title', '“message passing” in the abstract'],
    ],
    ['neural chords', 8, ['“chords” in the abstract', '“neural” in the keywords']],
  ])('%s', (query, id, expected) => {
    const ranked = rankTopic(plain, parseQuery(query), { trendWeight: 0 })
    const { reasons } = ranked.find(({ paperId }) => paperId === id)!
    expect(reasons.map(({ text }) => text)).toEqual(expected)
  })
})

describe('the words of a long query', () => {
  test('are named once each, however often they stand there', () => {
    const query = 'molecules graph neural networks '.repeat(100)
    const expected =
      'matches “graph neural networks”, “molecules” and “GNN” (= graph neural networks) in the title'
    expect(reasonsOf(query, 1)[0]).toBe(expected)
  })

  test('are looked at a few times each', () => {
    let reads = 0
    const hits = Array.from({ length: 1000 }, (_, at): MatchedWord => {
      const clause: TextClause = {
        ...{ kind: 'text', text: `deep graph${at}`, variants: [['deep', 'graph']] },
        ...{ occurrence: 'should', weight: 1, position: at },
      }
      return {
        name: `“${clause.text}”`,
        fieldBits: IN_TITLE,
        value: 1,
        get clause() {
          reads++
          return clause
        },
      }
    })
    expect(wordReasons(index, hits, 1)).toHaveLength(1)
    expect(reads).toBeLessThan(20 * hits.length)
  })
})

test('a reason holds what its text says, for code to read', () => {
  const papers = [
    paper(1, 'Deep graphs', {
      abstract: 'Of networks.',
      authors: ['Ada Byron'],
      upvotes: 41,
      upvotesPerDay: 7,
    }),
    paper(2, 'Bread', { day: '2026-11-20' }),
  ]
  const plain = buildIndex(papers)
  const [first] = rankTopic(plain, parseQuery('networks graphs deep author:Byron'))
  expect(first!.reasons).toEqual([
    { kind: 'field', field: 'author', value: 'Byron', text: 'by Byron' },
    {
      ...{ kind: 'words', place: 'title', words: ['“graphs”', '“deep”'] },
      text: 'matches “graphs” and “deep” in the title',
    },
    { kind: 'words', place: 'abstract', words: ['“networks”'], text: '“networks” in the abstract' },
  ])
  const [popular] = rankTopic(plain, parseQuery('networks'))
  expect(popular!.reasons).toEqual([
    { kind: 'words', place: 'abstract', words: ['“networks”'], text: '“networks” in the abstract' },
    { kind: 'popular', upvotes: 41, text: '41 upvotes' },
    { kind: 'rising', upvotesPerDay: 7, text: 'rising: 7 upvotes in a day' },
  ])
  const [second] = rankTopic(plain, parseQuery('-deep'))
  expect(second!.reasons).toEqual([{ kind: 'listed', day: '2026-11-20', text: 'listed on 2026-11-20' }])
})

describe('upvotes', () => {
  const listed = buildIndex([
    paper(1, 'Trees of the city', { abstract: 'Oaks and one bee.', upvotes: 5_000, upvotesPerDay: 900 }),
    ...Array.from({ length: 30 }, (_, at) =>
      paper(at + 2, at < 10 ? `Bee ${at}` : `Moss ${at}`, {
        abstract: at < 3 ? 'Pollen of flowers.' : 'It grows.',
      }),
    ),
  ])
  const kindsOf = (trendWeight: number) =>
    rankTopic(listed, parseQuery('bee pollen'), { trendWeight })
      .find(({ paperId }) => paperId === 1)!
      .reasons.map(({ kind }) => kind)

  test('come after what a weak match is about, however many they are', () => {
    expect(kindsOf(0.45)).toEqual(['words', 'popular', 'rising'])
  })

  test('come first for a subscriber whom they decide most', () => {
    expect(kindsOf(0.9)[0]).toBe('popular')
  })
})

describe('an acronym', () => {
  test('that was typed says what it stands for, where the paper spells it out', () => {
    const spelled = buildIndex([paper(20, 'A graph neural network'), ...POOL.slice(3)], corpus)
    const [first] = rankTopic(spelled, parseQuery('GNN'), { trendWeight: 0 })
    expect(first).toMatchObject({
      paperId: 20,
      reasons: [
        { text: expect.stringMatching(/^matches “GNN” \(= graph neural networks?\) in the title$/) },
        expect.anything(),
      ],
    })
  })

  test('of words that were typed says so', () => {
    expect(reasonsOf('"graph neural network"', 3)[0]).toBe(
      'matches “graph neural network” (= GNN) in the title',
    )
    expect(reasonsOf('graph neural network', 3)[0]).toMatch(
      /^matches “GNN” \(= graph neural networks?\) in the title$/,
    )
  })

  test('that the paper has as typed is only named', () => {
    expect(reasonsOf('GNN', 3)[0]).toBe('matches “GNN” in the title')
  })
})

describe('related words', () => {
  test('are those that the paper has itself, as people write them, side by side as one; no function words', () => {
    const [, related] = reasonsOf('GNN', 3)
    expect(related).toMatch(/^related words: /)
    expect(related).toContain('message passing')
    expect(related).not.toMatch(/\b(?:a|of|on|for|with|we|GNN)\b/)
  })

  test('are no bare numbers', () => {
    const dated = Array.from({ length: 12 }, (_, at) =>
      paper(100 + at, `Glacier melt ${at}`, {
        abstract: `In 1999 glaciers lost ice by melt and calving, 42 of them; site ${at} too.`,
      }),
    )
    const learned = trainCorpusModel(dated)
    const reasons = rankTopic(buildIndex(dated, learned), parseQuery('glacier'), {}).flatMap(
      (one) => one.reasons,
    )
    const related = reasons.filter((reason) => reason.kind === 'related').map(({ text }) => text)
    expect(related.length).toBeGreaterThan(0)
    expect(related.join()).not.toMatch(/\d/)
  })

  test('alone never bring a paper that shares none', () => {
    for (const id of [6, 7]) expect(reasonsOf('GNN', id)).toEqual(['did not come'])
  })
})

describe('a taste', () => {
  const taste = trainTaste(corpus, [POOL[3]!, POOL[4]!])!

  test('says to how many liked papers it is close, and by which words', () => {
    expect(reasonsOf('membranes water', 5, { taste }).join()).toMatch(
      /close to the 2 papers you liked: .*proteins/,
    )
    const one = trainTaste(corpus, [POOL[4]!])!
    expect(reasonsOf('membranes', 5, { taste: one }).join()).toMatch(/close to the paper you liked/)
  })

  test('that speaks against a paper is a part of its score and no reason for it', () => {
    const topic = scoreTopic(index, parseQuery('water'), { taste })
    const all = index.papers.map((_, doc) => explain(topic, doc))
    const against = all.find(({ parts }) => parts.some(({ kind, value }) => kind === 'taste' && value < 0))!
    expect(against.parts.find(({ kind }) => kind === 'taste')!.text).toBe('unlike the 2 papers you liked')
    expect(against.reasons.map(({ kind }) => kind)).not.toContain('taste')
  })
})
