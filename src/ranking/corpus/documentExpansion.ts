import { runAtOnce, type Sliced } from '../../slices.ts'
import { insertTopK } from '../../topK.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { type SparseRows, sparseRows, transpose, unitRows } from '../matrices/sparseRows.ts'
import { heavierFirst, type WeightedNumber } from '../matrices/sparseSums.ts'
import type { CorpusModel, DocumentExpansion } from './corpusModel.ts'
import { bm25Rows, translateRows } from './paperRows.ts'

/*
 * Document expansion: a paper of few words is also found by the words of its neighbours, the most similar papers of the corpus
 * model. Singhal & Pereira, "Document Expansion for Speech Retrieval" (1999); Tao et al., "Language Model Information Retrieval
 * with Document Expansion" (2006).
 */

/** A paper is expanded by this many neighbours. */
const NEIGHBOURS = 10

/**
 * The search for a paper's neighbours looks at this many postings of its words, those of its heaviest words first. In a corpus of
 * some thousand papers that is all of them; in a larger one the commonest words, which matter least, are left out.
 */
const MOST_POSTINGS = 50_000

/** The papers in which neighbours are looked for. */
type Neighbours = Pick<CorpusModel, 'index' | 'unitWeights' | 'leastSquare'>

/**
 * The values of an index's rows in the order of its postings. The rows hold the same entries as the postings, by papers in place
 * of terms.
 */
export function unitWeightsOf({ columns, values }: SparseRows, { inverted }: PaperIndex): Float32Array {
  const ends = inverted.starts.slice()
  const weights = new Float32Array(values.length)
  for (let k = 0; k < values.length; k++) weights[ends[columns[k]!]!++] = values[k]!
  return weights
}

/** Expands the papers of a corpus by each other. `rows` are their BM25 vectors of length 1, `unitWeights` the same by terms. */
export function expandThemselves(
  index: PaperIndex,
  rows: SparseRows,
  unitWeights: Float32Array,
): DocumentExpansion {
  return runAtOnce(expanding(index, rows, { index, unitWeights, leastSquare: 0 }))
}

/**
 * Finds for each paper of an index its ten neighbours in the corpus model: the papers with the largest cosine of BM25 vectors,
 * never the paper itself. Neighbours share their words in proportion to the squared cosine. Yields after each paper.
 */
export function expandingPapers(index: PaperIndex, corpus: CorpusModel): Sliced<DocumentExpansion> {
  const rows = translateRows(unitRows(bm25Rows({ ...index, corpus })), index, corpus.index.terms)
  return expanding(index, rows, corpus)
}

/** `rows`: for each paper its BM25 vector of length 1, in the term numbers of the corpus. */
function* expanding(index: PaperIndex, rows: SparseRows, corpus: Neighbours): Sliced<DocumentExpansion> {
  const { papers } = corpus.index
  const similarities = new Float32Array(papers.length)
  const shares = { starts: [0], columns: [] as number[], values: [] as number[] }
  for (const [paper, { id }] of index.papers.entries()) {
    similarities.fill(0)
    addSimilarities(rows, paper, corpus, similarities)
    const neighbours = nearest(similarities, (other) => papers[other]!.id !== id)
    const squares = neighbours.reduce((sum, { weight }) => sum + weight ** 2, 0)
    // One of few neighbours, as in a small corpus, gives no more than it would as one of ten.
    const all = NEIGHBOURS * Math.max(squares / neighbours.length, corpus.leastSquare)
    for (const { number, weight } of neighbours) {
      shares.columns.push(number)
      shares.values.push(weight ** 2 / all)
    }
    shares.starts.push(shares.columns.length)
    yield
  }
  return transpose(sparseRows(shares), papers.length)
}

/** Adds the cosine of one paper with each paper of the corpus. */
function addSimilarities(
  rows: SparseRows,
  paper: number,
  { index, unitWeights }: Neighbours,
  similarities: Float32Array,
): void {
  const { starts, all } = index.inverted
  const { docs } = all
  let left = MOST_POSTINGS
  for (const k of heaviestEntries(rows, paper)) {
    const term = rows.columns[k]!
    const value = rows.values[k]!
    const to = starts[term + 1]!
    left -= to - starts[term]!
    if (left < 0) break
    for (let at = starts[term]!; at < to; at++) similarities[docs[at]!]! += value * unitWeights[at]!
  }
}

function heaviestEntries({ starts, values }: SparseRows, row: number): number[] {
  const entries: number[] = []
  for (let k = starts[row]!; k < starts[row + 1]!; k++) entries.push(k)
  return entries.sort((a, b) => values[b]! - values[a]! || a - b)
}

/** The NEIGHBOURS most similar papers, most similar first; of equals the first. */
function nearest(similarities: Float32Array, isOther: (paper: number) => boolean): WeightedNumber[] {
  const best: WeightedNumber[] = []
  let least = 0
  for (let paper = 0; paper < similarities.length; paper++) {
    const weight = similarities[paper]!
    if (weight <= least || !isOther(paper)) continue
    insertTopK(best, { number: paper, weight }, NEIGHBOURS, heavierFirst)
    if (best.length === NEIGHBOURS) least = best[NEIGHBOURS - 1]!.weight
  }
  return best
}

/** Expands scores of the corpus's papers: each paper gets its neighbours' shares added to its own score. */
export function expandScores(
  { starts, columns, values }: DocumentExpansion,
  own: Float64Array,
): Float64Array {
  const scores = own.slice()
  for (let neighbour = 0; neighbour < own.length; neighbour++) {
    const score = own[neighbour]!
    if (score !== 0)
      for (let k = starts[neighbour]!; k < starts[neighbour + 1]!; k++)
        scores[columns[k]!]! += score * values[k]!
  }
  return scores
}
