import { runAtOnce } from '../../slices.ts'
import { indexingPapers, type RankablePaper } from '../index/paperIndex.ts'
import { unitRows } from '../matrices/sparseRows.ts'
import { learnAcronyms } from './acronyms.ts'
import type { CorpusModel } from './corpusModel.ts'
import { expandThemselves, unitWeightsOf } from './documentExpansion.ts'
import { learnGrams } from './grams.ts'
import { trainLsa } from './lsaVectors.ts'
import { bm25Rows, saturationRows, termWeights } from './paperRows.ts'

/** A corpus model is trained on this many of the newest papers; docs/decisions/ranking.md says what more would cost. */
export const POOL_PAPERS = 10_000

/** Trains a corpus model. Deterministic; the order of the papers matters only for ties. */
export function trainCorpusModel(papers: readonly RankablePaper[]): CorpusModel {
  const index = runAtOnce(indexingPapers(papers))
  index.papers = papers.map((paper) => ({ ...paper, abstract: null }))
  const rows = unitRows(bm25Rows(index))
  const unitWeights = unitWeightsOf(rows, index)
  const expansion = expandThemselves(index, rows, unitWeights)
  const { starts } = index.inverted
  // The LSA comes first because it needs the most memory.
  const lsa = trainLsa(index, expansion)
  return {
    index,
    unitWeights,
    expansion,
    saturation: saturationRows(index),
    holders: Int32Array.from(index.terms.values(), (term) => starts[term + 1]! - starts[term]!),
    stems: [...index.terms.keys()],
    weights: termWeights(index),
    acronyms: learnAcronyms(papers),
    leastSquare: 0,
    grams: learnGrams(index),
    lsa,
  }
}
