import { starterModel } from '../src/digests/corpus/starter.ts'
import { withStarter } from '../src/digests/corpus/withStarter.ts'
import type { RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { POOL_PAPERS, trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { candidatesOf, type EvalCase, type EvalPapers } from './evalCases.ts'
import type { Scorer } from './evalPeers.ts'
import { scoresFor } from './evalTasks.ts'

/** The index of one case's candidates, and their places in the set. */
interface Listing {
  key: string
  places: number[]
  index: RankingIndex
}

/**
 * Ranks with what an installation would have had on the first day of a case: a corpus model of the newest POOL_PAPERS listed before that
 * day, filled up from the starter. Other papers than the candidates get the score −∞. The last case's model and index are kept.
 */
export function productionScorer(papers: EvalPapers): Scorer {
  const listings = new Map<string, Listing>()
  return (one, task) => {
    const key = `${one.start} ${one.candidates?.length}`
    let listing = listings.get(key)
    if (listing === undefined) {
      listings.clear()
      listing = listingOf(papers, one, key)
      listings.set(key, listing)
    }
    const { places, index } = listing
    const scores = new Float64Array(papers.ids.length).fill(Number.NEGATIVE_INFINITY)
    for (const [at, score] of scoresFor(index, papers, one, task).entries()) scores[places[at]!] = score
    return scores
  }
}

function listingOf(papers: EvalPapers, one: EvalCase, key: string): Listing {
  const known = [...papers.dates.keys()]
    .filter((place) => papers.dates[place]! < one.start!)
    .sort((a, b) => (papers.dates[a]! < papers.dates[b]! ? 1 : -1))
    .slice(0, POOL_PAPERS)
    .map((place) => papers.papers[place]!)
  const places = candidatesOf(papers, one)
  const index = buildIndex(
    places.map((place) => papers.papers[place]!),
    trainCorpusModel(withStarter(known, starterModel())),
  )
  return { key, places, index }
}
