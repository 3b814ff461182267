import type { Db } from '../db/engine/connect.ts'
import { corpusAsIndex } from '../ranking/corpus/rankingIndex.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { isStopWord } from '../ranking/language/stopWords.ts'
import { wordsOf } from '../ranking/language/text.ts'
import { bestPapers } from '../ranking/score/bestPapers.ts'
import { returnBuffers } from '../ranking/score/scoreBuffers.ts'
import { scoreTopic } from '../ranking/score/topicScore.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

const MOST_WORDS = 30

/**
 * The stored papers nearest to a paper, nearest first: those that its title would find as a topic. None while ranking knows the
 * starter alone; a corpus model knows the newest papers only.
 */
export async function nearPapers(
  db: Db,
  paper: { id: number; title: string },
  limit: number,
): Promise<number[]> {
  const corpus = await currentCorpusModel(db)
  const words = wordsOf(paper.title)
    .filter((word) => !isStopWord(word.toLowerCase()))
    .slice(0, MOST_WORDS)
  if (words.length === 0) return []
  const index = corpusAsIndex(corpus)
  const query = parseQuery(`"${words.join('" "')}"`)
  const topic = scoreTopic(index, query, { trendWeight: 0 })
  // Papers of the starter have ids below 0; they are not stored.
  const near = bestPapers(topic, (paperId) => paperId < 0 || paperId === paper.id, limit)
  returnBuffers(topic)
  return near.map((doc) => index.papers[doc]!.id)
}
