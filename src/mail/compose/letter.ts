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

function viewSite({ siteName, publicUrl, unsubscribeUrl }: LetterInput) {
  return {
    siteName: siteNameOf(siteName),
    siteUrl: requiredHttpUrl(publicUrl, 'publicUrl'),
    unsubscribeUrl: requiredHttpUrl(unsubscribeUrl, 'unsubscribeUrl'),
  }
}
