import PostalMime, { type Attachment, type Email } from 'postal-mime'
import { displayLine } from '../../text/displayLine.ts'

/** What a mail that came back says about an earlier mail. */
export interface MailReport {
  kind: 'delivered' | 'delayed' | 'bounced' | 'complained' | 'unsubscribed' | 'our fault'
  /** Enhanced status code (RFC 3463); null if the report has none. */
  status: string | null
  /** For people, on one line. */
  detail: string
}

const MOST_DETAIL = 300

/**
 * Reads a mail that came back: a delivery status notification (RFC 3464), with or without the original, a complaint
 * (RFC 5965), or a bounce in a mail server's own words. Undefined for anything else, such as an automatic answer from a
 * person on holiday. It never throws: all of it comes from outside.
 */
export async function readReport(raw: Buffer): Promise<MailReport | undefined> {
  const mail = await PostalMime.parse(raw, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
  }).catch(() => undefined)
  if (mail === undefined) return undefined
  const complaint = partOf(mail, 'message/feedback-report')
  if (complaint !== undefined) return readComplaint(complaint)
  const status = partOf(mail, 'message/delivery-status') ?? partOf(mail, 'message/global-delivery-status')
  if (status !== undefined) return readDeliveryStatus(status)
  return readPlainBounce(mail)
}

/** RFC 5965 §3.1. A message that was filed as no spam, or a test of authentication (RFC 6591), is no complaint. */
function readComplaint(text: string): MailReport | undefined {
  const [fields = new Map()] = fieldGroups(text)
  const type = (fields.get('feedback-type') ?? '').toLowerCase()
  const detail = detailOf(
    `${type || 'complaint'} reported by ${fields.get('user-agent') ?? 'a mail provider'}`,
  )
  if (type === 'not-spam' || type === '') return undefined
  if (type === 'auth-failure') return { kind: 'our fault', status: null, detail }
  if (type.startsWith('opt-out')) return { kind: 'unsubscribed', status: null, detail }
  return { kind: 'complained', status: null, detail }
}

/** How bad an action is: of several recipients, all aliases of one, the worst counts. */
const ACTIONS = ['delivered', 'relayed', 'expanded', 'delayed', 'failed']

/** RFC 3464 §2.3: one group of fields for each recipient, after the one for the message. */
function readDeliveryStatus(text: string): MailReport | undefined {
  const groups = fieldGroups(text).filter((fields) => fields.has('action') || fields.has('status'))
  const place = (fields: Map<string, string>) => ACTIONS.indexOf(actionOf(fields))
  const worst = groups.toSorted((a, b) => place(b) - place(a))[0]
  if (worst === undefined) return undefined
  const action = actionOf(worst)
  const diagnosis = worst.get('diagnostic-code')?.replace(/^[\w.-]+\s*;\s*/, '') ?? ''
  const status = statusOf(worst.get('status') ?? '', diagnosis)
  const detail = detailOf(diagnosis || `${action} ${status ?? ''}`)
  if (action === 'failed') return { kind: 'bounced', status, detail }
  if (action === 'delayed') return { kind: 'delayed', status, detail }
  return action === '' ? undefined : { kind: 'delivered', status, detail }
}

/** Some servers leave the action out, and give the status alone. */
function actionOf(fields: Map<string, string>): string {
  const action = /^[a-z]+/.exec((fields.get('action') ?? '').toLowerCase())?.[0] ?? ''
  if (ACTIONS.includes(action)) return action
  const status = fields.get('status') ?? ''
  if (status.startsWith('5')) return 'failed'
  return status.startsWith('4') ? 'delayed' : ''
}

/** A vague status (x.0.0) gives way to the one in the remote server's own answer. */
function statusOf(status: string, diagnosis: string): string | null {
  const told = findStatus(status)
  if (told !== null && !/^[245]\.0\.0$/.test(told)) return told
  return findStatus(diagnosis) ?? told
}

/** The first enhanced status code (RFC 3463) in a text. */
export function findStatus(text: string): string | null {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(text)?.[0] ?? null
}

const FROM_A_SERVER = /mailer-?daemon|postmaster|mail delivery (?:sub)?system/i
const SAYS_UNDELIVERED =
  /undeliver|delivery (?:status|failure|has failed|failed)|(?:mail|message) (?:delivery )?(?:failed|failure|returned)|returned (?:mail|to sender)|non.?delivery|failure notice|could not be delivered|wasn['’]t delivered/i
const SAYS_LATER = /delayed|warning|not yet|still (?:being )?(?:tried|retried)|will (?:be )?(?:try|retr)/i

/** Servers such as qmail and older Exim write a bounce as plain text. */
function readPlainBounce(mail: Email): MailReport | undefined {
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value ?? ''
  if (/auto-replied/i.test(header('auto-submitted'))) return undefined
  const from = `${mail.from?.name ?? ''} ${mail.from?.address ?? ''}`
  const text = (mail.text ?? mail.html ?? '').slice(0, 20_000)
  const isBounce = FROM_A_SERVER.test(from) && SAYS_UNDELIVERED.test(`${mail.subject ?? ''}\n${text}`)
  if (!isBounce) return undefined
  const answer =
    /^.*(?<!\d)[45]\d\d[ -].*$/m.exec(text)?.[0] ?? /^.*(?<!\d)[45]\.\d{1,3}\.\d{1,3}.*$/m.exec(text)?.[0]
  const status = findStatus(answer ?? '')
  const kind = SAYS_LATER.test(mail.subject ?? '') || status?.startsWith('4') ? 'delayed' : 'bounced'
  return { kind, status, detail: detailOf(answer ?? mail.subject ?? '') }
}

function partOf(mail: Email, type: string): string | undefined {
  const part = mail.attachments.find(({ mimeType }: Attachment) => mimeType === type)
  return (
    part &&
    Buffer.from(part.content as ArrayBuffer)
      .toString('utf8')
      .slice(0, 100_000)
  )
}

/** Groups of header fields with blank lines between them; names in lower case, values unfolded. The first of a name counts. */
function fieldGroups(text: string): Map<string, string>[] {
  const groups = text.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/)
  return groups.map((group) => {
    const fields = new Map<string, string>()
    for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
      const [, name = '', value = ''] = /^([\w-]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? []
      if (name !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim())
    }
    return fields
  })
}

/** One line for people. Addresses are left out, because it is stored and shown. */
export function detailOf(text: string): string {
  return displayLine(text.replace(/<?[^\s<>;:,]+@[^\s<>;:,]+>?/g, 'the recipient'), MOST_DETAIL)
}
