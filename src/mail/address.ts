import { domainToASCII } from 'node:url'
import { PermanentError } from '../errors.ts'
import { cleanLine, shorten } from '../text/displayLine.ts'

/** Who a mail comes from, as set by MAIL_FROM. `name` is for display and may be empty. */
export interface Sender {
  name: string
  address: string
}

/** Limits in octets (RFC 5321 §4.5.3.1): the local part, the domain, and the whole address. */
const MAX_LOCAL_PART = 64
const MAX_DOMAIN = 253
const MAX_ADDRESS = 254

/** RFC 5322 §3.2.3 dot-atom, ASCII only: no quoted local parts, no comments. */
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Characters that no host name has and that `domainToASCII` would silently remove or decode. */
const NOT_IN_DOMAIN = /[\p{Cc}\p{Cf}\s%/\\?#:@[\]<>(),;"]/u

/**
 * Exactly one mailbox address of RFC 5321, strictly: an ASCII dot-atom, `@`, and a domain name of two labels or more.
 * An international domain comes back as A-labels (IDNA), the domain in lower case, the local part untouched.
 * Undefined for anything else: lists, display names, quoted local parts, address literals, control characters.
 */
export function parseAddress(text: string): string | undefined {
  const address = toMailbox(text)
  return address === undefined || !domainOf(address).includes('.') ? undefined : address
}

/**
 * Reads `Name <address>` or a bare address; the sender may be at a single-label domain such as `localhost`.
 * @throws PermanentError when no address is found.
 */
export function parseSender(text: string): Sender {
  const match = /^("(?:[^"\\]|\\.)*"\s*|[^<>]*)<([^<>]+)>\s*$/.exec(text)
  const address = toMailbox(match?.[2] ?? text)
  if (address === undefined) {
    throw new PermanentError(
      `MAIL_FROM: expected "Name <address>", got ${JSON.stringify(text.slice(0, 100))}; correct it in the environment`,
    )
  }
  return { name: shorten(unquoted(cleanLine(match?.[1] ?? '')), 64), address }
}

/** The domain of an address that `parseAddress` or `parseSender` gave. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** RFC 5322 §3.2.4: a quoted string without its quotes and backslashes. */
function unquoted(name: string): string {
  const quoted = /^"(.*)"$/.exec(name)?.[1]
  return quoted === undefined ? name : quoted.replace(/\\(.)/g, '$1')
}

/**
 * Tells the person who typed a text why no mail can be sent to it: which form is not supported, or else what is
 * missing.
 */
export function addressProblem(text: string): string {
  const [, local = '', domain = ''] = /^([^@]*)@([^@]*)$/.exec(withAsciiAt(text.trim())) ?? []
  if (local !== '' && /[^\x00-\x7F]/.test(local)) {
    return 'Mail to addresses with other letters than a to z before the @ is not supported; expected another address.'
  }
  if (local !== '' && domain !== '' && !domain.includes('.')) {
    return `Expected a whole domain after the @, such as example.org, got “${domain.slice(0, 60)}”.`
  }
  return 'Expected one mail address such as name@example.org; check for typing mistakes.'
}

/** Keyboards for Chinese and Japanese write the sign full-width. */
function withAsciiAt(text: string): string {
  return text.replace('\uFF20', '@')
}

function toMailbox(text: string): string | undefined {
  const trimmed = withAsciiAt(text.trim())
  const at = trimmed.indexOf('@')
  if (at < 1 || trimmed.length > 4 * MAX_ADDRESS) return undefined
  const local = trimmed.slice(0, at)
  const domain = toDomain(trimmed.slice(at + 1))
  if (domain === undefined || local.length > MAX_LOCAL_PART || !isLocalPart(local, domain)) return undefined
  const address = `${local}@${domain}`
  return address.length > MAX_ADDRESS ? undefined : address
}

/**
 * Mobile carriers in Japan gave out addresses with dots where RFC 5321 allows none. Their mail servers accept these
 * unquoted.
 */
const DOTS_ANYWHERE = new Set(['docomo.ne.jp', 'ezweb.ne.jp'])

function isLocalPart(local: string, domain: string): boolean {
  if (DOT_ATOM.test(local)) return true
  return DOTS_ANYWHERE.has(domain) && DOT_ATOM.test(local.replace(/\.+$/, '').replace(/\.{2,}/g, '.'))
}

function toDomain(text: string): string | undefined {
  if (text === '' || NOT_IN_DOMAIN.test(text)) return undefined
  const domain = domainToASCII(text)
  if (domain === '' || domain.length > MAX_DOMAIN) return undefined
  const labels = domain.split('.')
  // The URL standard reads a domain that ends in a number as an IPv4 address. It is never a mail domain.
  const isName = labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
  return isName ? domain : undefined
}
