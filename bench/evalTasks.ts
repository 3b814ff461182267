import type { CorpusModel, RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { corpusAsIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { EVERYTHING, queryFromText, type TopicQuery } from '../src/ranking/language/query.ts'
import { scorePapers } from '../src/ranking/score/bestPapers.ts'
import { type Taste, trainTaste } from '../src/ranking/score/taste.ts'
import { candidatesOf, type EvalCase, type EvalPapers, placesOf } from './evalCases.ts'

/** What a ranking is based on. */
export const TASKS = ['keywords', 'tags', 'likes', 'likes+dislikes', 'keywords+likes', 'query'] as const
export type Task = (typeof TASKS)[number]

/**
 * Ranks the candidates of a case, best first, as the product does: a topic of the case's words, a taste from its
 * likes.
 */
export function rankCase(corpus: CorpusModel, papers: EvalPapers, one: EvalCase, task: Task): string[] {
  return rankingOf(papers, one, task, scoresFor(corpusAsIndex(corpus), papers, one, task))
}

/** The score of each paper of an index for a case. The index has a corpus model. */
export function scoresFor(index: RankingIndex, papers: EvalPapers, one: EvalCase, task: Task): Float64Array {
  const taste = tasteOf(index.corpus!, papers, one, task)
  return scorePapers(index, queryOf(one, task), { trendWeight: 0, taste })
}

/** The ids of a case's candidates, best first. `scores` are by place. */
export function rankingOf(
  papers: EvalPapers,
  one: EvalCase,
  task: Task,
  scores: ArrayLike<number>,
): string[] {
  const left = new Set(task === 'likes+dislikes' ? placesOf(papers, one.dislikes) : [])
  return byScore(
    candidatesOf(papers, one).filter((place) => !left.has(place)),
    scores,
  ).map((place) => papers.ids[place]!)
}

/** Places by descending score; equal scores keep their order. */
function byScore(places: readonly number[], scores: ArrayLike<number>): number[] {
  return [...places].sort((a, b) => scores[b]! - scores[a]!)
}

/** The words a case gives for a task. */
export function wordsFor(one: EvalCase, task: Task): string {
  switch (task) {
    case 'keywords':
    case 'keywords+likes':
      return (one.keywords ?? []).join(', ')
    case 'tags':
      return (one.tags ?? []).join(', ')
    case 'query':
      return one.query ?? ''
    default:
      return ''
  }
}

function queryOf(one: EvalCase, task: Task): TopicQuery {
  const words = wordsFor(one, task)
  return words === '' ? EVERYTHING : queryFromText(words)
}

function tasteOf(corpus: CorpusModel, papers: EvalPapers, one: EvalCase, task: Task): Taste | undefined {
  if (!task.includes('likes')) return undefined
  const named = (ids: readonly string[] = []) => placesOf(papers, ids).map((place) => papers.papers[place]!)
  return trainTaste(corpus, named(one.likes), task === 'likes+dislikes' ? named(one.dislikes) : [])
}
