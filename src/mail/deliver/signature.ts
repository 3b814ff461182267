import { createHash, type KeyObject, sign } from 'node:crypto'
import type { EncodedMail, HeaderField } from '../compose/mime.ts'

/** A key that signs mail, and the name of its public half in the DNS. */
export interface DkimKey {
  domainName: string
  keySelector: string
  /** A key object signs in a quarter of the time that the PEM text takes. */
  privateKey: KeyObject
}

/** The fields that a signature covers (RFC 6376 §5.4). RFC 8058 §4 requires both List-Unsubscribe fields. */
const SIGNED = new Set([
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
  'auto-submitted',
  'precedence',
])

/** Named once more than they occur (RFC 6376 §8.15), so that nobody can add a second one to a signed mail. */
const ONLY_ONCE = ['from', 'to', 'subject', 'date', 'reply-to']

/**
 * Makes a DKIM-Signature field for each key (RFC 6376, relaxed/relaxed, rsa-sha256). The threads of the process's pool
 * sign, so that other mails go on meanwhile.
 * @throws if a key cannot sign.
 */
export async function signaturesOf(
  { header, body }: EncodedMail,
  keys: readonly DkimKey[],
): Promise<HeaderField[]> {
  if (keys.length === 0) return []
  const signed = header.filter(([name]) => SIGNED.has(name.toLowerCase()))
  // Verifiers take the last field of a name first. There is one of each, so the order needs no care.
  const names = [...signed.map(([name]) => name.toLowerCase()), ...ONLY_ONCE].join(':')
  const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')
  const canonical = signed.map(relaxedField).join('')
  return Promise.all(
    keys.map(async ({ domainName, keySelector, privateKey }) => {
      const field: HeaderField = [
        'DKIM-Signature',
        `v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domainName}; s=${keySelector};\r\n h=${folded(names, /.{1,70}(?::|$)/g)};\r\n bh=${bodyHash};\r\n b=`,
      ]
      // The field's own CRLF is not signed (§3.7).
      const signature = await signText(canonical + relaxedField(field).slice(0, -2), privateKey)
      return [field[0], field[1] + folded(signature, /.{1,72}/g)] as const
    }),
  )
}

function folded(text: string, pieces: RegExp): string {
  return text.match(pieces)!.join('\r\n ')
}

/** §3.4.2: the name in lower case, the value on one line, with one space for each run of white space. */
function relaxedField([name, value]: HeaderField): string {
  return `${name.toLowerCase()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}\r\n`
}

const UNRELAXED = /[ \t](?:[ \t]|\r\n)|\t/

/** §3.4.4: one space for each run, none at the end of a line, no empty lines at the end. */
function relaxedBody(body: string): string {
  const relaxed = UNRELAXED.test(body) ? body.replace(/[ \t]+/g, ' ').replace(/ \r\n/g, '\r\n') : body
  return relaxed.endsWith('\r\n\r\n') ? relaxed.replace(/(?:\r\n)+$/, '\r\n') : relaxed
}

function signText(text: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(text, 'latin1'), key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    )
  })
}
