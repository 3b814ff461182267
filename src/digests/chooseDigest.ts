import { listTakenPapers } from '../db/digests/digestItems.ts'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { listKnownPapers } from '../db/subscribers/feedback.ts'
import type { LocalDate, Topic } from '../domain.ts'
import { fieldHints } from '../ranking/choose/fieldHints.ts'
import { type DigestSelection, selectDigest } from '../ranking/choose/selectDigest.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { candidateIndex, windowOf } from './candidates.ts'
import { tastesOf } from './taste.ts'

/** The subscriber a digest is chosen for. Without an id it is somebody new, who was sent nothing and gave no answers. */
export interface DigestSubscriber {
  id: number | undefined
  max: number
  topics: Topic[]
  /** Share of the score that upvotes decide, 0 to 1; absent: the default. */
  trendWeight?: number
  /** Whether one place goes to a paper from outside of the topics; absent: no. */
  explore?: boolean
}

/** Reads a subscriber's row into what choosing a digest needs. */
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
 * Prepares to choose, for these subscribers, from the papers listed until `last`, back to a pause that began on `catchUpFrom`.
 * The step composeDigests and a preview both choose this way.
 */
export async function openChooser(
  db: Db,
  subscriberIds: number[],
  last: LocalDate,
  catchUpFrom: LocalDate | null = null,
): Promise<Chooser> {
  const { days, from } = windowOf(last, catchUpFrom)
  const index = await candidateIndex(db, last, days)
  const tooOld = new Set(index.papers.flatMap(({ id, day }) => (day !== null && day < from ? [id] : [])))
  const paperIds = index.papers.map((paper) => paper.id)
  const known = await listTakenPapers(db, subscriberIds, paperIds)
  // A subscriber knows the papers that they judged or saved: none of these comes again.
  for (const { subscriberId, paperId } of await listKnownPapers(db, subscriberIds, paperIds))
    known.get(subscriberId)?.add(paperId)
  const tastes = await tastesOf(db, subscriberIds)
  return ({ id, max, topics, trendWeight, explore }) => {
    const mine = (id === undefined ? undefined : known.get(id)) ?? NOTHING
    return selectDigest(index, topics, {
      max,
      exclude: (paperId) => mine.has(paperId) || tooOld.has(paperId),
      trendWeight,
      explore,
      taste: id === undefined ? undefined : tastes.get(id),
      seed: `${id ?? ''}/${last}`,
    })
  }
}

/** One line for each field of the topics that no paper listed in the window until `last` has: what to write instead. */
export async function hintsFor(db: Db, topics: readonly Topic[], last: LocalDate): Promise<string[]> {
  const index = await candidateIndex(db, last)
  return topics.flatMap(({ name, query }) =>
    fieldHints(index, parseQuery(query).clauses).map((hint) => `topic “${name}”: ${hint}`),
  )
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
