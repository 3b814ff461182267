import type { Db } from '../db/engine/connect.ts'
import type { LocalDate } from '../domain.ts'
import type { RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { corpusAsIndex } from '../ranking/corpus/rankingIndex.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { isStopWord } from '../ranking/language/stopWords.ts'
import { wordsOf } from '../ranking/language/text.ts'
import { bestPapers } from '../ranking/score/bestPapers.ts'
import { returnBuffers } from '../ranking/score/scoreBuffers.ts'
import { scoreTopic } from '../ranking/score/topicScore.ts'
import { candidateIndex, LONGEST_WINDOW } from './candidates.ts'
import { currentModel } from './corpus/currentModel.ts'

const MOST_WORDS = 30

/**
 * The stored papers nearest to a paper, nearest first: those that its title would find as a topic. A corpus model knows the newest
 * papers only; while there is none, the papers listed until `on` are looked through, back to the longest window of a digest.
 */
export async function nearPapers(
  db: Db,
  paper: { id: number; title: string },
  { on, limit }: { on: LocalDate; limit: number },
): Promise<number[]> {
  const words = wordsOf(paper.title)
    .filter((word) => !isStopWord(word.toLowerCase()))
    .slice(0, MOST_WORDS)
  if (words.length === 0) return []
  const index = await storedPapers(db, on)
  const query = parseQuery(`"${words.join('" "')}"`)
  const topic = scoreTopic(index, query, { trendWeight: 0 })
  // Papers of the starter have ids below 0; they are not stored.
  const near = bestPapers(topic, (paperId) => paperId < 0 || paperId === paper.id, limit)
  returnBuffers(topic)
  return near.map((doc) => index.papers[doc]!.id)
}

async function storedPapers(db: Db, on: LocalDate): Promise<RankingIndex> {
  const current = await currentModel(db)
  return current === undefined ? candidateIndex(db, on, LONGEST_WINDOW) : corpusAsIndex(current.corpus)
}
