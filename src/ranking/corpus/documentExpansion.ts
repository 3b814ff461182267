import { runAtOnce, type Sliced } from '../../slices.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { bm25Rows, type SparseRows, sparseRows, translateRows, transpose, unitRows } from './sparseRows.ts'

/**
 * How much each paper of a pool lends of its own words to its neighbours in an index: row p of `lends` lists the papers of the
 * index (columns) and the shares. What one paper borrows sums up to 1 where it has all its neighbours, to less with fewer.
 */
export interface Neighbourhood {
  pool: PaperIndex
  lends: SparseRows
}

/** A paper borrows from this many neighbours. */
const NEIGHBOURS = 10

/**
 * To find a paper's neighbours, so many occurrences of its words in the pool are looked at, those of its heaviest words first:
 * all of them in a pool of some thousand papers; in a larger one its commonest words, which matter least, are left out.
 */
const MOST_OCCURRENCES = 50_000

/** A pool of papers made ready to find neighbours in. */
export interface Pool {
  index: PaperIndex
  /** For each posting of the index the part of the word in its paper's BM25 vector of length 1. */
  shares: Float32Array
}

/** Prepares the papers of an index to be found as neighbours, and finds those that they have among themselves. */
export function poolOf(index: PaperIndex): { pool: Pool; neighbourhood: Neighbourhood } {
  const rows = unitRows(bm25Rows(index))
  const pool = { index, shares: sharesOf(rows, index.inverted) }
  return { pool, neighbourhood: runAtOnce(neighboursOf(index, rows, pool)) }
}

/** The values of the rows in the order of the postings: these are the rows' entries, sorted by term. */
function sharesOf({ columns, values }: SparseRows, { starts }: PaperIndex['inverted']): Float32Array {
  const ends = starts.slice()
  const shares = new Float32Array(values.length)
  for (let k = 0; k < values.length; k++) shares[ends[columns[k]!]!++] = values[k]!
  return shares
}

/**
 * Finds for each paper of the index the ten papers of the pool most similar to it (cosine of BM25 vectors), never itself, and
 * shares of the squared similarity; a paper a step. Papers of few words are found by their neighbours' words too: Singhal &
 * Pereira, "Document Expansion for Speech Retrieval" (1999); Tao et al., "Language Model Information Retrieval with Document
 * Expansion" (2006).
 */
export function findingNeighbours(index: PaperIndex, pool: Pool): Sliced<Neighbourhood> {
  return neighboursOf(index, translateRows(unitRows(bm25Rows(index)), index, pool.index.terms), pool)
}

/** `rows`: for each paper its BM25 vector of length 1 in the pool's term numbers. */
function* neighboursOf(index: PaperIndex, rows: SparseRows, pool: Pool): Sliced<Neighbourhood> {
  const similarities = new Float32Array(pool.index.papers.length)
  const borrowed = { starts: [0], columns: [] as number[], values: [] as number[] }
  for (const [paper, { id }] of index.papers.entries()) {
    similarities.fill(0)
    addSimilarities(rows, paper, pool, similarities)
    const lenders = nearest(similarities, (other) => pool.index.papers[other]!.id !== id)
    // One of few neighbours, as in a small pool, lends no more than it would of many.
    const sum =
      (lenders.reduce((all, { similarity }) => all + similarity ** 2, 0) * NEIGHBOURS) / lenders.length
    for (const lender of lenders) {
      borrowed.columns.push(lender.paper)
      borrowed.values.push(lender.similarity ** 2 / sum)
    }
    borrowed.starts.push(borrowed.columns.length)
    yield
  }
  return { pool: pool.index, lends: transpose(sparseRows(borrowed), pool.index.papers.length) }
}

/** Scores of the pool's papers, which are the index's papers too, → each with what its neighbours lend it. */
export function withLent({ lends }: Neighbourhood, own: Float64Array): Float64Array {
  const scores = own.slice()
  for (let lender = 0; lender < own.length; lender++) {
    const score = own[lender]!
    if (score !== 0)
      for (let k = lends.starts[lender]!; k < lends.starts[lender + 1]!; k++)
        scores[lends.columns[k]!]! += score * lends.values[k]!
  }
  return scores
}

/** Adds the cosine of one paper with each of the pool. */
function addSimilarities(rows: SparseRows, paper: number, pool: Pool, similarities: Float32Array): void {
  const { starts, all } = pool.index.inverted
  const { docs } = all
  let left = MOST_OCCURRENCES
  for (const k of heaviestFirst(rows, paper)) {
    const term = rows.columns[k]!
    const value = rows.values[k]!
    const to = starts[term + 1]!
    left -= to - starts[term]!
    if (left < 0) break
    for (let at = starts[term]!; at < to; at++) similarities[docs[at]!]! += value * pool.shares[at]!
  }
}

function heaviestFirst({ starts, values }: SparseRows, row: number): number[] {
  const entries: number[] = []
  for (let k = starts[row]!; k < starts[row + 1]!; k++) entries.push(k)
  return entries.sort((a, b) => values[b]! - values[a]! || a - b)
}

/** The NEIGHBOURS most similar, best first; of equals the first. */
function nearest(
  similarities: Float32Array,
  isOther: (paper: number) => boolean,
): { paper: number; similarity: number }[] {
  const best: { paper: number; similarity: number }[] = []
  let least = 0
  for (let paper = 0; paper < similarities.length; paper++) {
    const similarity = similarities[paper]!
    if (similarity <= least || !isOther(paper)) continue
    let at = Math.min(best.length, NEIGHBOURS - 1)
    while (at > 0 && similarity > best[at - 1]!.similarity) {
      best[at] = best[at - 1]!
      at--
    }
    best[at] = { paper, similarity }
    if (best.length === NEIGHBOURS) least = best[NEIGHBOURS - 1]!.similarity
  }
  return best
}
