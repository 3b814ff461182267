import { nextDigestAt } from '../../calendar.ts'
import type { AuditEntry } from '../../db/audit.ts'
import type { Tx } from '../../db/engine/connect.ts'
import { insertSuppression } from '../../db/mail/suppressions.ts'
import { insertSubscribers, type KnownSubscriber } from '../../db/subscribers/lists/importRows.ts'
import { deleteSignUp } from '../../db/subscribers/signUps.ts'
import {
  emailKey,
  lockSubscriber,
  type NewSubscriber,
  scheduleOf,
  updateSubscriber,
} from '../../db/subscribers/subscribers.ts'
import { insertTopics } from '../../db/subscribers/topics.ts'
import { addressHash } from '../../mail/addressHash.ts'
import type { NextJob } from '../../tools.ts'
import {
  type Actor,
  auditEntry,
  type Context,
  columnsOf,
  unsubscribeIn,
  writePreferences,
} from '../membership.ts'
import type { ListedPerson } from './listedPerson.ts'

/** A person to be taken; `known`: who they are here already. */
interface Taking {
  person: ListedPerson
  known: KnownSubscriber | undefined
}

/**
 * Writes the people of a list: new ones with their topics, and those who waited for confirmation. The first digest comes at
 * the next hour that fits. Whoever was added by somebody else meanwhile stays as they are.
 */
export async function writePeople(
  tx: Tx,
  context: Context,
  people: Taking[],
  actor: Actor,
): Promise<{ audit: AuditEntry[]; next: NextJob[] }> {
  const now = context.now()
  const fresh = people.filter(({ person, known }) => !known && person.status !== 'suppressed')
  const rows = await insertSubscribers(
    tx,
    fresh.map(({ person }) => rowOf(person, now)),
  )
  const byKey = new Map(fresh.map(({ person }) => [emailKey(person.email), person]))
  const added = rows.map(({ id, emailKey }) => ({ id, person: byKey.get(emailKey)! }))
  await insertTopics(
    tx,
    added.map(({ id, person }) => ({ subscriberId: id, topics: person.preferences.topics })),
  )
  const audit = added.map(({ id }) => auditEntry(now, actor, 'imported', id))
  for (const { person, known } of people) {
    if (person.status === 'suppressed') await suppressListed(tx, context, person)
    if (known === undefined) continue
    if (person.status === 'suppressed')
      audit.push(auditEntry(now, actor, 'suppressed by an import', known.id))
    else if (person.status === 'unsubscribed') await unsubscribeListed(tx, context, known.id, actor)
    else if (await activateListed(tx, known.id, person, now))
      audit.push(auditEntry(now, actor, 'confirmed by an import', known.id))
  }
  const askedAt = now.toISOString()
  const next = added
    .filter(({ person }) => person.status === 'pending')
    .map(({ id }) => ({
      name: 'sendConfirmation',
      payload: { subscriberId: id, askedAt },
      label: `person ${id}`,
    }))
  return { audit, next }
}

function rowOf(person: ListedPerson, now: Date): NewSubscriber {
  const { email, preferences } = person
  const status = person.status === 'suppressed' ? 'unsubscribed' : person.status
  const columns = columnsOf(preferences)
  const isConfirmed = status === 'active' || status === 'paused'
  return {
    ...columns,
    email,
    status,
    consent_source: consentOf(person),
    created_at: now,
    confirmed_at: isConfirmed ? (person.consentAt ?? now) : null,
    confirmation_asked_at: status === 'pending' ? now : null,
    next_digest_at: status === 'active' ? (nextDigestAt(scheduleOf(columns), now) ?? null) : null,
  }
}

/** Where consent was given, as the row of the subscriber says it. */
function consentOf({ consent }: ListedPerson): string {
  return consent === undefined ? 'import' : `import: ${consent}`
}

/** Makes a person active who is pending; false if they are not any more. */
async function activateListed(tx: Tx, id: number, person: ListedPerson, now: Date): Promise<boolean> {
  const subscriber = await lockSubscriber(tx, id)
  if (subscriber?.status !== 'pending') return false
  await writePreferences(tx, subscriber, person.preferences, now)
  const changes = {
    status: 'active',
    confirmed_at: person.consentAt ?? now,
    consent_source: consentOf(person),
    next_digest_at:
      nextDigestAt(scheduleOf({ ...subscriber, ...columnsOf(person.preferences) }), now) ?? null,
  } as const
  await updateSubscriber(tx, id, changes, now)
  await deleteSignUp(tx, id)
  return true
}

async function unsubscribeListed(tx: Tx, context: Context, id: number, actor: Actor): Promise<void> {
  const subscriber = await lockSubscriber(tx, id)
  if (subscriber) await unsubscribeIn(tx, context, subscriber, actor)
}

async function suppressListed(tx: Tx, { secret }: Context, { email }: ListedPerson): Promise<void> {
  await insertSuppression(tx, addressHash(email, secret), 'the imported list says so', 'operator')
}
