import { PermanentError } from '../../errors.ts'
import { parseAddress, parseSender, type Sender } from '../address.ts'
import type { MailedDigest } from './digestView.ts'
import { checkedMessageId, digestHeaders, letterHeaders, type MailHeaders } from './headers.ts'
import {
  type LetterInput,
  type LetterView,
  viewConfirmation,
  viewNewMailboxLetter,
  viewOldMailboxLetter,
  viewPreferencesLetter,
} from './letter.ts'
import { requiredHttpUrl, siteNameOf } from './link.ts'
import { type RenderedMail, renderDigestMail, renderLetter } from './render.ts'

/** One checked mail to one person, ready for a mailer. */
export interface Mail {
  from: Sender
  to: { address: string }
  /** Return path and recipient of the SMTP envelope. */
  envelope: { from: string; to: string }
  /** Same on every attempt. */
  messageId: string
  date: Date
  subject: string
  text: string
  html: string
  headers: MailHeaders
}

/** Where a mail that cannot be delivered comes back to, and where a mail unsubscribes. Undefined if none is read. */
export interface ReturnAddresses {
  returnPath?: string
  unsubscribeAddress?: string
}

export interface DigestMailInput extends ReturnAddresses {
  digest: MailedDigest
  /** MAIL_FROM: `Name <address>`. */
  from: string
  /** As `messageIdOf` gives it. */
  messageId: string
  date: Date
}

interface LetterMailInput extends LetterInput, ReturnAddresses {
  /** MAIL_FROM: `Name <address>`. */
  from: string
  to: string
  /** As `messageIdOf` gives it. */
  messageId: string
  date: Date
}

export interface ConfirmationMailInput extends LetterMailInput {
  /** A page with a button: opening it changes nothing. */
  confirmUrl: string
}

export interface PreferencesMailInput extends LetterMailInput {
  preferencesUrl: string
}

/**
 * The daily digest as a mail.
 * @throws PermanentError when an address, a needed link or the Message-ID is unusable, or there is no paper.
 */
export async function buildDigestMail(input: DigestMailInput): Promise<Mail> {
  const { siteName, recipient } = input.digest
  const from = parseSender(input.from)
  const unsubscribeUrl = requiredHttpUrl(recipient.unsubscribeUrl, 'unsubscribeUrl')
  const headers = digestHeaders(
    { url: unsubscribeUrl, address: input.unsubscribeAddress },
    { fromAddress: from.address, siteName: siteNameOf(siteName), day: input.digest.localDate },
  )
  return assemble(from, recipient.email, input, headers, await renderDigestMail(input.digest))
}

/**
 * The mail that asks whether a subscription is wanted. It has List-Unsubscribe, so that someone who never asked for it
 * can stop such mails.
 * @throws PermanentError if an address, a link or the Message-ID is unusable.
 */
export async function buildConfirmationMail(input: ConfirmationMailInput): Promise<Mail> {
  return buildLetter(input, viewConfirmation(input, input.confirmUrl))
}

/**
 * The mail that gives a subscriber the link to their preferences.
 * @throws PermanentError when an address, a link or the Message-ID is unusable.
 */
export async function buildPreferencesMail(input: PreferencesMailInput): Promise<Mail> {
  return buildLetter(input, viewPreferencesLetter(input, input.preferencesUrl))
}

/**
 * The mail that asks a subscriber's mailbox whether the digest shall go to another address.
 * @throws PermanentError when an address, a link or the Message-ID is unusable.
 */
export async function buildOldMailboxMail(input: ConfirmationMailInput, email: string): Promise<Mail> {
  return buildLetter(input, viewOldMailboxLetter(input, input.confirmUrl, email))
}

/** The same for the mailbox that shall have it. @throws as above. */
export async function buildNewMailboxMail(input: ConfirmationMailInput): Promise<Mail> {
  return buildLetter(input, viewNewMailboxLetter(input, input.confirmUrl))
}

async function buildLetter(input: LetterMailInput, letter: LetterView): Promise<Mail> {
  const headers = letterHeaders({ url: letter.unsubscribeUrl, address: input.unsubscribeAddress })
  return assemble(parseSender(input.from), input.to, input, headers, await renderLetter(letter))
}

function assemble(
  from: Sender,
  to: string,
  { messageId, date, returnPath }: { messageId: string; date: Date } & ReturnAddresses,
  headers: MailHeaders,
  { subject, text, html }: RenderedMail,
): Mail {
  const address = parseAddress(to)
  if (address === undefined) {
    throw new PermanentError(
      'recipient: expected one mail address, got something else; correct the subscriber',
    )
  }
  return {
    from,
    to: { address },
    envelope: { from: returnPath ?? from.address, to: address },
    messageId: checkedMessageId(messageId),
    date,
    subject: withoutEncodedWords(subject),
    text,
    html,
    headers,
  }
}

/**
 * Mail readers decode anything that looks like an encoded word (RFC 2047) in a header, even in the middle of a title.
 */
function withoutEncodedWords(text: string): string {
  return text.replaceAll('=?', '= ?')
}
