import { createHmac } from 'node:crypto'
import { parseAddress } from './address.ts'

/**
 * The keyed hash of a suppressed address: HMAC-SHA-256, hex. It outlives the subscriber's deletion and does not reveal
 * the address. All spellings of one mailbox (case, white space, IDN) have the same hash.
 */
export function addressHash(address: string, secret: string): string {
  const normalised = (parseAddress(address) ?? address.trim()).toLowerCase()
  return createHmac('sha256', secret).update(normalised).digest('hex')
}

/** Providers that ignore dots before the @ (and know a mailbox by two domains). */
const DOTLESS = new Set(['gmail.com', 'googlemail.com'])

/**
 * The keyed hash of the mailbox behind an address: what follows a `+` is a tag, and lands in the same mailbox. Only for
 * counting what a mailbox is sent; two people of a provider without tags may share one.
 */
export function mailboxHash(address: string, secret: string): string {
  const lower = address.toLowerCase()
  const at = lower.lastIndexOf('@')
  const local = lower.slice(0, at).replace(/(?<=.)\+.*$/, '')
  const domain = lower.slice(at + 1)
  const mailbox = DOTLESS.has(domain) ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`
  return createHmac('sha256', secret).update(`mailbox ${mailbox}`).digest('hex')
}
