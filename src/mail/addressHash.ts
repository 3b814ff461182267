import { createHmac } from 'node:crypto'
import { parseAddress } from './address.ts'

/**
 * The keyed hash under which an address is suppressed: HMAC-SHA-256, hex. It outlives the subscriber's deletion and
 * does not give the address away. Spellings of one mailbox (case, white space, IDN) have one hash.
 */
export function addressHash(address: string, secret: string): string {
  const normalised = (parseAddress(address) ?? address.trim()).toLowerCase()
  return createHmac('sha256', secret).update(normalised).digest('hex')
}
