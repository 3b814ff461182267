import { keptFor } from '../../caching.ts'
import { runAtOnce, type Sliced } from '../../slices.ts'
import { indexingPapers, type RankablePaper } from '../index/paperIndex.ts'
import type { CollectionStatistics } from './collectionStatistics.ts'
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

/**
 * Indexes some papers of a collection that are to be ranked as if all of it were indexed: words weigh what they weigh there.
 * Nothing else of a corpus model is used.
 */
export function* buildingPart(
  papers: readonly RankablePaper[],
  statistics: CollectionStatistics,
): Sliced<RankingIndex> {
  return { ...(yield* indexingPapers(papers, statistics.meanLength)), statistics }
}

/** The corpus model's own papers, to be ranked. */
export const corpusAsIndex = keptFor(
  (corpus: CorpusModel): RankingIndex => ({ ...corpus.index, corpus, expansion: corpus.expansion }),
)
