import type { PaperIndex } from '../index/paperIndex.ts'
import type { RankingIndex } from './corpusModel.ts'

/** How many papers the weights of words are computed from: those of the index or of its corpus model, whichever are more. */
export function knownPapers({ papers, corpus }: RankingIndex): number {
  return Math.max(papers.length, corpus?.index.papers.length ?? 0)
}

/** How many of the known papers have the stem. A word that is new to the corpus model counts as often as the index has it. */
export function documentFrequency(index: RankingIndex, stem: string): number {
  const here = holderCount(index, stem)
  const { corpus } = index
  if (corpus === undefined) return here
  const term = corpus.index.terms.get(stem)
  return term === undefined ? here : Math.max(here, corpus.holders[term]!)
}

function holderCount({ terms, inverted: { starts } }: PaperIndex, stem: string): number {
  const term = terms.get(stem)
  return term === undefined ? 0 : starts[term + 1]! - starts[term]!
}
