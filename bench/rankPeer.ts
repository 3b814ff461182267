import MiniSearch, { type SearchResult } from 'minisearch'
import type { RankablePaper } from '../src/ranking/index/paperIndex.ts'
import { stem } from '../src/ranking/language/stem.ts'

/** The first ten papers with reasons, as MiniSearch finds them. */
export type Peer = (keywords: readonly string[]) => { paperId: number; score: number; reasons: string[] }[]

/**
 * MiniSearch over the same papers: BM25+, titles counted twice, any word may match. If `stemmed`, words go through
 * the product's stemmer, so that it finds the same inflections; otherwise they are only put in lower case.
 */
export function miniSearchPeer(papers: readonly RankablePaper[], stemmed: boolean): Peer {
  const index = new MiniSearch<RankablePaper>({
    fields: ['title', 'abstract'],
    processTerm: stemmed ? stem : (term) => term.toLowerCase(),
    searchOptions: { boost: { title: 2 } },
  })
  index.addAll(papers)
  return (keywords) =>
    index
      .search(keywords.join(' '))
      .slice(0, 10)
      .map((found) => ({ paperId: found.id as number, score: found.score, reasons: reasonsOf(found) }))
}

/** Its match info as reasons, as a subscriber would get them. */
function reasonsOf({ match }: SearchResult): string[] {
  const inField = (field: string): string =>
    Object.keys(match)
      .filter((term) => match[term]!.includes(field))
      .map((term) => `“${term}”`)
      .join(', ')
  return ['title', 'abstract'].flatMap((field) => {
    const words = inField(field)
    return words === '' ? [] : [`${words} in the ${field}`]
  })
}
