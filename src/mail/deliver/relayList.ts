import { PermanentError } from '../../errors.ts'

/** One of several relays, and how much it takes. */
export interface RelayShare {
  smtpUrl: string
  /** Its share of the mail, compared with the other relays. */
  weight: number
  /** The most mails that all processes together send in a second and in an hour. Undefined: no limit. */
  perSecond: number | undefined
  perHour: number | undefined
}

const OPTION = /^(weight|per-second|per-hour)=(\d{1,9}(?:\.\d{1,3})?)$/

/**
 * Reads a list of relays: addresses with white space between, each with its options after it, such as
 * `smtp://one.example:587 weight=3 per-second=14 smtps://user:password@two.example per-hour=5000`.
 * @throws PermanentError that quotes no address, because it may contain a password.
 */
export function parseRelays(text: string): RelayShare[] {
  const relays: RelayShare[] = []
  for (const word of text.trim().split(/\s+/)) {
    if (/^smtps?:\/\//i.test(word)) {
      relays.push({ smtpUrl: word, weight: 1, perSecond: undefined, perHour: undefined })
      continue
    }
    const [, name, number] = OPTION.exec(word) ?? []
    const relay = relays.at(-1)
    if (relay === undefined || name === undefined || !(Number(number) > 0)) {
      throw new PermanentError(
        'SMTP_URLS: expected relays with white space between, each smtp://… with weight=, per-second= or per-hour= after it, got something else; correct it',
      )
    }
    if (name === 'weight') relay.weight = Number(number)
    else if (name === 'per-second') relay.perSecond = Number(number)
    else relay.perHour = Number(number)
  }
  return relays
}
