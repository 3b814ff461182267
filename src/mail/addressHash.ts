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
