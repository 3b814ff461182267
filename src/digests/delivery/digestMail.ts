import { addDays, daysBetween } from '../../calendar.ts'
import type { DigestRow, SubscriberRow } from '../../db/engine/schema.ts'
import { createToken } from '../../db/subscribers/tokens.ts'
import type { LocalDate } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'
import { parseSender } from '../../mail/address.ts'
import { messageIdOf } from '../../mail/compose/headers.ts'
import { SITE_NAME } from '../../mail/compose/link.ts'
import { buildDigestMail, type Mail } from '../../mail/compose/message.ts'
import { returnAddressesOf } from '../../mail/returned/returnPath.ts'
import type { Tools } from '../../tools.ts'
import { LONGEST_WINDOW } from '../candidates.ts'
import type { Prepared } from './prepare.ts'

const HOUR = 60 * 60 * 1000
/** A digest sent later than this after its hour says that it is late. */
const SAYS_LATE_AFTER = 3 * HOUR

/**
 * Writes a digest as a mail with new links. The Message-ID is the same on every attempt.
 * @throws PermanentError if it cannot be written. Another attempt would not help.
 */
export async function writeDigestMail(prepared: Prepared, tools: Tools): Promise<Mail> {
  const { digest, subscriber, papers, links } = prepared
  if (!subscriber) throw new PermanentError('expected a subscriber, got none; skip the digest instead')
  const notes = [
    catchUpNote(digest),
    lateNote(digest, subscriber, tools.now()),
    await doubtNote(prepared, tools),
  ]
  return buildDigestMail({
    digest: {
      siteName: SITE_NAME,
      publicUrl: tools.publicUrl,
      localDate: digest.local_date,
      papers,
      viewUrl: links.viewUrl,
      judgeUrl: links.judgeUrl,
      recipient: { email: subscriber.email, ...links },
      note: notes.filter(Boolean).join(' '),
    },
    from: tools.mailFrom,
    ...returnAddressesOf({ kind: 'digest', id: digest.id }, subscriber, tools),
    messageId: messageIdOf(`digest ${digest.id}`, tools.secret, parseSender(tools.mailFrom).address),
    date: tools.now(),
  })
}

function lateNote(digest: DigestRow, subscriber: SubscriberRow, now: Date): string | undefined {
  const waited = now.getTime() - (digest.composed_at ?? now).getTime()
  if (!digest.late && waited < SAYS_LATE_AFTER) return undefined
  const zone = { timeZone: subscriber.time_zone }
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', ...zone })
  const hour = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', ...zone })
  return `This digest comes late: it was due on ${day.format(digest.due_at)} at ${hour.format(digest.due_at)}.`
}

/** After a pause: that the digest makes up for it, or for how much of it. */
function catchUpNote({ catch_up_from: from, local_date: today }: DigestRow): string | undefined {
  if (from === null) return undefined
  if (daysBetween(from, today) >= LONGEST_WINDOW)
    return `Welcome back: here are the best papers of the last ${LONGEST_WINDOW} days. You paused on ${dayAndMonth(from)}.`
  return `Welcome back: here are the best papers since you paused on ${dayAndMonth(from)}.`
}

/** A line with a link to the digest before this one, if nobody knows whether that one arrived. */
async function doubtNote({ digest, inDoubt }: Prepared, tools: Tools): Promise<string | undefined> {
  if (inDoubt === undefined) return undefined
  const target = { purpose: 'view', subscriberId: digest.subscriber_id, digestId: inDoubt.id } as const
  const link = `${tools.publicUrl}/digests/${await createToken(tools.db, target, tools.now())}`
  return `${digestOf(inDoubt.local_date, digest.local_date)} may not have reached you: read it here: ${link}`
}

function digestOf(day: LocalDate, today: LocalDate): string {
  if (addDays(day, 1) === today) return 'Yesterday’s digest'
  return `The digest of ${dayAndMonth(day)}`
}

function dayAndMonth(day: LocalDate): string {
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.format(new Date(`${day}T00:00:00Z`))
}
