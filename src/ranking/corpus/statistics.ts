import type { PaperIndex } from '../index/paperIndex.ts'

/** How many papers the weights of words are learned from: those of the corpus model, where that is the larger. */
export function knownPapers({ papers, corpus }: PaperIndex): number {
  return Math.max(papers.length, corpus?.index.papers.length ?? 0)
}

/** How many of the known papers hold the stem: of the corpus model; a word that is new there is as common as here. */
export function documentFrequency(index: PaperIndex, stem: string): number {
  const larger = index.corpus?.index ?? index
  const here = holders(index, stem)
  return larger === index ? here : Math.max(here, holders(larger, stem))
}

function holders({ terms, inverted: { starts } }: PaperIndex, stem: string): number {
  const term = terms.get(stem)
  return term === undefined ? 0 : starts[term + 1]! - starts[term]!
}
