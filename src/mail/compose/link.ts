import { PermanentError } from '../../errors.ts'
import { displayLine } from '../../text/displayLine.ts'
import { parseUrl } from '../../text/parseUrl.ts'

/** The name of this site in mails and pages. */
export const SITE_NAME = 'Paperboy'

/** A mail has up to fifty links. With longer addresses it would grow beyond its size limit. */
const MAX_LINK = 600

/** The address in the URL standard's spelling (ASCII, escaped) if it is plain http(s), without user name; else undefined. */
export function httpUrl(text: string | undefined): string | undefined {
  const url = text === undefined ? undefined : parseUrl(text)
  if (url === undefined) return undefined
  const isPlain =
    (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  return isPlain && url.href.length <= MAX_LINK ? url.href : undefined
}

/**
 * The same for a link a mail cannot do without.
 * @throws PermanentError naming the link.
 */
export function requiredHttpUrl(text: string, name: string): string {
  const url = httpUrl(text)
  if (url !== undefined) return url
  throw new PermanentError(
    `${name}: expected an http(s) address of at most ${MAX_LINK} characters, got ${JSON.stringify(text.slice(0, 80))}; check PUBLIC_URL`,
  )
}

/** The site of a link that `httpUrl` gave, for its label: `arxiv.org`. */
export function siteOf(url: string): string {
  return new URL(url).host.replace(/^www\./, '')
}

/** The name of a site as text of a mail. */
export function siteNameOf(text: string): string {
  return displayLine(text, 60) || SITE_NAME
}

/** The page of a paper at arXiv, by its id without version. */
export function arxivUrl(arxivId: string): string {
  return `https://arxiv.org/abs/${arxivId}`
}

/** Where a DOI leads. */
export function doiUrl(doi: string): string {
  return `https://doi.org/${encodeURI(doi)}`
}
