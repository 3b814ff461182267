import type { ClaimedDigest } from '../../db/digests/claims.ts'
import { listItemsOf } from '../../db/digests/digestItems.ts'
import { listDigestsBefore } from '../../db/digests/digests.ts'
import type { DigestRow, SubscriberRow } from '../../db/engine/schema.ts'
import { listSuppressions } from '../../db/mail/suppressions.ts'
import { listSubscribers } from '../../db/subscribers/subscribers.ts'
import type { DigestPaper } from '../../domain.ts'
import { addressHash } from '../../mail/addressHash.ts'
import type { Tools } from '../../tools.ts'
import { type DigestLinks, digestLinks } from '../digestLinks.ts'
import { papersOf } from './papersOf.ts'

/** A claimed digest with everything that its mail needs. */
export interface Prepared {
  digest: ClaimedDigest
  /** Undefined if the subscriber was deleted. */
  subscriber: SubscriberRow | undefined
  /** Keyed hash of the subscriber's address. */
  addressHash: string
  isSuppressed: boolean
  papers: DigestPaper[]
  links: DigestLinks
  /** The subscriber's digest before this one, if nobody knows whether it arrived. */
  inDoubt: DigestRow | undefined
}

/** Reads what the mails of a batch need, in a few queries for the whole batch. */
export async function prepare(
  digests: ClaimedDigest[],
  { db, publicUrl, secret, now }: Tools,
): Promise<Prepared[]> {
  const ids = digests.map(({ id }) => id)
  const [people, before, items, links] = await Promise.all([
    listSubscribers(
      db,
      digests.map((digest) => digest.subscriber_id),
    ),
    listDigestsBefore(db, ids, 'held'),
    listItemsOf(db, ids),
    digestLinks(db, digests, publicUrl, now()),
  ])
  const subscribers = new Map(people.map((person) => [person.id, person]))
  const hashes = new Map(people.map(({ id, email }) => [id, addressHash(email, secret)]))
  const [suppressions, papers] = await Promise.all([
    listSuppressions(db, [...hashes.values()]),
    papersOf(db, items),
  ])
  const suppressed = new Set(suppressions.map((suppression) => suppression.addressHash))
  return digests.map((digest) => {
    const hash = hashes.get(digest.subscriber_id) ?? ''
    return {
      digest,
      subscriber: subscribers.get(digest.subscriber_id),
      addressHash: hash,
      isSuppressed: suppressed.has(hash),
      papers: papers.get(digest.id) ?? [],
      links: links.get(digest.id)!,
      inDoubt: before.get(digest.id),
    }
  })
}
