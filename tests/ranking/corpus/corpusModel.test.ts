import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import type { CorpusModel } from '../../../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { scorePapers } from '../../../src/ranking/score/bestPapers.ts'
import { paper } from '../papers.ts'
import { SUBJECTS, subjectPapers, subjectWord } from '../subjects.ts'

const POOL = [
  paper(1, 'Graph neural networks (GNNs) for molecules', { abstract: 'Message passing between atoms.' }),
  paper(2, 'Deep graph neural networks (GNN)', { abstract: 'Message passing over nodes, made deep.' }),
  paper(3, 'Large language models (LLMs)', { abstract: 'Text, predicted word by word.' }),
  paper(4, 'Why large language models (LLMs) fail', { abstract: 'Tests of reading and counting.' }),
  paper(5, 'Cooking pasta', { abstract: 'Water, salt and time.' }),
]
const corpus = trainCorpusModel(POOL)

function ids(papers: readonly RankablePaper[], query: string, from: CorpusModel | undefined): number[] {
  return rankTopic(buildIndex(papers, from), parseQuery(query)).map(({ paperId }) => paperId)
}

describe('a word finds', () => {
  const today = [
    paper(11, 'A GNN library'),
    paper(12, 'Training graph neural networks'),
    paper(13, 'Evaluating LLMs'),
    paper(14, 'A large language model'),
    paper(15, 'Animal behaviour'),
    paper(16, 'Behavior cloning'),
    paper(17, 'Multi-modal learning'),
    paper(18, 'Multimodal maps'),
    paper(19, 'Wine'),
  ]
  test.each<[string, string, number[]]>([
    ['the long form of an acronym', 'gnn', [11, 12]],
    ['the acronym of a long form', '"graph neural network"', [11, 12]],
    ['the acronym of a long form without quotes', 'graph neural networks', [11, 12]],
    ['the plural of an acronym, and its long form', 'LLM', [13, 14]],
    ['the singular of an acronym', 'LLMs', [13, 14]],
    ['the American spelling', 'behaviour', [15, 16]],
    ['the British spelling', 'behavior', [15, 16]],
    ['the word without hyphen', 'multi-modal', [17, 18]],
    ['the word with hyphen', 'multimodal', [17, 18]],
    ['another inflection', 'learn', [17]],
  ])('%s: %s', (_, query, expected) => {
    expect(ids(today, query, corpus).sort((a, b) => a - b)).toEqual(expected)
  })

  test('no long form that the corpus does not explain', () => {
    expect(ids(today, 'gnn', trainCorpusModel(POOL.slice(2)))).toEqual([11])
  })
})

describe('learned from many papers', () => {
  const many = subjectPapers(400)
  const learned = trainCorpusModel(many)
  const [first, second] = SUBJECTS
  const wordOf = (subject: string) => (at: number) => subjectWord(subject, at)
  const textOf = (subject: string, from: number, to: number): string =>
    Array.from({ length: to - from }, (_, at) => wordOf(subject)(from + at)).join(' ')

  test('a paper of few words is found by the words of papers like it, after those that have the word', () => {
    const today = [
      paper(1001, textOf(first, 0, 4)),
      paper(1002, textOf(second, 0, 4)),
      paper(1003, textOf(first, 8, 12)),
    ]
    const wanted = subjectWord(first, 10)
    expect(ids(today, wanted, undefined)).toEqual([1003])
    expect(ids(today, wanted, learned)).toEqual([1003, 1001])
  })

  test('the order of the day’s papers does not matter, and a second training gives the same', () => {
    const today = subjectPapers(40, 2001)
    const query = [subjectWord(first, 1), subjectWord(second, 2)].join(' ')
    const forward = rankTopic(buildIndex(today, learned), parseQuery(query))
    const backward = rankTopic(buildIndex([...today].reverse(), learned), parseQuery(query))
    expect(backward.map(({ paperId }) => paperId)).toEqual(forward.map(({ paperId }) => paperId))
    expect(rankTopic(buildIndex(today, trainCorpusModel(many)), parseQuery(query))).toEqual(forward)
  })

  test('a corpus that was stored and read again ranks as before', () => {
    const stored = deserialize(serialize(learned)) as CorpusModel
    const today = subjectPapers(40, 3001)
    const query = parseQuery(subjectWord(first, 3))
    expect(rankTopic(buildIndex(today, stored), query)).toEqual(rankTopic(buildIndex(today, learned), query))
  })
})

describe('a small corpus does no harm', () => {
  const today = [
    paper(21, 'Robots that cook', { abstract: 'A kitchen robot.' }),
    paper(22, 'Robot arms', { abstract: 'Arms that reach.' }),
    paper(23, 'Pasta and salt', { abstract: 'Water boils.' }),
    paper(24, 'Stars', { abstract: 'Light from far away.' }),
  ]
  test.each(['robot', 'robot arms', 'pasta', 'stars light', '"robot arms" pasta'])(
    '%s: what has the words stays ahead of all else',
    (query) => {
      const first = (from: CorpusModel | undefined, count: number) =>
        ids(today, query, from).slice(0, count).sort()
      const count = ids(today, query, undefined).length
      for (const papers of [[], POOL.slice(0, 1), POOL, today])
        expect(first(trainCorpusModel(papers), count)).toEqual(first(undefined, count))
    },
  )
})

test('whatever the papers and the query, scores are finite, with a corpus too', () => {
  const words = fc.array(fc.constantFrom('graph', 'GNN', 'the', '神经网络', 'نص', '🤖', 'x-ray', '¹'), {
    maxLength: 9,
  })
  const text = words.map((all) => all.join(' '))
  const some = fc.array(fc.record({ title: text, abstract: fc.option(text) }), { maxLength: 9 })
  const asPapers = (all: { title: string; abstract: string | null }[]) =>
    all.map(({ title, abstract }, id) => paper(id, title, { abstract }))
  fc.assert(
    fc.property(some, some, text, (pool, today, typed) => {
      const index = buildIndex(asPapers(today), trainCorpusModel(asPapers(pool)))
      const scores = scorePapers(index, parseQuery(`${typed} graph`))
      expect([...scores].every(Number.isFinite)).toBe(true)
    }),
  )
})
