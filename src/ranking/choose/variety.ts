import { bm25Rows, type SparseRows, transpose, unitRows } from '../corpus/sparseRows.ts'
import type { PaperIndex } from '../index/paperIndex.ts'

/**
 * Papers resemble each other from this cosine of their BM25 vectors on. Papers on one subject share words: below it that is no
 * reason to leave one out.
 */
const RESEMBLING = 0.4

/** From this cosine on a paper says what the other says: one of them is enough, today and on the days after. */
const COPY = 0.85

/** A paper just like one that was chosen has to be better by so much of the topic's best score. */
const PENALTY = 0.5

/** What is known of an index's resembling papers: pairs looked up so far, at most so many. */
const MOST_PAIRS = 2_000_000

/** Papers that resemble one, as places in the index, and by how much, 0.4 to 1. */
interface Resembling {
  docs: Int32Array
  cosines: Float32Array
}

/** The papers taken for a digest so far. */
export interface Choice {
  index: PaperIndex
  taken: Set<number>
  /** For each paper that resembles one taken the greatest cosine. */
  likeness: Map<number, number>
  /** Copies of papers sent before, or not wanted. */
  refused: Set<number>
  exclude: (paperId: number) => boolean
}

/** A choice with nothing taken yet. */
export function newChoice(index: PaperIndex, exclude: (paperId: number) => boolean): Choice {
  return { index, taken: new Set(), likeness: new Map(), refused: new Set(), exclude }
}

/** A paper that may be taken, its place in the index and its score. */
export interface Candidate {
  doc: number
  score: number
}

/**
 * Takes the best candidate that is left, and gives its place: maximal marginal relevance (Carbonell & Goldstein, "The Use of
 * MMR", 1998), the score less what it resembles a paper taken. Copies of a paper taken or excluded never come.
 * `best`: the greatest score of the candidates' topic.
 */
export function takeBest(choice: Choice, candidates: readonly Candidate[], best: number): number | undefined {
  for (;;) {
    const doc = bestLeft(choice, candidates, best)
    if (doc === undefined || take(choice, doc)) return doc
  }
}

/** Takes a paper; false, and it is refused, where it is a copy of an excluded one. */
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

/** Whether a paper is neither taken nor the copy of one that is. */
export function isLeft({ taken, likeness, refused }: Choice, doc: number): boolean {
  return !taken.has(doc) && !refused.has(doc) && (likeness.get(doc) ?? 0) < COPY
}

function bestLeft(choice: Choice, candidates: readonly Candidate[], best: number): number | undefined {
  let found: number | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const { doc, score } of candidates) {
    // Candidates come best first: no later one can be better than its score.
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

interface Known {
  /** For each paper its BM25 vector of length 1, and the same by terms. */
  rows: SparseRows
  byTerm: SparseRows
  resembling: Map<number, Resembling>
  pairs: number
}

const known = new WeakMap<PaperIndex, Known>()

/** The papers that resemble one; kept for the index's life, since all digests of a day choose from the same papers. */
function resembling(index: PaperIndex, doc: number): Resembling {
  const of = known.get(index) ?? nothingKnown(index)
  known.set(index, of)
  const found = of.resembling.get(doc) ?? findResembling(of, doc)
  if (of.resembling.has(doc)) return found
  if (of.pairs + found.docs.length > MOST_PAIRS) {
    of.resembling.clear()
    of.pairs = 0
  }
  of.resembling.set(doc, found)
  of.pairs += found.docs.length
  return found
}

function nothingKnown(index: PaperIndex): Known {
  const rows = unitRows(bm25Rows(index))
  return { rows, byTerm: transpose(rows, index.terms.size), resembling: new Map(), pairs: 0 }
}

function findResembling({ rows, byTerm }: Known, doc: number): Resembling {
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
