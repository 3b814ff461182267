import PostalMime from 'postal-mime'
import { PermanentError } from '../../../errors.ts'
import { linkOf } from '../../reading/fields.ts'

/** A page that a browser saved in one file: a message with the page, its images and styles as parts (RFC 2557). */
export interface SavedPage {
  html: string
  /** The address and time of saving, if the file has both. */
  address: string | undefined
  savedAt: Date | undefined
}

const HEADER = /^(?:[\w-]{1,100}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n)*){1,50}/i

/** `head` is the decoded beginning of a file. */
export function isMhtml(head: string): boolean {
  const header = HEADER.exec(head.trimStart().slice(0, 20_000))?.[0] ?? ''
  return (
    /^MIME-Version:/im.test(header) && /^Content-Type:\s*(?:multipart\/related|text\/html)\b/im.test(header)
  )
}

/** @throws PermanentError if the message holds no page. */
export async function parseMhtml(body: Buffer): Promise<SavedPage> {
  const mail = await PostalMime.parse(body).catch((error: unknown) => {
    throw new PermanentError(
      'expected a saved page (MHTML), got a message that cannot be read; save it again',
      { cause: error },
    )
  })
  if (!mail.html)
    throw new PermanentError(
      'expected a saved page (MHTML), got a message without an HTML part; save it again',
    )
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value
  const address = linkOf(header('snapshot-content-location') ?? header('content-location'))
  const savedAt = new Date(mail.date ?? Number.NaN)
  const isKnown = address !== undefined && !Number.isNaN(savedAt.getTime())
  return { html: mail.html, address: isKnown ? address : undefined, savedAt: isKnown ? savedAt : undefined }
}
