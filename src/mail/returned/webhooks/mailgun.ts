import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { detailOf, findStatus, type MailReport } from '../report.ts'
import { messageIdOf, type ProviderEvent, parseBody, WebhookRefusal } from './event.ts'

const body = z.object({
  signature: z.object({ timestamp: z.string(), token: z.string(), signature: z.string() }),
  'event-data': z.object({
    event: z.string(),
    id: z.string(),
    recipient: z.string(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    message: z.object({ headers: z.object({ 'message-id': z.string().optional() }).optional() }).optional(),
    'delivery-status': z
      .object({
        code: z.union([z.number(), z.string()]).optional(),
        message: z.string().nullish(),
        description: z.string().nullish(),
        'enhanced-code': z.string().nullish(),
      })
      .optional(),
  }),
})
type EventData = z.infer<typeof body>['event-data']

/** Mailgun tries again for eight hours. */
const FRESH_SECONDS = 24 * 60 * 60
const MOST_TOKENS = 10_000

/**
 * Makes a reader of Mailgun's webhooks. The signature is an HMAC of a timestamp and a token, and does not cover the event;
 * so a token is taken for one event only, and for a day.
 * @param key the HTTP webhook signing key.
 */
export function createMailgunReader(key: string): (text: string, now: Date) => ProviderEvent[] {
  const eventOfToken = new Map<string, string>()
  return (text, now) => {
    const parsed = body.safeParse(parseBody(text)).data
    if (!parsed) throw new WebhookRefusal('expected an event with its signature')
    const { timestamp, token, signature } = parsed.signature
    const expected = createHmac('sha256', key)
      .update(timestamp + token)
      .digest()
    const given = Buffer.from(signature, 'hex')
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected)
    const isFresh = Math.abs(now.getTime() / 1000 - Number(timestamp)) <= FRESH_SECONDS
    const data = parsed['event-data']
    if (!isSigned || !isFresh || (eventOfToken.get(token) ?? data.id) !== data.id) {
      throw new WebhookRefusal('expected a fresh signature of the webhook signing key')
    }
    eventOfToken.set(token, data.id)
    if (eventOfToken.size > MOST_TOKENS) eventOfToken.delete(eventOfToken.keys().next().value!)
    const report = reportOf(data)
    const messageId = messageIdOf(data.message?.headers?.['message-id'])
    return report ? [{ id: data.id, recipient: data.recipient, messageId, report }] : []
  }
}

function reportOf(data: EventData): MailReport | undefined {
  const answer = data['delivery-status']
  const words = answer?.message || answer?.description || data.reason || data.event
  const status = findStatus(answer?.['enhanced-code'] ?? '') ?? findStatus(words)
  const detail = detailOf(words)
  if (data.event === 'delivered') return { kind: 'delivered', status, detail }
  if (data.event === 'complained') return { kind: 'complained', status: null, detail }
  if (data.event === 'unsubscribed') return { kind: 'unsubscribed', status: null, detail }
  if (data.event !== 'failed') return undefined
  return { kind: data.severity === 'temporary' ? 'delayed' : 'bounced', status, detail }
}
