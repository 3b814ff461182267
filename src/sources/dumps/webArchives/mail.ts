import PostalMime from 'postal-mime'
import { PermanentError } from '../../../errors.ts'

const HEADER = /^(?:[\w-]{1,100}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n)*){2,100}(?=\n)/i

/**
 * Whether a file is a mail whose text must be decoded first. A mail in plain text is read as it stands. `head` is the
 * decoded beginning of the file.
 */
export function isEncodedMail(head: string): boolean {
  const header = HEADER.exec(head.trimStart().slice(0, 50_000))?.[0] ?? ''
  return (
    /^(?:From|Subject):/im.test(header) &&
    (/^Content-Transfer-Encoding:\s*(?:quoted-printable|base64)\b/im.test(header) ||
      /^Content-Type:\s*multipart\//im.test(header))
  )
}

/** The mail's date and its text, as a mail in plain text has them. @throws PermanentError for a mail without text. */
export async function mailText(body: Buffer): Promise<string> {
  const mail = await PostalMime.parse(body).catch((error: unknown) => {
    throw new PermanentError('expected a mail, got a message that cannot be read; save it again', {
      cause: error,
    })
  })
  const text = mail.text?.replace(/\r\n/g, '\n')
  if (!text) throw new PermanentError('expected a mail with a text, got one without; save its text as a file')
  const header = mail.headers.filter(({ key }) => key === 'date' || key === 'subject')
  return `${header.map(({ originalKey, value }) => `${originalKey}: ${value.replace(/\s+/g, ' ')}\n`).join('')}\n${text}`
}
