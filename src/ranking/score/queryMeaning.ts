import type { CorpusModel, RankingIndex } from '../corpus/corpusModel.ts'
import { lsaVectorsOf } from '../corpus/lsaVectors.ts'
import { dotRow } from '../matrices/denseRows.ts'
import { dot } from '../matrices/dot.ts'
import type { WeightedNumber } from '../matrices/sparseSums.ts'
import type { ScoreBuffers } from './scoreBuffers.ts'

/** The direction of a query in the LSA space. A paper of value 1 is one standard deviation of the corpus model's papers along it. */
export interface QueryMeaning {
  direction: Float64Array
  /** What the direction gives the mean paper. */
  average: number
  /** What one standard deviation adds to the interest, as a part of the strong interest. */
  share: number
}

/** docs/experiments/the-cut.md */
const SHARE = 0.1

/** The space of a small collection is coarse: there its neighbourhoods cost as many good papers as they bring. */
const LEAST_PAPERS = 5_000

/** A paper of a smaller part of the strong interest is too far from being sent for its meaning to matter. */
const LEAST_INTEREST = 0.3

/**
 * The mean of the LSA vectors of a query's best papers, by their weights: pseudo-relevance feedback as for related words. `support` is
 * the part of the papers wanted that there are.
 */
export function queryMeaning(
  { lsa, index }: CorpusModel,
  best: readonly WeightedNumber[],
  support: number,
): QueryMeaning | undefined {
  if (lsa === undefined || index.papers.length < LEAST_PAPERS) return undefined
  const { width, values } = lsa.paperVectors
  const pull = new Float64Array(width)
  let all = 0
  for (const { number, weight } of best) {
    all += weight
    for (let at = 0; at < width; at++) pull[at]! += weight * values[number * width + at]!
  }
  for (let at = 0; at < width; at++) pull[at] = pull[at]! / all - lsa.mean[at]!
  const spread = Math.sqrt(lsa.covariance.reduce((sum, row, at) => sum + pull[at]! * dot(pull, row), 0))
  if (!(spread > 0)) return undefined
  const direction = pull.map((value) => value / spread)
  return { direction, average: dot(direction, lsa.mean), share: SHARE * support }
}

/**
 * Adds to papers of some interest what their meaning adds. It counts as related words, of which the LSA space is made; what lies on the
 * other side of the mean loses nothing. `interest` is that of the query's own words, `strong` the strong interest, 0 if it is not known. `part` is
 * what the interest has of interest and taste together: a taste knows the meaning of ten papers better.
 */
export function addMeaning(
  { interest, related }: Pick<ScoreBuffers, 'interest' | 'related'>,
  index: RankingIndex,
  { direction, average, share }: QueryMeaning,
  { strong, part }: { strong: number; part: number },
): void {
  const vectors = lsaVectorsOf(index)
  if (vectors === undefined || strong === 0) return
  const least = LEAST_INTEREST * strong
  const factor = share * part * strong
  for (let doc = 0; doc < interest.length; doc++)
    if (interest[doc]! + related[doc]! >= least)
      related[doc]! += Math.max(factor * (dotRow(vectors, doc, direction) - average), 0)
}
