import {
  type AlertRow,
  claimAlerts,
  markAlertsTold,
  postponeAlerts,
  writeAlerts,
} from '../../db/health/alerts.ts'
import { reasonOf, TemporaryError } from '../../errors.ts'
import { parseSender } from '../../mail/address.ts'
import { messageIdOf } from '../../mail/compose/headers.ts'
import type { Tools } from '../../tools.ts'
import type { Item } from '../item.ts'
import { type AlertMessage, writeMessage } from './message.ts'
import { isQuiet, type QuietHours } from './quietHours.ts'
import { postWebhook } from './webhook.ts'

/** The recipients of alerts, and the hours without alerts. */
export interface AlertOptions {
  /** Mail addresses. */
  mail: readonly string[]
  webhooks: readonly string[]
  quiet: QuietHours | undefined
  /** How long new trouble must last before it is told, in milliseconds. */
  graceMs: number
}

const MINUTE = 60 * 1000
/** Longer than telling takes; a process that goes away meanwhile is made up for by the next look. */
const LEASE = 2 * MINUTE
const LONGEST_WAIT = 60 * MINUTE

/**
 * Tells once what needs a person, and once that it no longer does. Everything that began or ended since the last look is
 * one message. If no way to tell works, it is tried again later. A crash between telling and its record tells it twice.
 */
export async function tellAlerts(
  items: Item[],
  options: AlertOptions,
  tools: Pick<Tools, 'db' | 'now' | 'mailer' | 'publicUrl' | 'mailFrom' | 'secret' | 'log'>,
): Promise<void> {
  const { db, now, log } = tools
  const open = items.map(({ key, severity, title, reason, since }) => ({
    key,
    severity,
    title,
    reason,
    since,
  }))
  await writeAlerts(db, open, now(), options.graceMs)
  if (options.mail.length + options.webhooks.length === 0) return
  if (options.quiet !== undefined && isQuiet(options.quiet, now())) return
  const claimed = await claimAlerts(db, LEASE)
  if (claimed.length === 0) return
  const message = writeMessage(claimed, `${tools.publicUrl}/admin`)
  const ways = [
    ...options.webhooks.map((address) => postWebhook(address, message)),
    ...options.mail.map((address) => mailMessage(address, message, claimed, tools)),
  ]
  const results = await Promise.allSettled(ways)
  for (const result of results) {
    if (result.status === 'rejected')
      log.warn({ reason: reasonOf(result.reason) }, 'an alert could not be told')
  }
  if (results.some(({ status }) => status === 'fulfilled')) return markAlertsTold(db, claimed, now())
  const tries = Math.max(...claimed.map((alert) => alert.tries))
  await postponeAlerts(db, claimed, Math.min(2 ** (tries - 1) * MINUTE, LONGEST_WAIT))
}

async function mailMessage(
  to: string,
  { subject, text }: AlertMessage,
  alerts: AlertRow[],
  tools: Pick<Tools, 'now' | 'mailer' | 'mailFrom' | 'secret'>,
): Promise<void> {
  const from = parseSender(tools.mailFrom)
  const what = alerts.map(
    ({ key, since, cleared_at }) => `${key} ${since.toISOString()} ${cleared_at?.toISOString()}`,
  )
  const result = await tools.mailer.send({
    from,
    to: { address: to },
    envelope: { from: from.address, to },
    messageId: messageIdOf(`alert ${to} ${what.join(' ')}`, tools.secret, from.address),
    date: tools.now(),
    subject: `Paperboy: ${subject}`,
    text,
    html: '',
    // RFC 3834: nobody's holiday notice need answer this.
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  if (result.kind === 'accepted') return
  throw new TemporaryError(`the mail to the operator did not go out: ${result.reason}`)
}
