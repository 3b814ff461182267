import { listTakenPapers } from '../db/digests/digestItems.ts'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { listKnownPapers } from '../db/subscribers/feedback.ts'
import type { LocalDate, Topic } from '../domain.ts'
import { type DigestSelection, selectDigest } from '../ranking/choose/selectDigest.ts'
import { candidateIndex } from './candidates.ts'
import { tastesOf } from './taste.ts'

/** Whom a digest is chosen for; without an id nobody has been sent, or has said, anything. */
export interface DigestSubscriber {
  id: number | undefined
  max: number
  topics: Topic[]
  /** Share of the score that upvotes decide, 0 to 1; absent: the default. */
  trendWeight?: number
  /** Whether one place goes to a paper from outside of the topics; absent: no. */
  explore?: boolean
}

/** A subscriber as one whom a digest is chosen for. */
export function subscriberOf(subscriber: SubscriberRow, topics: Topic[]): DigestSubscriber {
  return {
    id: subscriber.id,
    max: subscriber.max_papers,
    topics,
    trendWeight: subscriber.trend_weight,
    explore: subscriber.explore,
  }
}

/** Chooses one subscriber's digest. @throws UsageError naming the topic that cannot be read. */
export type Chooser = (subscriber: DigestSubscriber) => DigestSelection

const NOTHING: ReadonlySet<number> = new Set()

/**
 * Makes ready to choose from the papers listed until `last` for these subscribers: what composeDigests freezes and a
 * preview shows.
 */
export async function openChooser(db: Db, subscriberIds: number[], last: LocalDate): Promise<Chooser> {
  const index = await candidateIndex(db, last)
  const paperIds = index.papers.map((paper) => paper.id)
  const known = await listTakenPapers(db, subscriberIds, paperIds)
  // What a subscriber has judged or saved they know; what they want less of is not brought again.
  for (const { subscriberId, paperId } of await listKnownPapers(db, subscriberIds, paperIds))
    known.get(subscriberId)?.add(paperId)
  const tastes = await tastesOf(db, subscriberIds)
  return ({ id, max, topics, trendWeight, explore }) => {
    const mine = (id === undefined ? undefined : known.get(id)) ?? NOTHING
    return selectDigest(index, topics, {
      max,
      exclude: (paperId) => mine.has(paperId),
      trendWeight,
      explore,
      taste: id === undefined ? undefined : tastes.get(id),
      seed: `${id ?? ''}/${last}`,
    })
  }
}

/** The digest of one subscriber from papers listed until `last`. */
export async function chooseDigest(
  db: Db,
  subscriber: DigestSubscriber,
  last: LocalDate,
): Promise<DigestSelection> {
  const chooser = await openChooser(db, subscriber.id === undefined ? [] : [subscriber.id], last)
  return chooser(subscriber)
}
