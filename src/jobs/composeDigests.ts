import { z } from 'zod'
import { insertDigestItems, type NewDigestItems } from '../db/digests/digestItems.ts'
import {
  endComposing,
  lockComposing,
  markComposed,
  releaseComposing,
  startComposing,
} from '../db/digests/digests.ts'
import type { Db } from '../db/engine/connect.ts'
import type { DigestRow } from '../db/engine/schema.ts'
import { listSubscribers } from '../db/subscribers/subscribers.ts'
import { listTopicsOf } from '../db/subscribers/topics.ts'
import { lastListingDay } from '../digests/candidates.ts'
import { type Chooser, type DigestSubscriber, openChooser, subscriberOf } from '../digests/chooseDigest.ts'
import { LEASE } from '../digests/delivery/lease.ts'
import { composeJobs, sendJobs } from '../digests/digestJobs.ts'
import { groupBy } from '../digests/groupBy.ts'
import { reasonOf } from '../errors.ts'
import type { DigestSelection } from '../ranking/choose/selectDigest.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

/** Ranks the day's papers for each subscriber and stores the chosen ones as rows, with scores and reasons. */
export const composeDigests = defineStep({
  name: 'composeDigests',
  payload: z.object({ digestIds: z.array(z.number().int()).min(1).max(500) }),
  key: ({ digestIds }) => `${digestIds[0]}-${digestIds.length}-${digestIds.at(-1)}`,
  attempts: 5,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ digestIds }, tools) {
    const started = await startComposing(tools.db, digestIds, LEASE)
    const { first, later } = oneEach(started)
    const laterIds = later.map((digest) => digest.id)
    await releaseComposing(tools.db, laterIds)
    const composed = await compose(first, tools).catch(async (error) => {
      await releaseComposing(
        tools.db,
        first.map((digest) => digest.id),
      )
      throw error
    })
    return [...sendJobs(composed), ...composeJobs(laterIds)]
  },
})

async function compose(digests: DigestRow[], tools: Tools): Promise<number[]> {
  return freeze(await choose(digests, tools), tools)
}

/** What was chosen for a digest, or why it failed. */
interface Chosen {
  digest: DigestRow
  selection: DigestSelection | { failed: string }
}

/**
 * If a subscriber has two digests here, the second is composed after the first, because it must know which papers the
 * first took.
 */
function oneEach(digests: DigestRow[]): { first: DigestRow[]; later: DigestRow[] } {
  const seen = new Set<number>()
  const first: DigestRow[] = []
  const later: DigestRow[] = []
  for (const digest of digests) {
    if (seen.has(digest.subscriber_id)) later.push(digest)
    else first.push(digest)
    seen.add(digest.subscriber_id)
  }
  return { first, later }
}

async function choose(digests: DigestRow[], { db }: Tools): Promise<Chosen[]> {
  const subscribers = await subscribersOf(digests, db)
  const chosen: Chosen[] = []
  const present = digests.filter(({ subscriber_id }) => subscribers.has(subscriber_id))
  const byDays = groupBy(present, (digest) => {
    const { last, catchUpFrom } = daysOf(digest)
    return `${last}/${catchUpFrom}`
  })
  for (const sameDays of byDays.values()) {
    const { last, catchUpFrom } = daysOf(sameDays[0]!)
    const subscriberIds = sameDays.map((digest) => digest.subscriber_id)
    const chooser = await openChooser(db, subscriberIds, last, catchUpFrom)
    for (const digest of sameDays) {
      chosen.push({ digest, selection: tryToChoose(chooser, subscribers.get(digest.subscriber_id)!) })
    }
  }
  return chosen
}

async function subscribersOf(digests: DigestRow[], db: Db): Promise<Map<number, DigestSubscriber>> {
  const ids = digests.map((digest) => digest.subscriber_id)
  const topics = await listTopicsOf(db, ids)
  const subscribers = await listSubscribers(db, ids)
  return new Map(subscribers.map((row) => [row.id, subscriberOf(row, topics.get(row.id) ?? [])]))
}

/** A topic that cannot be read fails its own digest only. */
function tryToChoose(chooser: Chooser, subscriber: DigestSubscriber): Chosen['selection'] {
  try {
    return chooser(subscriber)
  } catch (error) {
    return { failed: reasonOf(error) }
  }
}

/** Stores everything that was chosen in one transaction; returns the ids of the digests to send. */
async function freeze(chosen: Chosen[], { db, now }: Tools): Promise<number[]> {
  return db.transaction().execute(async (tx) => {
    // If another worker composed the digest meanwhile, or the subscriber left, there is nothing to do.
    const open = await lockComposing(
      tx,
      chosen.map(({ digest }) => digest.id),
    )
    const mine = chosen.filter(({ digest }) => open.has(digest.id))
    const full: NewDigestItems[] = []
    for (const { digest, selection } of mine) {
      if ('failed' in selection) await endComposing(tx, digest.id, 'failed', selection.failed)
      else if (selection.items.length > 0) {
        full.push({ digestId: digest.id, subscriberId: digest.subscriber_id, items: selection.items })
      } else await endComposing(tx, digest.id, 'skipped', selection.reason ?? 'nothing matched')
    }
    const composed = full.map(({ digestId }) => digestId)
    await insertDigestItems(tx, full)
    await markComposed(tx, composed, now())
    return composed
  })
}

/** The last listing day that a digest may bring, and the day on which a pause began that it makes up for. */
function daysOf({ local_date, due_at, catch_up_from }: DigestRow) {
  return { last: lastListingDay(local_date, due_at), catchUpFrom: catch_up_from }
}
