import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Mail } from './message.ts'

const require = createRequire(import.meta.url)
/** Quoted-printable and encoded words of nodemailer, which has no types for them as ES modules. */
const qp: { encode(text: string): string; wrap(text: string, length: number): string } =
  require('nodemailer/lib/qp')
const words: {
  encodeWords(text: string, encoding: 'B', length: number): string
} = require('nodemailer/lib/mime-funcs')

/** A field of a mail's header: its name, and its value as it is sent, folded if it is long. */
export type HeaderField = readonly [name: string, value: string]

/** A mail as it is sent, a character for each byte, with CRLF, but not signed yet. All but `To` is ASCII. */
export interface EncodedMail {
  header: HeaderField[]
  body: string
}

/** RFC 5322 §2.1.1: the length that lines should keep to, and the length that they must keep to. */
const GOOD_LINE = 76
const LONGEST_LINE = 990

/**
 * Writes a mail as multipart/alternative, the text first (RFC 2046 §5.1.4). Parts that are ASCII with short lines are
 * sent as they are. Everything is made once, as one string, because encoding is most of the work of sending.
 */
export function encodeMail(mail: Mail): EncodedMail {
  // No part can contain the boundary: it is made from a keyed hash that only this mail carries.
  const boundary = `=_${createHash('sha256').update(mail.messageId).digest('hex').slice(0, 32)}`
  return {
    header: [
      ['From', mailbox(mail.from)],
      // RFC 6532: as UTF-8, where the address has other letters. Here each byte is one character.
      ['To', Buffer.from(mail.to.address, 'utf8').toString('latin1')],
      ['Subject', encodeText(mail.subject, 'Subject: '.length)],
      ['Date', mail.date.toUTCString().replace('GMT', '+0000')],
      ['Message-ID', mail.messageId],
      ...Object.entries(mail.headers),
      ['MIME-Version', '1.0'],
      ['Content-Type', `multipart/alternative; boundary="${boundary}"`],
    ],
    body: `--${boundary}\r\n${part('plain', mail.text)}--${boundary}\r\n${part('html', mail.html)}--${boundary}--\r\n`,
  }
}

/** The header as it is sent, with the empty line that ends it. */
export function writeHeader(fields: readonly HeaderField[]): string {
  let text = ''
  for (const [name, value] of fields) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}

function mailbox({ name, address }: Mail['from']): string {
  if (name === '') return address
  if (/^[\w!#$%&'*+/=^`{|}~-]+(?: [\w!#$%&'*+/=^`{|}~-]+)*$/.test(name)) return `${name} <${address}>`
  const isPlain = /^[\x20-\x7E]*$/.test(name) && !name.includes('=?')
  const phrase = isPlain ? `"${name.replace(/["\\]/g, '\\$&')}"` : words.encodeWords(name, 'B', 52)
  return `${phrase} <${address}>`
}

/** Unstructured text of a header: encoded words (RFC 2047) if it is not ASCII, folded between words. */
function encodeText(text: string, taken: number): string {
  const encoded = /^[\x20-\x7E]*$/.test(text) ? text : words.encodeWords(text, 'B', 52)
  return fold(encoded, taken)
}

function fold(text: string, taken: number): string {
  const lines: string[] = []
  let line = ''
  let room = GOOD_LINE - taken
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
      room = GOOD_LINE - 1
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\r\n ')
}

function part(subtype: 'plain' | 'html', content: string): string {
  const whole = content.endsWith('\n') ? content : `${content}\n`
  const isPlain = isShortAscii(whole)
  const encoding = isPlain ? '7bit' : 'quoted-printable'
  const encoded = (isPlain ? whole : quotedPrintable(whole)).replaceAll('\n', '\r\n')
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}`
}

/** Such text can be sent as it is. Lines that begin with a dot or `From ` are changed by some mail servers. */
function isShortAscii(text: string): boolean {
  if (!/^[\n\x20-\x7E]*$/.test(text) || /^(?:\.|From )/m.test(text)) return false
  for (let from = 0, end = text.indexOf('\n'); end >= 0; from = end + 1, end = text.indexOf('\n', from)) {
    if (end - from > LONGEST_LINE) return false
  }
  return true
}

/** RFC 2045 §6.7, line by line: most lines need no encoding. */
function quotedPrintable(text: string): string {
  return text
    .split('\n')
    .map((line) => (isQuotable(line) ? line : qp.wrap(qp.encode(line), GOOD_LINE).replaceAll('\r', '')))
    .join('\n')
    .replace(/^\./gm, '=2E')
    .replace(/^From /gm, '=46rom ')
}

function isQuotable(line: string): boolean {
  return line.length <= GOOD_LINE && /^[\x20-\x3C\x3E-\x7E]*$/.test(line) && !line.endsWith(' ')
}
