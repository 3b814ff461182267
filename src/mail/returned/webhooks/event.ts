import type { MailReport } from '../report.ts'

/** What a provider tells of one mail to one recipient. */
export interface ProviderEvent {
  /** Names the event at the provider. */
  id: string
  /** The address of the recipient, as the provider writes it. */
  recipient: string
  /** The Message-ID of the mail, `<id@domain>`, if the provider tells it. */
  messageId: string | undefined
  report: MailReport
}

/** A request whose signature does not hold, or that cannot be read. */
export class WebhookRefusal extends Error {}

/** JSON of a webhook's body. @throws WebhookRefusal for anything else. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new WebhookRefusal('expected JSON')
  }
}

/** The Message-ID with its angle brackets, which some providers leave out. */
export function messageIdOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `<${text.replace(/^<|>$/g, '')}>`
}
