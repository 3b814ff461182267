import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { bm25Rows } from '../corpus/paperRows.ts'
import { type SparseRows, transpose, unitRows } from '../matrices/sparseRows.ts'

/**
 * Two papers resemble each other from this cosine of their BM25 vectors on. Papers on one subject share words, so a smaller cosine
 * is no reason to leave one out.
 */
const RESEMBLING = 0.4

/** From this cosine on a paper repeats the other: one of them is enough, today and on later days. */
const COPY = 0.85

/** A paper that resembles a chosen one loses this part of the topic's best score. */
const PENALTY = 0.5

/** At most this many pairs of resembling papers are kept for an index. */
const MOST_PAIRS = 2_000_000

/** The papers that resemble one: their positions in the index, and their cosines, 0.4 to 1. */
interface Resembling {
  docs: Int32Array
  cosines: Float32Array
}

/** The papers taken for a digest so far. */
export interface Choice {
  index: RankingIndex
  taken: Set<number>
  /** For each paper that resembles a taken one the largest cosine. */
  likeness: Map<number, number>
  /** Copies of excluded papers. */
  refused: Set<number>
  exclude: (paperId: number) => boolean
}

/** A choice with nothing taken yet. */
export function newChoice(index: RankingIndex, exclude: (paperId: number) => boolean): Choice {
  return { index, taken: new Set(), likeness: new Map(), refused: new Set(), exclude }
}

/** A paper that may be taken: its position in the index, and its score. */
export interface Candidate {
  doc: number
  score: number
}

/**
 * Takes the best candidate that is left and returns its position. Best is the score less a penalty for resembling a taken paper:
 * maximal marginal relevance, Carbonell & Goldstein, "The Use of MMR" (1998). Copies of taken or excluded papers are never taken.
 * `best` is the largest score of the candidates' topic.
 */
export function takeBest(choice: Choice, candidates: readonly Candidate[], best: number): number | undefined {
  for (;;) {
    const doc = bestLeft(choice, candidates, best)
    if (doc === undefined || take(choice, doc)) return doc
  }
}

/** Takes a paper. A copy of an excluded paper is refused instead, and the answer is false. */
export function take(choice: Choice, doc: number): boolean {
  const { index, taken, likeness, refused, exclude } = choice
  const { docs, cosines } = resembling(index, doc)
  if (docs.some((other, at) => cosines[at]! >= COPY && exclude(index.papers[other]!.id))) {
    refused.add(doc)
    return false
  }
  taken.add(doc)
  docs.forEach((other, at) => {
    likeness.set(other, Math.max(likeness.get(other) ?? 0, cosines[at]!))
  })
  return true
}

/** Whether a paper is neither taken, nor refused, nor a copy of a taken one. */
export function isLeft({ taken, likeness, refused }: Choice, doc: number): boolean {
  return !taken.has(doc) && !refused.has(doc) && (likeness.get(doc) ?? 0) < COPY
}

function bestLeft(choice: Choice, candidates: readonly Candidate[], best: number): number | undefined {
  let found: number | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const { doc, score } of candidates) {
    // Candidates come best first, and a penalty only lowers a score: no later one can be better.
    if (score <= most) break
    if (!isLeft(choice, doc)) continue
    const cosine = choice.likeness.get(doc) ?? RESEMBLING
    const value = score - (PENALTY * Math.max(best, 0) * (cosine - RESEMBLING)) / (1 - RESEMBLING)
    if (value <= most) continue
    most = value
    found = doc
  }
  return found
}

/** What an index keeps about its resembling papers. All digests of a day choose from the same papers. */
interface Vectors {
  /** For each paper its BM25 vector of length 1. */
  rows: SparseRows
  /** The same by terms. */
  byTerm: SparseRows
  resembling: BoundedCache<number, Resembling>
}

const vectorsOf = keptFor((index: RankingIndex): Vectors => {
  const rows = unitRows(bm25Rows(index))
  return { rows, byTerm: transpose(rows, index.terms.size), resembling: newCache(MOST_PAIRS) }
})

/** The papers that resemble one. */
function resembling(index: RankingIndex, doc: number): Resembling {
  const vectors = vectorsOf(index)
  const known = vectors.resembling.entries.get(doc)
  if (known !== undefined) return known
  const found = findResembling(vectors, doc)
  return keep(vectors.resembling, doc, found, found.docs.length)
}

function findResembling({ rows, byTerm }: Vectors, doc: number): Resembling {
  const cosines = new Float32Array(rows.starts.length - 1)
  for (let k = rows.starts[doc]!; k < rows.starts[doc + 1]!; k++) {
    const term = rows.columns[k]!
    const value = rows.values[k]!
    for (let at = byTerm.starts[term]!; at < byTerm.starts[term + 1]!; at++)
      cosines[byTerm.columns[at]!]! += value * byTerm.values[at]!
  }
  const docs = Int32Array.from(
    [...cosines.keys()].filter((other) => other !== doc && cosines[other]! >= RESEMBLING),
  )
  return { docs, cosines: Float32Array.from(docs, (other) => Math.min(cosines[other]!, 1)) }
}
