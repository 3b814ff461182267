import { longTime } from '../../text/dates.ts'
import { requiredHttpUrl, siteNameOf, siteOf } from './link.ts'

/** A short mail with one button, as its template sees it: clean text and checked links, still unescaped. */
export interface LetterView {
  subject: string
  preheader: string
  siteName: string
  siteUrl: string
  headline: string
  offer: string
  button: { label: string; url: string }
  expiry: string
  because: string
  notYou: string
  /** The words of the link that ends such mail. */
  leave: string
  unsubscribeUrl: string
}

export interface LetterInput {
  siteName: string
  publicUrl: string
  unsubscribeUrl: string
  /** Until when the button's link works. */
  expiresAt: Date
}

/**
 * The letter that asks whether a subscription is wanted. It contains nothing that was typed into the sign-up form, not
 * even the address, so that the form cannot be used to write to strangers.
 * @throws PermanentError if a link is unusable.
 */
export function viewConfirmation(input: LetterInput, confirmUrl: string): LetterView {
  const { siteName, siteUrl, unsubscribeUrl } = viewSite(input)
  return {
    subject: `Confirm your subscription to ${siteName}`,
    preheader: `One click, and ${siteName} brings you new research papers once a day.`,
    siteName,
    siteUrl,
    headline: 'One click, and your papers are on their way',
    offer: `${siteName} sends one mail a day with new research papers that match your topics, and says why it chose each. You can change your topics or stop at any time.`,
    button: { label: 'Confirm my subscription', url: requiredHttpUrl(confirmUrl, 'confirmUrl') },
    expiry: `The link works until ${longTime(input.expiresAt)}.`,
    because: `You get this mail because someone gave this address at ${siteOf(siteUrl)} to subscribe to ${siteName}.`,
    notYou: 'If it was not you, you need do nothing: without the confirmation no digest is sent.',
    leave: 'Never mail this address again',
    unsubscribeUrl,
  }
}

/**
 * Gives a subscriber the link to their preferences.
 * @throws PermanentError when a link is unusable.
 */
export function viewPreferencesLetter(input: LetterInput, preferencesUrl: string): LetterView {
  const { siteName, siteUrl, unsubscribeUrl } = viewSite(input)
  return {
    subject: `Your ${siteName} preferences`,
    preheader: 'Change your topics, the hour and the days of your digest.',
    siteName,
    siteUrl,
    headline: 'Your preferences',
    offer:
      'Change your topics, the hour and the days of your digest, pause it, or have your data deleted: all on one page.',
    button: { label: 'Open my preferences', url: requiredHttpUrl(preferencesUrl, 'preferencesUrl') },
    expiry: `The link works until ${longTime(input.expiresAt)}. Keep it to yourself: whoever has it can change your subscription.`,
    because: `You get this mail because someone asked for it at ${siteOf(siteUrl)}, where this address is subscribed.`,
    notYou: 'If it was not you, you need do nothing: nothing has changed.',
    leave: 'Unsubscribe',
    unsubscribeUrl,
  }
}

/**
 * Asks the mailbox that has the digests whether they shall go to another address from now on. It names that address, because
 * only its owner can tell whether they asked for it.
 * @throws PermanentError when a link is unusable.
 */
export function viewOldMailboxLetter(input: LetterInput, confirmUrl: string, email: string): LetterView {
  const { siteName, siteUrl, unsubscribeUrl } = viewSite(input)
  return {
    subject: `Shall your ${siteName} digest go to another address?`,
    preheader: `It goes there once both mailboxes have confirmed it.`,
    siteName,
    siteUrl,
    headline: 'Another address for your digest',
    offer: `Someone with a link to your preferences asked that your digest go to ${email}. It does so once you confirm it here, and by the mail that went there.`,
    button: { label: 'Confirm the change', url: requiredHttpUrl(confirmUrl, 'confirmUrl') },
    expiry: `The link works until ${longTime(input.expiresAt)}.`,
    because: `You get this mail because this address is subscribed at ${siteOf(siteUrl)}.`,
    notYou:
      'If it was not you, do not press the button: then nothing changes. Someone has a link of one of your mails; delete your data or ask whoever runs this site if that worries you.',
    leave: 'Unsubscribe',
    unsubscribeUrl,
  }
}

/**
 * Asks the mailbox that shall have the digests. It contains nothing that was typed.
 * @throws PermanentError when a link is unusable.
 */
export function viewNewMailboxLetter(input: LetterInput, confirmUrl: string): LetterView {
  const { siteName, siteUrl, unsubscribeUrl } = viewSite(input)
  return {
    subject: `Confirm this address for your ${siteName} digest`,
    preheader: 'It comes here once both mailboxes have confirmed it.',
    siteName,
    siteUrl,
    headline: 'Shall the digest come here?',
    offer: `Someone who is subscribed to ${siteName}, a digest of new research papers, asked that it come to this address from now on. It does so once you confirm it here, and by the mail that went to the address before.`,
    button: { label: 'Confirm this address', url: requiredHttpUrl(confirmUrl, 'confirmUrl') },
    expiry: `The link works until ${longTime(input.expiresAt)}.`,
    because: `You get this mail because someone gave this address at ${siteOf(siteUrl)}.`,
    notYou: 'If it was not you, you need do nothing: without the confirmation nothing comes here.',
    leave: 'Never mail this address again',
    unsubscribeUrl,
  }
}

function viewSite({ siteName, publicUrl, unsubscribeUrl }: LetterInput) {
  return {
    siteName: siteNameOf(siteName),
    siteUrl: requiredHttpUrl(publicUrl, 'publicUrl'),
    unsubscribeUrl: requiredHttpUrl(unsubscribeUrl, 'unsubscribeUrl'),
  }
}
