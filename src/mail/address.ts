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

/**
 * RFC 5322 §3.2.3 dot-atom: no quoted local parts, no comments. Beyond ASCII (RFC 6531 §3.3) letters, marks and numbers only: no
 * signs that look like others, or like nothing.
 */
const DOT_ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Characters that no host name has and that `domainToASCII` would silently remove or decode. */
const NOT_IN_DOMAIN = /[\p{Cc}\p{Cf}\s%/\\?#:@[\]<>(),;"]/u

/**
 * Exactly one mailbox address of RFC 5321, strictly: a dot-atom, `@`, and a domain name of two labels or more. An
 * international domain comes back as A-labels (IDNA), the domain in lower case, the local part untouched but for its Unicode
 * form (NFC). Whether mail can be sent to letters beyond ASCII before the @ depends on the mail server: `needsUtf8`.
 * Undefined for anything else: lists, display names, quoted local parts, address literals, control characters.
 */
export function parseAddress(text: string): string | undefined {
  const address = toMailbox(text)
  return address === undefined || !domainOf(address).includes('.') ? undefined : address
}

/** Whether only a mail server with SMTPUTF8 (RFC 6531) takes this address. */
export function needsUtf8(address: string): boolean {
  return /[^\x00-\x7F]/.test(address)
}

/**
 * Reads `Name <address>` or a bare address; the sender may be at a single-label domain such as `localhost`.
 * @throws PermanentError when no address is found.
 */
export function parseSender(text: string): Sender {
  const match = /^("(?:[^"\\]|\\.)*"\s*|[^<>]*)<([^<>]+)>\s*$/.exec(text)
  const address = toMailbox(match?.[2] ?? text)
  if (address === undefined || needsUtf8(address)) {
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
  if (local !== '' && domain !== '' && !domain.includes('.')) {
    return `Expected a whole domain after the @, such as example.org, got “${domain.slice(0, 60)}”.`
  }
  return 'Expected one mail address such as name@example.org; check for typing mistakes.'
}

/** What people are told where the mail server takes no such address. */
export const NO_UTF8 =
  'The mail server of this site takes no addresses with other letters than a to z before the @ (SMTPUTF8); expected another address.'

/** Keyboards for Chinese and Japanese write the sign full-width. */
function withAsciiAt(text: string): string {
  return text.replace('\uFF20', '@')
}

function toMailbox(text: string): string | undefined {
  const trimmed = withAsciiAt(text.trim())
  const at = trimmed.indexOf('@')
  if (at < 1 || trimmed.length > 4 * MAX_ADDRESS) return undefined
  const local = trimmed.slice(0, at).normalize('NFC')
  const domain = toDomain(trimmed.slice(at + 1))
  if (domain === undefined || Buffer.byteLength(local) > MAX_LOCAL_PART || !isLocalPart(local, domain))
    return undefined
  const address = `${local}@${domain}`
  return Buffer.byteLength(address) > MAX_ADDRESS ? undefined : address
}

/**
 * Mobile carriers in Japan gave out addresses with dots where RFC 5321 allows none. Their mail servers accept these
 * unquoted.
 */
const DOTS_ANYWHERE = new Set(['docomo.ne.jp', 'ezweb.ne.jp'])

function isLocalPart(local: string, domain: string): boolean {
  // Full-width letters, ligatures and the like: other spellings of an address that was meant without them.
  if (local !== local.normalize('NFKC')) return false
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
