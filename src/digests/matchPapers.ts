import { daysBetween } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import type { DaySpan, ListOrder } from '../db/papers/paperLists.ts'
import type { Reason } from '../domain.ts'
import { explain } from '../ranking/explain/explanation.ts'
import type { RankablePaper } from '../ranking/index/paperIndex.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { bestPapers } from '../ranking/score/bestPapers.ts'
import { returnBuffers } from '../ranking/score/scoreBuffers.ts'
import { scoreTopic } from '../ranking/score/topicScore.ts'
import { candidateIndex, WINDOW_DAYS } from './candidates.ts'

export interface MatchWish extends DaySpan {
  query: string
  /** `best`: the best match first. */
  order: ListOrder | 'best'
  category?: string
  limit: number
  offset: number
}

/**
 * Finds the papers of some days that match a query, one page of them, and counts all.
 * @throws QueryError for a query that cannot be read.
 */
export async function matchPapers(
  db: Db,
  { from, to, query, order, category, limit, offset }: MatchWish,
): Promise<{ total: number; matches: { paperId: number; reasons: Reason[] }[] }> {
  const parsed = parseQuery(query)
  const index = await candidateIndex(db, to, Math.max(WINDOW_DAYS, daysBetween(from, to) + 1))
  const topic = scoreTopic(index, parsed, { trendWeight: 0 })
  const paperAt = (doc: number) => index.papers[doc]!
  const found = bestPapers(topic)
    .filter((doc) => paperAt(doc).day! >= from && isIn(paperAt(doc), category))
    .sort((a, b) => compare(paperAt(a), paperAt(b), order))
  const matches = found.slice(offset, offset + limit).map((doc) => ({
    paperId: paperAt(doc).id,
    reasons: explain(topic, doc).reasons,
  }))
  returnBuffers(topic)
  return { total: found.length, matches }
}

/** Sorting is stable: papers that are equal here stay in the order of their match. */
function compare(a: RankablePaper, b: RankablePaper, order: MatchWish['order']): number {
  if (order === 'votes') return (b.upvotes ?? -1) - (a.upvotes ?? -1)
  if (order === 'rising') return (b.upvotesPerDay ?? 0) - (a.upvotesPerDay ?? 0)
  if (order === 'newest') return a.day! < b.day! ? 1 : a.day! > b.day! ? -1 : b.id - a.id
  return 0
}

function isIn({ categories }: RankablePaper, category: string | undefined): boolean {
  if (category === undefined) return true
  const wanted = category.toLowerCase()
  return categories.some((one) => one.toLowerCase() === wanted || one.toLowerCase().startsWith(`${wanted}.`))
}
