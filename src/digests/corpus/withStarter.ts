import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'
import { buildIndex } from '../../ranking/corpus/rankingIndex.ts'
import { POOL_PAPERS } from '../../ranking/corpus/trainCorpusModel.ts'
import { paperOfWords, type RankablePaper } from '../../ranking/index/paperIndex.ts'

/** A paper of the starter counts as near to a stored one if it would lend it this part of its words. */
const LEAST_SHARE = 0.05

/**
 * Fills the papers that a corpus model learns from with those of the starter that are near to one of them, nearest first, up to
 * POOL_PAPERS. So the starter gives way as the papers grow, and says nothing about a collection of another field.
 */
export function withStarter(papers: readonly RankablePaper[], starter: CorpusModel): RankablePaper[] {
  if (papers.length >= POOL_PAPERS) return [...papers]
  const near = nearestOf(papers, starter).slice(0, POOL_PAPERS - papers.length)
  return [...papers, ...papersOf(starter, new Set(near))]
}

/** The papers of the starter that are near, by the words that they would lend. */
function nearestOf(papers: readonly RankablePaper[], starter: CorpusModel): number[] {
  const { starts, values } = buildIndex(papers, starter).expansion!
  const lent = new Map<number, number>()
  for (let doc = 0; doc + 1 < starts.length; doc++) {
    const shares = values.subarray(starts[doc]!, starts[doc + 1]!)
    if (shares.some((share) => share >= LEAST_SHARE))
      lent.set(
        doc,
        shares.reduce((sum, share) => sum + share, 0),
      )
  }
  return [...lent.keys()].sort((a, b) => lent.get(b)! - lent.get(a)! || a - b)
}

/** Papers of the starter as papers of keywords alone, because the order of their words is not known. */
function papersOf(
  { index: { papers, inverted, words } }: CorpusModel,
  wanted: ReadonlySet<number>,
): RankablePaper[] {
  const keywords = new Map<number, string[]>([...wanted].map((doc) => [doc, []]))
  const { starts, all } = inverted
  for (let term = 0; term < words.length; term++)
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      const list = keywords.get(all.docs[k]!)
      for (let count = 0; list !== undefined && count < all.frequencies[k]!; count++) list.push(words[term]!)
    }
  return [...keywords].map(([doc, list]) =>
    paperOfWords({ id: papers[doc]!.id, title: '', abstract: null, keywords: list }),
  )
}
