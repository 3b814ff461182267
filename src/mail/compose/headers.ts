import { createHmac } from 'node:crypto'
import { PermanentError } from '../../errors.ts'
import { domainOf } from '../address.ts'

/** Header fields besides From, To, Subject, Date and Message-ID, as they are sent: ASCII, one line each. */
export type MailHeaders = Record<string, string>

/** RFC 5322 §2.1.1: the limit of a line, without its CRLF. */
const MAX_LINE = 998

/** How a mail is unsubscribed from. */
export interface Unsubscribing {
  /** As `requiredHttpUrl` gives it; names list and recipient by itself, without cookies. */
  url: string
  /** An address at which a mail unsubscribes as well; undefined if mail is not read there. */
  address?: string
}

/**
 * What every digest carries: RFC 2369 List-Unsubscribe with RFC 8058 one-click, RFC 2919 List-Id, RFC 3834
 * Auto-Submitted, Precedence, which keeps older vacation programs quiet, and Feedback-ID, by which Gmail groups
 * complaints: the day, and what kind of mail it was.
 * @param fromAddress the sender's address: its domain makes the List-Id, which stays the same for ever.
 * @param siteName cleaned text; left out of List-Id where it is not ASCII.
 * @param day the digest's local date.
 */
export function digestHeaders(
  unsubscribing: Unsubscribing,
  { fromAddress, siteName, day }: { fromAddress: string; siteName: string; day: string },
): MailHeaders {
  return {
    ...unsubscribeHeaders(unsubscribing),
    'List-Id': `${phraseOf(siteName)}<digest.${domainOf(fromAddress)}>`,
    'Feedback-ID': `${day}::digest:${SENDER_ID}`,
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  }
}

/** The last part of Feedback-ID, the same in all mail of a sender: 5 to 15 characters. */
const SENDER_ID = 'paperboy'

/**
 * The headers of a letter. It answers one request, so it is no list mail. It can still be unsubscribed from, because a
 * stranger may have typed the address.
 */
export function letterHeaders(unsubscribing: Unsubscribing): MailHeaders {
  return {
    ...unsubscribeHeaders(unsubscribing),
    'Feedback-ID': `::letter:${SENDER_ID}`,
    'Auto-Submitted': 'auto-generated',
  }
}

/**
 * Makes the Message-ID of a mail. It is the same on every attempt, so that receivers can drop a second copy, and
 * reveals no ids or addresses.
 * @param mailName names one mail of this installation, for example `digest 17`.
 */
export function messageIdOf(mailName: string, secret: string, fromAddress: string): string {
  const local = createHmac('sha256', secret).update(`message-id ${mailName}`).digest('hex').slice(0, 40)
  return `<${local}@${domainOf(fromAddress)}>`
}

/**
 * Returns the Message-ID unchanged.
 * @throws PermanentError unless it is one RFC 5322 msg-id of printable ASCII without white space.
 */
export function checkedMessageId(messageId: string): string {
  if (
    messageId.length <= 250 &&
    /^<[^\s<>@\x00-\x20\x7F-\uFFFF]+@[^\s<>@\x00-\x20\x7F-\uFFFF]+>$/.test(messageId)
  ) {
    return messageId
  }
  throw new PermanentError(
    `Message-ID: expected <id@domain> in printable ASCII, got ${JSON.stringify(messageId.slice(0, 80))}; build it with messageIdOf`,
  )
}

/** One click is for https alone (RFC 8058 §3.1); a mail program must not be promised it elsewhere. */
function unsubscribeHeaders({ url, address }: Unsubscribing): MailHeaders {
  const mailto = address === undefined ? '' : `, <mailto:${address}?subject=unsubscribe>`
  const value = `<${url}>${mailto}`
  if ('List-Unsubscribe: '.length + value.length > MAX_LINE) {
    throw new PermanentError(
      `List-Unsubscribe: expected a short address, got ${url.length} characters; shorten PUBLIC_URL`,
    )
  }
  const oneClick = { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
  return { 'List-Unsubscribe': value, ...(url.startsWith('https:') && oneClick) }
}

/** The phrase before the list's id (RFC 2919 §3), quoted, and without anything that readers would decode (RFC 2047). */
function phraseOf(siteName: string): string {
  if (!/^[\x20-\x7E]{1,60}$/.test(siteName) || siteName.includes('=?')) return ''
  return `"${siteName.replace(/["\\]/g, '\\$&')}" `
}
