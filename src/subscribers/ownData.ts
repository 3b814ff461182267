import { listDigestsOf, listPapersChosenFor } from '../db/digests/digestViews.ts'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { findAddressChange } from '../db/subscribers/addressChanges.ts'
import { findSignUp } from '../db/subscribers/signUps.ts'
import { listMailEventsOf } from '../db/subscribers/subscriberViews.ts'
import { listTasteExamples } from '../db/subscribers/tasteExamples.ts'
import { listTopics } from '../db/subscribers/topics.ts'
import type { Reason } from '../domain.ts'
import { listFeedback } from './feedback.ts'

const EVERY = 100_000

/**
 * Everything kept of a subscriber. Secrets are not part of it, because only their hashes are stored. `signUp`: what was
 * typed for the address and waits to be confirmed. `addressChange`: another address that waits for both mailboxes. `write`: how reasons of a paper are written.
 */
export async function collectData(db: Db, subscriber: SubscriberRow, write: (reasons: Reason[]) => object) {
  const { email_key: _compared, ...own } = subscriber
  return {
    subscriber: own,
    topics: await listTopics(db, subscriber.id),
    signUp: (await findSignUp(db, subscriber.id)) ?? null,
    addressChange: (await findAddressChange(db, subscriber.id)) ?? null,
    digests: await listDigestsOf(db, subscriber.id, EVERY),
    papers: (await listPapersChosenFor(db, subscriber.id)).map((paper) => ({
      ...paper,
      ...write(paper.reasons),
    })),
    feedback: await listFeedback(db, subscriber.id),
    tasteExamples: (await listTasteExamples(db, [subscriber.id])).map(({ text }) => text),
    mailEvents: await listMailEventsOf(db, subscriber.id),
  }
}
