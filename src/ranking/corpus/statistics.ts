import type { PaperIndex } from '../index/paperIndex.ts'
import type { CollectionStatistics } from './collectionStatistics.ts'
import type { CorpusModel, RankingIndex } from './corpusModel.ts'

/**
 * How many papers the weights of words are computed from: those of the collection that the index is a part of, else those of the
 * index or of its corpus model, whichever are more.
 */
export function knownPapers({ papers, corpus, statistics }: RankingIndex): number {
  return statistics?.papers ?? Math.max(papers.length, corpus?.index.papers.length ?? 0)
}

/** How many of the known papers have the stem. A word that is new to the corpus model counts as often as the index has it. */
export function documentFrequency(index: RankingIndex, stem: string): number {
  const here = holderCount(index, stem)
  const { corpus, statistics } = index
  // The index's own papers were chosen by their words, so they say nothing of how common a word is.
  if (statistics !== undefined) return statistics.holders(stem) ?? Math.min(here, 1)
  if (corpus === undefined) return here
  const term = corpus.index.terms.get(stem)
  return term === undefined ? here : Math.max(here, corpus.holders[term]!)
}

function holderCount({ terms, inverted: { starts } }: PaperIndex, stem: string): number {
  const term = terms.get(stem)
  return term === undefined ? 0 : starts[term + 1]! - starts[term]!
}

/** The statistics of a collection of `stored` papers, as far as its corpus model knows them. */
export function statisticsOf(corpus: CorpusModel, stored: number): CollectionStatistics {
  const { terms, papers, meanLength } = corpus.index
  return {
    papers: papers.length,
    holders(stem) {
      const term = terms.get(stem)
      return term === undefined ? undefined : corpus.holders[term]
    },
    meanLength,
    stored,
  }
}
