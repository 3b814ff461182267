import { bm25Scores, centroidScores, plainIndex, subjectWords, substringCounts } from './evalBaselines.ts'
import { type EvalCase, type EvalPapers, placesOf } from './evalCases.ts'
import { type Task, wordsFor } from './evalTasks.ts'
import { svmScores } from './linearSvm.ts'
import { tfidfRows } from './tfidf.ts'

export const PEERS = ['substring', 'BM25+stem', 'centroid', 'SVM', 'BM25 + SVM'] as const
export type Peer = (typeof PEERS)[number]

/** The score of each paper for a case. */
export type Scorer = (one: EvalCase, task: Task) => Float64Array

const DISLIKE_IMPORTANCE = 5

/** A support vector machine is trained against an even sample of so many papers. */
const MOST_OTHERS = 26_000

/** For each common method its scores; undefined for a task that it has no input for. */
export function peersOf(papers: EvalPapers): (peer: Peer, task: Task) => Scorer | undefined {
  const index = plainIndex(papers.papers)
  const { rows, columns } = tfidfRows(papers)
  const bm25: Scorer = (one, task) => bm25Scores(index, wordsFor(one, task))
  const every = Math.ceil(papers.ids.length / MOST_OTHERS)
  const trained = new Map<string, Float64Array>()
  const svm: Scorer = (one, task) => {
    const { likes } = one
    const dislikes = task === 'likes+dislikes' ? one.dislikes : []
    const key = JSON.stringify([likes, dislikes])
    const known = trained.get(key)
    if (known !== undefined) return known
    const liked = new Set(placesOf(papers, likes))
    const disliked = new Set(placesOf(papers, dislikes))
    const importance = (row: number): number => {
      if (disliked.has(row)) return DISLIKE_IMPORTANCE
      return liked.has(row) || row % every === 0 ? 1 : 0
    }
    const scores = svmScores(rows, columns, (row) => liked.has(row), importance)
    trained.set(key, scores)
    return scores
  }
  const byWords: Partial<Record<Peer, Scorer>> = {
    substring: (one, task) => substringCounts(papers, filterWords(one, task)),
    'BM25+stem': bm25,
  }
  const byLikes: Partial<Record<Peer, Scorer>> = {
    centroid: (one) => centroidScores(rows, columns, placesOf(papers, one.likes)),
    SVM: svm,
  }
  const both: Scorer = (one, task) => added(standardised(bm25(one, task)), standardised(svm(one, task)))
  return (peer, task) => {
    if (task === 'keywords+likes') return { ...byWords, ...byLikes, 'BM25 + SVM': both }[peer]
    return (task.startsWith('likes') ? byLikes : byWords)[peer]
  }
}

function filterWords(one: EvalCase, task: Task): string[] {
  const { keywords, tags } = one
  return (
    (task.startsWith('keywords') ? keywords : task === 'tags' ? tags : undefined) ??
    subjectWords(wordsFor(one, task))
  )
}

/** The values less their mean, in standard deviations. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const spread = Math.sqrt(squares / values.length) || 1
  return values.map((value) => (value - mean) / spread)
}

function added(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value + b[at]!)
}
