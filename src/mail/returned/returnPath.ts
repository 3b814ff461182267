import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a mail that comes back to such an address is about: a digest or a letter (confirmation, preferences) that could
 * not be delivered, or the wish of its receiver to get no more (the `mailto:` of List-Unsubscribe).
 */
export type ReturnKind = 'digest' | 'letter' | 'unsubscribe'

export interface ReturnTarget {
  kind: ReturnKind
  /** Of the digest; for the other kinds of the subscriber. */
  id: number
}

/** What signs return paths, and where they lead. */
export interface ReturnPathKey {
  /** BOUNCE_ADDRESS: `bounces@digest.example.org`. */
  bounceAddress: string
  secret: string
}

const KINDS: readonly ReturnKind[] = ['digest', 'letter', 'unsubscribe']
const MAC_BYTES = 10
const TARGET_BYTES = 7
/** 17 bytes in base32, without padding. */
const TOKEN = '[a-z2-7]{28}'

/**
 * The return path of one mail (VERP): `bounces+TOKEN@digest.example.org`. The token is opaque, in letters and digits
 * that survive a change of case, and holds for this target and recipient only: nobody can make one for somebody else,
 * and a bounce of an address that the subscriber has given up says nothing about their new one.
 * (Synthetic IV as in RFC 5297: the truncated MAC is the proof and hides the target.)
 */
export function returnPathOf(target: ReturnTarget, recipient: string, key: ReturnPathKey): string {
  const plain = Buffer.alloc(TARGET_BYTES)
  plain[0] = KINDS.indexOf(target.kind)
  plain.writeUIntBE(target.id, 1, 6)
  const mac = macOf(plain, recipient, key.secret)
  const token = toBase32(Buffer.concat([mac, masked(plain, mac, key.secret)]))
  const at = key.bounceAddress.lastIndexOf('@')
  return `${key.bounceAddress.slice(0, at)}+${token}${key.bounceAddress.slice(at)}`
}

/**
 * The addresses to which a mail comes back, and at which one unsubscribes by mail. None where BOUNCE_ADDRESS is not set.
 */
export function returnAddressesOf(
  target: { kind: 'digest' | 'letter'; id: number },
  subscriber: { id: number; email: string },
  key: { bounceAddress: string | undefined; secret: string },
): { returnPath?: string; unsubscribeAddress?: string } {
  const { bounceAddress, secret } = key
  if (bounceAddress === undefined) return {}
  const addressOf = (wanted: ReturnTarget) =>
    returnPathOf(wanted, subscriber.email, { bounceAddress, secret })
  return {
    returnPath: addressOf(target),
    unsubscribeAddress: addressOf({ kind: 'unsubscribe', id: subscriber.id }),
  }
}

/** A token that was found. Whether it is genuine shows only once the recipient of the mail is known. */
export interface FoundToken {
  target: ReturnTarget
  isFor(recipient: string): boolean
}

/** Reads the token of a return path; undefined if the address is none of ours. */
export function readReturnPath(address: string, key: ReturnPathKey): FoundToken | undefined {
  const token = new RegExp(`^${addressPattern(key.bounceAddress)}$`, 'i').exec(address.trim())?.[1]
  return token === undefined ? undefined : readToken(token, key.secret)
}

const MOST_TOKENS = 20

/** Finds the return paths that are quoted anywhere in a text, such as a report that includes the original mail. */
export function findReturnPaths(text: string, key: ReturnPathKey): FoundToken[] {
  const pattern = new RegExp(`(?<![\\w.+-])${addressPattern(key.bounceAddress)}(?![\\w.-]*\\w)`, 'gi')
  const tokens = new Set(Array.from(text.matchAll(pattern), ([, token = '']) => token.toLowerCase()))
  return [...tokens].slice(0, MOST_TOKENS).flatMap((token) => readToken(token, key.secret) ?? [])
}

/** Whether the address is BOUNCE_ADDRESS itself, without a token, where complaints may be sent. */
export function isBounceAddress(address: string, key: ReturnPathKey): boolean {
  return address.trim().toLowerCase() === key.bounceAddress.toLowerCase()
}

function addressPattern(bounceAddress: string): string {
  const at = bounceAddress.lastIndexOf('@')
  const [local, domain] = [bounceAddress.slice(0, at), bounceAddress.slice(at)].map(escaped)
  return `${local}\\+(${TOKEN})${domain}`
}

function escaped(text: string): string {
  return text.replace(/[^\w@-]/g, '\\$&')
}

function readToken(token: string, secret: string): FoundToken | undefined {
  const bytes = fromBase32(token.toLowerCase())
  const mac = bytes.subarray(0, MAC_BYTES)
  const plain = masked(bytes.subarray(MAC_BYTES), mac, secret)
  const kind = KINDS[plain[0]!]
  if (kind === undefined) return undefined
  return {
    target: { kind, id: plain.readUIntBE(1, 6) },
    isFor: (recipient) => timingSafeEqual(mac, macOf(plain, recipient, secret)),
  }
}

function macOf(plain: Buffer, recipient: string, secret: string): Buffer {
  const mac = createHmac('sha256', secret)
    .update('return path ')
    .update(plain)
    .update(recipient.toLowerCase())
  return mac.digest().subarray(0, MAC_BYTES)
}

function masked(bytes: Buffer, mac: Buffer, secret: string): Buffer {
  const mask = createHmac('sha256', secret).update('return path mask ').update(mac).digest()
  return Buffer.from(bytes.map((byte, index) => byte ^ mask[index]!))
}

/** RFC 4648 §6 in lower case. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

function toBase32(bytes: Buffer): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
