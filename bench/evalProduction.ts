import { addDays } from '../src/calendar.ts'
import { starterModel } from '../src/digests/corpus/starter.ts'
import { withStarter } from '../src/digests/corpus/withStarter.ts'
import type { CorpusModel, RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
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

/** Cases whose first days are this many days apart or less share the model of the earliest one: training is most of the time. */
const SHARED_DAYS = 7

/**
 * Ranks with what an installation would have had on the first day of a case: a corpus model of the newest POOL_PAPERS listed before that
 * day, or up to a week earlier, filled up from the starter. Other papers than the candidates get the score −∞. The cases have to come
 * by their first days: the last case's model and index are kept.
 */
export function productionScorer(papers: EvalPapers): Scorer {
  const listings = new Map<string, Listing>()
  let model: DatedModel | undefined
  return (one, task) => {
    const key = `${one.start} ${one.candidates?.length}`
    let listing = listings.get(key)
    if (listing === undefined) {
      listings.clear()
      if (model === undefined || one.start! > addDays(model.before, SHARED_DAYS))
        model = modelBefore(papers, one.start!)
      listing = listingOf(papers, one, key, model.corpus)
      listings.set(key, listing)
    }
    const { places, index } = listing
    const scores = new Float64Array(papers.ids.length).fill(Number.NEGATIVE_INFINITY)
    for (const [at, score] of scoresFor(index, papers, one, task).entries()) scores[places[at]!] = score
    return scores
  }
}

/** A corpus model of papers listed before a day. */
interface DatedModel {
  before: string
  corpus: CorpusModel
}

function modelBefore(papers: EvalPapers, before: string): DatedModel {
  const known = [...papers.dates.keys()]
    .filter((place) => papers.dates[place]! < before)
    .sort((a, b) => (papers.dates[a]! < papers.dates[b]! ? 1 : -1))
    .slice(0, POOL_PAPERS)
    .map((place) => papers.papers[place]!)
  return { before, corpus: trainCorpusModel(withStarter(known, starterModel())) }
}

function listingOf(papers: EvalPapers, one: EvalCase, key: string, corpus: CorpusModel): Listing {
  const places = candidatesOf(papers, one)
  const index = buildIndex(
    places.map((place) => papers.papers[place]!),
    corpus,
  )
  return { key, places, index }
}
