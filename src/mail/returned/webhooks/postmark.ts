import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { detailOf, findStatus, type MailReport } from '../report.ts'
import { type ProviderEvent, parseBody, WebhookRefusal } from './event.ts'

const record = z.object({
  RecordType: z.string(),
  ID: z.union([z.string(), z.number()]).optional(),
  MessageID: z.string().optional(),
  Email: z.string().optional(),
  Recipient: z.string().optional(),
  Type: z.string().optional(),
  Description: z.string().optional(),
  Details: z.string().optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().nullish(),
})
type PostmarkRecord = z.infer<typeof record>

/**
 * Reads one record of Postmark's webhooks. Postmark does not sign; it sends the user and password that the webhook's
 * address has, as HTTP Basic.
 * @param credentials `user:password`.
 * @throws WebhookRefusal if they differ, or the record cannot be read.
 */
export function readPostmark(
  { authorization, body }: { authorization: string; body: string },
  credentials: string,
): ProviderEvent[] {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`
  if (!timingSafeEqual(digest(authorization), digest(expected))) {
    throw new WebhookRefusal('expected the user and password of POSTMARK_WEBHOOK_PASSWORD')
  }
  const parsed = record.safeParse(parseBody(body)).data
  const report = parsed && reportOf(parsed)
  const recipient = parsed?.Email ?? parsed?.Recipient
  if (!parsed || !report || recipient === undefined) return []
  return [
    { id: `${parsed.RecordType} ${parsed.ID ?? parsed.MessageID}`, recipient, messageId: undefined, report },
  ]
}

/** Types of bounces that are none: answers of people, address changes, tests. */
const NO_BOUNCE =
  /^(?:AutoResponder|AddressChange|ChallengeVerification|OpenRelayTest|Unsubscribe|Subscribe|Unconfirmed)$/
const COMPLAINT = /^(?:SpamComplaint|SpamNotification)$/
const SOFT = /^(?:SoftBounce|Transient|DnsError|InboundError|SMTPApiError)$/

function reportOf(told: PostmarkRecord): MailReport | undefined {
  const words = told.Details || told.Description || told.RecordType
  const status = findStatus(words)
  const detail = detailOf(words)
  switch (told.RecordType) {
    case 'Delivery':
      return { kind: 'delivered', status, detail }
    case 'SpamComplaint':
      return { kind: 'complained', status: null, detail }
    case 'SubscriptionChange':
      if (!told.SuppressSending || told.SuppressionReason !== 'ManualSuppression') return undefined
      return { kind: 'unsubscribed', status: null, detail: 'left at the provider' }
    case 'Bounce':
      return bounceOf(told.Type ?? '', status, detail)
    default:
      return undefined
  }
}

function bounceOf(type: string, status: string | null, detail: string): MailReport | undefined {
  if (NO_BOUNCE.test(type)) return undefined
  if (COMPLAINT.test(type)) return { kind: 'complained', status: null, detail }
  if (type === 'Blocked' || type === 'SpamPolicy') return { kind: 'our fault', status, detail }
  return { kind: 'bounced', status: status ?? (SOFT.test(type) ? '4.0.0' : null), detail }
}
