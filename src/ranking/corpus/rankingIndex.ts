import { keptFor } from '../../caching.ts'
import { runAtOnce, type Sliced } from '../../slices.ts'
import { indexingPapers, type RankablePaper } from '../index/paperIndex.ts'
import type { CorpusModel, RankingIndex } from './corpusModel.ts'
import { expandingPapers } from './documentExpansion.ts'

/**
 * Indexes papers in their order. With a corpus model the weights of words do not depend on the day, and papers are also found by
 * the words of their neighbours in the corpus model.
 */
export function buildIndex(papers: readonly RankablePaper[], corpus?: CorpusModel): RankingIndex {
  return runAtOnce(buildingIndex(papers, corpus))
}

/** buildIndex in slices; yields once or twice for each paper. */
export function* buildingIndex(papers: readonly RankablePaper[], corpus?: CorpusModel): Sliced<RankingIndex> {
  const index = yield* indexingPapers(papers, corpus?.index.meanLength)
  if (corpus === undefined) return index
  return { ...index, corpus, expansion: yield* expandingPapers(index, corpus) }
}

/** The corpus model's own papers, to be ranked. */
export const corpusAsIndex = keptFor(
  (corpus: CorpusModel): RankingIndex => ({ ...corpus.index, corpus, expansion: corpus.expansion }),
)
