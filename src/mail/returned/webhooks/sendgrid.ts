import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'
import { PermanentError } from '../../../errors.ts'
import { detailOf, findStatus, type MailReport } from '../report.ts'
import { messageIdOf, type ProviderEvent, parseBody, WebhookRefusal } from './event.ts'

const event = z.object({
  email: z.string(),
  event: z.string(),
  sg_event_id: z.string(),
  'smtp-id': z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
})
type Event = z.infer<typeof event>

/**
 * Makes a reader of SendGrid's event webhook (a list of events). Its signature is ECDSA over the timestamp and the body.
 * @param key the verification key as the settings page shows it: DER in base64.
 * @throws PermanentError if it is no such key; the reader throws WebhookRefusal if a signature does not hold.
 */
export function createSendgridReader(
  key: string,
): (request: { signature: string; timestamp: string; body: string }) => ProviderEvent[] {
  const publicKey = keyOf(key)
  return ({ signature, timestamp, body }) => {
    if (!verify('sha256', Buffer.from(timestamp + body), publicKey, Buffer.from(signature, 'base64'))) {
      throw new WebhookRefusal('expected a signature of the verification key')
    }
    const events = z.array(z.unknown()).safeParse(parseBody(body)).data ?? []
    return events.flatMap((one) => {
      const parsed = event.safeParse(one).data
      const report = parsed && reportOf(parsed)
      if (!parsed || !report) return []
      const { sg_event_id: id, email: recipient } = parsed
      return [{ id, recipient, messageId: messageIdOf(parsed['smtp-id']), report }]
    })
  }
}

function keyOf(text: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch (error) {
    throw new PermanentError(
      'SENDGRID_WEBHOOK_KEY: expected the verification key as SendGrid shows it, got something else; copy it again',
      { cause: error },
    )
  }
}

const KINDS: Record<string, MailReport['kind']> = {
  delivered: 'delivered',
  deferred: 'delayed',
  bounce: 'bounced',
  spamreport: 'complained',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
}

function reportOf({ event: name, status, reason, response }: Event): MailReport | undefined {
  const kind = KINDS[name]
  if (kind === undefined) return undefined
  const told = reason ?? response ?? name
  return { kind, status: findStatus(status ?? '') ?? findStatus(told), detail: detailOf(told) }
}
