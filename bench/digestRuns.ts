import { selectDigest } from '../src/ranking/choose/selectDigest.ts'
import type { CorpusModel, RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { trainTaste } from '../src/ranking/score/taste.ts'
import { candidatesOf, type EvalCase, type EvalPapers, placesOf } from './evalCases.ts'
import { wordsFor } from './evalTasks.ts'

/** What one listing day brought, best first, by the ids of the set. */
export interface SentDay {
  date: string
  sent: string[]
}

const MAX = 10

/**
 * Chooses each case's digests, a listing day at a time, with the product's own selection: at most ten papers, nothing sent twice.
 * Every paper needs a `date`.
 */
export function chooseDigests(
  papers: EvalPapers,
  cases: readonly EvalCase[],
  corpus: CorpusModel,
  withLikes: boolean,
): SentDay[][] {
  const days = indexesByDay(papers, corpus)
  return cases.map((one) => digestsOf(one, papers, corpus, days, withLikes))
}

function digestsOf(
  one: EvalCase,
  papers: EvalPapers,
  corpus: CorpusModel,
  days: ReadonlyMap<string, RankingIndex>,
  withLikes: boolean,
): SentDay[] {
  const places = candidatesOf(papers, one)
  const candidates = new Set(places)
  const likes = placesOf(papers, one.likes).map((place) => papers.papers[place]!)
  const taste = withLikes ? trainTaste(corpus, likes) : undefined
  const query = wordsFor(one, 'keywords')
  const sent = new Set<number>()
  const wanted = [...new Set(places.map((place) => papers.dates[place]!))].sort()
  return wanted.map((date) => {
    const { items } = selectDigest(days.get(date)!, [{ name: 'topic', query, quota: null }], {
      max: MAX,
      trendWeight: 0,
      exclude: (paper) => sent.has(paper) || !candidates.has(paper),
      ...(taste === undefined ? {} : { taste }),
    })
    for (const { paperId } of items) sent.add(paperId)
    return { date, sent: items.map(({ paperId }) => papers.ids[paperId]!) }
  })
}

function indexesByDay(papers: EvalPapers, corpus: CorpusModel): Map<string, RankingIndex> {
  const places = new Map<string, number[]>()
  for (const [place, date] of papers.dates.entries()) {
    const all = places.get(date)
    if (all === undefined) places.set(date, [place])
    else all.push(place)
  }
  const indexOf = (all: number[]): RankingIndex =>
    buildIndex(
      all.map((place) => papers.papers[place]!),
      corpus,
    )
  return new Map([...places].map(([date, all]) => [date, indexOf(all)]))
}

/** Means over cases, as the scorer of the labelled sets has them. */
export interface DigestMeasures {
  papersADay: number
  recall: number
  f1: number
  /** The share of a day's relevant papers that stand among the digest's first three. */
  first3: number
}

const FIRST = 3

/** Measures what digests brought. */
export function measureDigests(
  papers: EvalPapers,
  cases: readonly EvalCase[],
  runs: readonly SentDay[][],
): DigestMeasures {
  const each = cases.map((one, at) => measuresOf(papers, one, runs[at]!))
  const mean = (name: keyof DigestMeasures) => each.reduce((sum, one) => sum + one[name], 0) / each.length
  return { papersADay: mean('papersADay'), recall: mean('recall'), f1: mean('f1'), first3: mean('first3') }
}

function measuresOf(papers: EvalPapers, one: EvalCase, days: readonly SentDay[]): DigestMeasures {
  const relevant = new Set(one.relevant)
  const dateOf = (id: string) => papers.dates[papers.places.get(id)!]
  const sent = days.flatMap((day) => day.sent)
  const hits = sent.filter((id) => relevant.has(id)).length
  const precision = sent.length === 0 ? 0 : hits / sent.length
  const recall = hits / relevant.size
  const firsts = days.flatMap((day) => {
    const ofDay = [...relevant].filter((id) => dateOf(id) === day.date).length
    return ofDay === 0 ? [] : [day.sent.slice(0, FIRST).filter((id) => relevant.has(id)).length / ofDay]
  })
  return {
    papersADay: sent.length / days.length,
    recall,
    f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    first3: firsts.reduce((sum, share) => sum + share, 0) / Math.max(firsts.length, 1),
  }
}
