import { verify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { parseUrl } from '../../../text/parseUrl.ts'
import { detailOf, findStatus, type MailReport } from '../report.ts'
import { messageIdOf, type ProviderEvent, parseBody, WebhookRefusal } from './event.ts'

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
})
/** A message of Amazon SNS. */
export type SnsMessage = z.infer<typeof envelope>

/**
 * Reads a message of the topic to which SES reports, and checks its signature.
 * @param certificateAt gives the PEM of the certificate at an address of SNS.
 * @throws WebhookRefusal if it is of another topic, or not signed by SNS.
 */
export async function readSns(
  body: string,
  topic: string,
  certificateAt: (url: string) => Promise<string>,
  now: Date,
): Promise<SnsMessage> {
  const message = envelope.safeParse(parseBody(body)).data
  if (message?.TopicArn !== topic) throw new WebhookRefusal('expected a message of the topic of SES_TOPIC')
  if (!isSnsAddress(message.SigningCertURL))
    throw new WebhookRefusal('expected a certificate at an address of SNS')
  const certificate = new X509Certificate(await certificateAt(message.SigningCertURL))
  const lasts = new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo)
  const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256'
  const signature = Buffer.from(message.Signature, 'base64')
  if (!lasts || !verify(algorithm, Buffer.from(signedText(message)), certificate.publicKey, signature)) {
    throw new WebhookRefusal('expected a signature of SNS')
  }
  return message
}

/** Whether an address is one of Amazon SNS itself, over https. Nothing else is ever fetched for a message. */
export function isSnsAddress(text: string): boolean {
  const url = parseUrl(text)
  if (url === undefined) return false
  const { protocol, hostname, port, username } = url
  const isSns = /^sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d\.amazonaws\.com(?:\.cn)?$/.test(hostname)
  return protocol === 'https:' && isSns && port === '' && username === ''
}

/** The fields that SNS signs, in its order: name and value on lines of their own. */
function signedText(message: SnsMessage): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const)
  return names
    .flatMap((name) =>
      message[name] === undefined || message[name] === null ? [] : `${name}\n${message[name]}\n`,
    )
    .join('')
}

const address = z.object({
  emailAddress: z.string(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
})
const notification = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({
    messageId: z.string(),
    commonHeaders: z.object({ messageId: z.string().optional() }).optional(),
  }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: z.array(address),
    })
    .optional(),
  complaint: z
    .object({ complaintFeedbackType: z.string().nullish(), complainedRecipients: z.array(address) })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()), smtpResponse: z.string().optional() }).optional(),
  deliveryDelay: z
    .object({ delayType: z.string().optional(), delayedRecipients: z.array(address) })
    .optional(),
})

/** What SES tells in a notification (or an event) about each recipient. */
export function eventsOfSes(message: SnsMessage): ProviderEvent[] {
  const told = notification.safeParse(parseBody(message.Message)).data
  if (told === undefined) return []
  const { bounce, complaint, delivery, deliveryDelay } = told
  const events: [string, MailReport | undefined][] = [
    ...(bounce?.bouncedRecipients ?? []).map((to): [string, MailReport] => [
      to.emailAddress,
      bounceOf(bounce!, to),
    ]),
    ...(complaint?.complainedRecipients ?? []).map(({ emailAddress }): [string, MailReport | undefined] => [
      emailAddress,
      complaintOf(complaint?.complaintFeedbackType ?? 'abuse'),
    ]),
    ...(delivery?.recipients ?? []).map((to): [string, MailReport] => [
      to,
      {
        kind: 'delivered',
        status: findStatus(delivery?.smtpResponse ?? ''),
        detail: detailOf(delivery?.smtpResponse ?? ''),
      },
    ]),
    ...(deliveryDelay?.delayedRecipients ?? []).map((to): [string, MailReport] => [
      to.emailAddress,
      {
        kind: 'delayed',
        status: findStatus(to.status ?? ''),
        detail: detailOf(to.diagnosticCode ?? deliveryDelay?.delayType ?? ''),
      },
    ]),
  ]
  const messageId = messageIdOf(told.mail.commonHeaders?.messageId)
  return events.flatMap(([recipient, report]) =>
    report ? [{ id: `${told.mail.messageId} ${report.kind}`, recipient, messageId, report }] : [],
  )
}

function bounceOf(
  { bounceType, bounceSubType }: { bounceType: string; bounceSubType?: string },
  { status, diagnosticCode = '' }: z.infer<typeof address>,
): MailReport {
  const given = findStatus(status ?? '') ?? findStatus(diagnosticCode)
  const soft = bounceType === 'Permanent' ? null : '4.0.0'
  return {
    kind: 'bounced',
    status: given ?? soft,
    detail: detailOf(diagnosticCode || `${bounceType} ${bounceSubType}`),
  }
}

function complaintOf(type: string): MailReport | undefined {
  return type === 'not-spam'
    ? undefined
    : { kind: 'complained', status: null, detail: `${type} reported to SES` }
}
