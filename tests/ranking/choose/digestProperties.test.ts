import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPLORE } from '../../../src/ranking/choose/explore.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { explain } from '../../../src/ranking/explain/explanation.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { trainTaste } from '../../../src/ranking/score/taste.ts'
import { scoreOf, scoreTopic } from '../../../src/ranking/score/topicScore.ts'
import { thorough } from '../../support/thorough.ts'
import { paper } from '../papers.ts'

const word = fc.constantFrom(
  'graph',
  'neural',
  'network',
  'GNN',
  'x-ray',
  'xray',
  'the',
  '网络',
  'müller',
  '🦜',
  'a',
  '$k$',
)
const text = fc.array(word, { maxLength: 14 }).map((words) => words.join(' '))
const count = fc.option(fc.oneof(fc.nat(), fc.integer({ min: 0, max: 60 })))
const anyPaper = fc.record({
  title: fc.oneof(text, fc.constant('Graph neural networks (GNNs)')),
  abstract: fc.option(text),
  authors: fc.array(text, { maxLength: 2 }),
  categories: fc.array(fc.constantFrom('cs.CL', 'cs.CV', 'math'), { maxLength: 2 }),
  organization: fc.option(text),
  keywords: fc.array(text, { maxLength: 2 }),
  upvotes: count,
  upvotesPerDay: fc.option(fc.double({ noNaN: false })),
  day: fc.option(fc.constantFrom('2026-01-01', '2026-01-02')),
})
const papers = fc
  .array(anyPaper, { maxLength: 14 })
  .map((all) => all.map((one, at): RankablePaper => ({ id: at + 1, ...one })))
const clause = fc.constantFrom(
  'graph',
  'graph neural network',
  '"neural network"',
  'GNN',
  'xray^2',
  'gnn^0.1',
  '-ray',
  '+graph',
  'author:müller^3',
  'cat:cs',
  'min:1',
  '网络',
  'nowhere',
)
const query = fc.array(clause, { minLength: 1, maxLength: 5 }).map((all) => all.join(' '))
const topics = fc
  .array(fc.record({ query, quota: fc.option(fc.integer({ min: 0, max: 4 })) }), { maxLength: 4 })
  .map((all) => all.map((one, at) => ({ name: `T${at}`, ...one })))
const settings = fc.record({
  max: fc.integer({ min: 0, max: 8 }),
  trendWeight: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double()),
  explore: fc.boolean(),
  seed: fc.string(),
})
const sent = fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 6 }).map((ids) => new Set(ids))

/** With and without what a corpus model adds: acronyms, related words, a taste. */
function indexOf(all: RankablePaper[], isLearned: boolean) {
  if (!isLearned) return { index: buildIndex(all), taste: undefined }
  const corpus = trainCorpusModel([
    ...all,
    paper(90, 'Graph neural networks (GNN)'),
    paper(91, 'Graph neural network (GNN)'),
  ])
  return {
    index: buildIndex(all, corpus),
    taste: trainTaste(corpus, all.slice(0, 2), all.slice(2, 3)),
  }
}

test('a digest holds what its subscriber set, no paper twice, none that must not come, and says why', () => {
  fc.assert(
    fc.property(papers, topics, settings, sent, fc.boolean(), (all, wanted, options, before, isLearned) => {
      const { index, taste } = indexOf(all, isLearned)
      const choose = () => selectDigest(index, wanted, { ...options, taste, exclude: (id) => before.has(id) })
      const { items, reason, nothing } = choose()
      expect(choose()).toEqual({ items, ...(reason === undefined ? {} : { reason, nothing }) })
      for (const { paperId } of nothing?.misses ?? []) expect(before.has(paperId)).toBe(false)
      expect(items.length).toBeLessThanOrEqual(options.max)
      expect(new Set(items.map(({ paperId }) => paperId)).size).toBe(items.length)
      for (const { name, quota } of wanted)
        expect(items.filter(({ topic }) => topic === name).length).toBeLessThanOrEqual(quota ?? options.max)
      expect(items.filter(({ explore }) => explore).length).toBeLessThanOrEqual(options.explore ? 1 : 0)
      for (const item of items) {
        expect(before.has(item.paperId)).toBe(false)
        expect(item.score).toBeTypeOf('number')
        expect(Number.isFinite(item.score)).toBe(true)
        expect(item.reasons.length).toBeGreaterThan(0)
        for (const { text } of item.reasons) expect(text).toMatch(/\S/)
        expect(JSON.stringify(item.reasons)).not.toMatch(/NaN|undefined|Infinity/)
        expect(item.reasons.map(({ text }) => text).join()).not.toContain('null')
        expect(item.reasons[0]!.kind === 'explore').toBe(item.topic === EXPLORE)
      }
      expect(reason === undefined).toBe(items.length > 0)
      if (reason !== undefined) expect(reason).not.toMatch(/NaN|undefined|null|Infinity/)
    }),
    { numRuns: thorough(100) },
  )
})

test('the parts add up to the score exactly, in their order, and each has words', () => {
  fc.assert(
    fc.property(papers, query, settings, fc.boolean(), (all, typed, { trendWeight }, isLearned) => {
      const { index, taste } = indexOf(all, isLearned)
      const topic = scoreTopic(index, parseQuery(typed), { trendWeight, taste })
      for (const doc of all.keys()) {
        const { score, parts, reasons } = explain(topic, doc)
        let sum = 0
        for (const part of parts) {
          expect(part.text).toMatch(/\S/)
          expect(Number.isFinite(part.value)).toBe(true)
          sum += part.value
        }
        expect(sum).toBe(score)
        expect(score === scoreOf(topic, doc)).toBe(true)
        expect(reasons.length).toBeGreaterThan(0)
      }
    }),
    { numRuns: thorough(100) },
  )
})

describe('extremes', () => {
  const robots = Array.from({ length: 20 }, (_, at) => paper(at + 1, `Robots ${at + 3000}`, { upvotes: at }))

  test('papers that are all the same: one comes', () => {
    const same = Array.from({ length: 500 }, (_, at) => paper(at + 1, 'Cat', { abstract: 'A cat.' }))
    const wanted = [{ name: 'C', query: 'cat', quota: null }]
    expect(selectDigest(buildIndex(same), wanted, { max: 10, explore: true }).items).toHaveLength(1)
    expect(selectDigest(buildIndex(same), [], { max: 10 }).items).toHaveLength(1)
  })

  test('no papers, and papers without any word', () => {
    const wanted = [{ name: 'C', query: 'cat', quota: null }]
    for (const all of [[], [paper(1, '!!!'), paper(2, '…')]]) {
      expect(selectDigest(buildIndex(all), wanted, { max: 5, explore: true }).items).toEqual([])
      expect(selectDigest(buildIndex(all), [], { max: 5, explore: true }).items).toHaveLength(all.length)
    }
  })

  test('1,000 topics: turns in their order, at most the digest, and a reason that can be read', () => {
    const wanted = (query: string) =>
      Array.from({ length: 1000 }, (_, at) => ({ name: `T${at}`, query, quota: 1 }))
    const { items } = selectDigest(buildIndex(robots), wanted('robots'), { max: 8, explore: true })
    expect(items.map(({ topic }) => topic)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((at) => `T${at}`))
    const { reason } = selectDigest(buildIndex(robots), wanted('zebra'), { max: 8 })
    expect(reason).toBe('None of 20 papers matched “T0”, “T1”, “T2” and 997 more.')
  })
})
