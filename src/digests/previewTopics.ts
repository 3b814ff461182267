import { setImmediate } from 'node:timers/promises'
import { localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { findPapers } from '../db/papers/papers.ts'
import type { DigestItem, DigestPaper, Topic } from '../domain.ts'
import type { NothingChosen } from '../ranking/choose/nothingChosen.ts'
import { selectDigest } from '../ranking/choose/selectDigest.ts'
import type { Tuned, Unreadable } from '../ranking/choose/tuning.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { QueryError } from '../ranking/language/queryError.ts'
import { candidateIndex } from './candidates.ts'
import { tastesOf } from './taste.ts'
import { tuneNow } from './tuneTopic.ts'

/** Topics as somebody types them, with what else decides about their digest. */
export interface PreviewWish {
  /** Whose taste counts; undefined for somebody new. */
  subscriberId: number | undefined
  topics: Topic[]
  max: number
  trendWeight?: number
}

/** The digest that topics would give today. */
export interface TopicsPreview {
  papers: DigestPaper[]
  /** Why there are none, and what came nearest. */
  nothing?: NothingChosen
  /** How many papers they were chosen from. */
  listed: number
}

/**
 * The digest of today as these topics would make it. Papers that were sent before are not left out: who tunes a topic wants to
 * see what it finds. Topics that cannot be read count as not there.
 */
export async function previewTopics(db: Db, now: Date, wish: PreviewWish): Promise<TopicsPreview> {
  const { subscriberId, topics, max, trendWeight } = wish
  const index = await candidateIndex(db, localDateAt(now, 'UTC'))
  const taste =
    subscriberId === undefined ? undefined : (await tastesOf(db, [subscriberId])).get(subscriberId)
  const readable = topics.filter(({ query }) => isReadable(query))
  const { items, nothing } = selectDigest(index, readable, { max, trendWeight, taste })
  return {
    papers: await withPapers(db, items),
    ...(nothing === undefined ? {} : { nothing }),
    listed: index.papers.length,
  }
}

/** The items of a digest with their papers; items whose paper is gone are left out. */
export async function withPapers(db: Db, items: readonly DigestItem[]): Promise<DigestPaper[]> {
  const found = await findPapers(
    db,
    items.map(({ paperId }) => paperId),
  )
  const papers = new Map(found.map((paper) => [paper.id, paper]))
  return items.flatMap((item) => {
    const paper = papers.get(item.paperId)
    return paper === undefined ? [] : [{ ...item, paper }]
  })
}

/** What each query finds in the last thirty days, in their order; other work of the process runs in between. */
export async function tuneTopics(
  db: Db,
  now: Date,
  topics: readonly Pick<Topic, 'query' | 'pickiness'>[],
): Promise<(Tuned | Unreadable)[]> {
  const tuned: (Tuned | Unreadable)[] = []
  for (const { query, pickiness } of topics) {
    tuned.push(await tuneNow(db, now, { query, pickiness }))
    await setImmediate()
  }
  return tuned
}

function isReadable(query: string): boolean {
  try {
    parseQuery(query)
    return true
  } catch (error) {
    if (error instanceof QueryError) return false
    throw error
  }
}
