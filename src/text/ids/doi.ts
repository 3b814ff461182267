import { decodeEntities } from '../entities.ts'
import { decodeDelimiters } from './delimiters.ts'

/** DOIs in any spelling. Syntax: DOI Handbook §2.2. */

/** A DOI in a text, and what of the text stands behind it. */
export interface FoundDoi {
  /** Lower case, without resolver. */
  doi: string
  /** In a link the address ends where the DOI's path does; what follows it is not behind the DOI. */
  behind: string
}

const DOI = /(?<![\p{L}\p{N}.])10\.\d{4,9}(?:\.\d{1,9}){0,3}\/[^\s"\u0000-\u001F\u200B-\u200F\uFEFF]+/gu
/** A prefix alone is no DOI. */
const NAMED = /^10\.[\d.]+\/.*[\p{L}\p{N}]/u
/** The longest registered ones have about 200 characters. */
const MAX_DOI = 500
const ARXIV_DOI = /^10\.48550\/arxiv\./
/** Encoded, they belong to the DOI; plain, they end the address before them. */
const QUERY_OR_FRAGMENT = ['3f', '23']

/**
 * The first DOI in a text, lower case and without resolver: bare, with `doi:` before it, in a link or its query
 * (percent-encoded too), with punctuation or markup behind it. Undefined if there is none. DOIs that arXiv gives
 * out are skipped: parseArxivId reads them.
 */
export function parseDoi(text: string): string | undefined {
  return findDoi(text)?.doi
}

/** The first DOI in a text, as parseDoi gives it, and what stands behind it. */
export function findDoi(text: string): FoundDoi | undefined {
  if (!text.includes('10.')) return undefined
  const decoded = decodeDelimiters(text.includes('&') ? decodeEntities(text) : text, QUERY_OR_FRAGMENT)
  for (const match of decoded.matchAll(DOI)) {
    const whole = match[0]
    const written = cutAtEnd(whole, decoded[match.index - 1])
    const doi = settled(canonical(written.text, written.isLink))
    if (!NAMED.test(doi) || doi.length > MAX_DOI || ARXIV_DOI.test(doi)) continue
    const rest = whole.slice(written.text.length).replace(written.isLink ? /^[?#&].*/s : '', '')
    return { doi, behind: rest + decoded.slice(match.index + whole.length) }
  }
  return undefined
}

/** Another DOI in the same word. */
const NEXT_DOI = /[,;](?=(?:doi:)?10\.\d{4})/i
/** `</a>`, `<br/>`, `<b>`. In a SICI a page and `::` follow the bracket: `<417::AID-JCLP4>3.0.CO;2-#`. */
const TAG = /<\/[a-z]|<[a-z][a-z0-9]{0,9}(?=\/?>|$)/i

/** Cuts off what begins behind a DOI without a space between: the query of a link, another DOI, markup. */
function cutAtEnd(text: string, before: string | undefined): { text: string; isLink: boolean } {
  const isPath = before === '/'
  const isQuery = before === '='
  const ends = [text.search(NEXT_DOI), text.search(TAG), unopenedBracket(text)]
  if (isPath) ends.push(text.search(/[?#]/))
  if (isQuery) ends.push(text.search(/[&#]/))
  const end = Math.min(...ends.filter((at) => at >= 0), text.length)
  return { text: text.slice(0, end), isLink: isPath || isQuery }
}

/** The offset of a `>` before which no `<` stands; -1 without. */
function unopenedBracket(text: string): number {
  const close = text.indexOf('>')
  const open = text.indexOf('<')
  return close >= 0 && (open < 0 || close < open) ? close : -1
}

/** What publishers put behind the DOI in the path of an address. */
const PAGE =
  /\/(?:abstract|full|fulltext(?:\.html)?|summary|references|suppl(?:ementary)?|e?pdf|ampdf|pdfplus|html|xml|meta)$/
const FILE = /(?:\.(?:full|abstract|short|long))?\.(?:pdf|html?|xml|epub)$|\.(?:full|abstract)$/
/** Oxford University Press puts the number of the article behind the DOI. */
const OXFORD_ARTICLE = /^(10\.1093\/[a-z_]+\/[a-z0-9.]+)\/\d{5,9}$/
/** bioRxiv and medRxiv have one DOI for all versions. Other preprint servers have one for each. */
const BIORXIV_VERSION = /^(10\.(?:1101|64898)\/.*\d)v\d{1,3}(?![a-z\d]).*$/
const BIORXIV_PAGE =
  /^(10\.(?:1101|64898)\/(?:\d{4}\.\d\d\.\d\d\.)?\d{5,9})\.(?:full|abstract|article|supplementary).*$/

function canonical(written: string, isLink: boolean): string {
  const doi = trimEnd(decodeDelimiters(written))
    .toLowerCase()
    .replace(/\.pdf$/, '')
  const page = isLink ? trimEnd(doi.replace(PAGE, '').replace(FILE, '')).replace(OXFORD_ARTICLE, '$1') : doi
  return doi.startsWith('10.1101/') || doi.startsWith('10.64898/')
    ? page.replace(BIORXIV_VERSION, '$1').replace(BIORXIV_PAGE, '$1')
    : page
}

/** Cuts until nothing is left to cut: the end of a sentence may hide a tag (`10.1145/3.<b?`). */
function settled(doi: string): string {
  const shorter = canonical(cutAtEnd(doi, undefined).text, false)
  return shorter === doi ? doi : settled(shorter)
}

const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{', '>': '<' }

/** Takes off what belongs to the sentence around a DOI: punctuation, slashes, brackets that the DOI did not open. */
function trimEnd(doi: string): string {
  if (/[a-z0-9]$/i.test(doi)) return doi
  const surplus = new Map<string, number>()
  for (const [close, open] of Object.entries(OPENING))
    surplus.set(close, count(doi, close) - count(doi, open))
  let end = doi.length
  for (;;) {
    const last = doi[end - 1] ?? ''
    const left = surplus.get(last)
    if (left !== undefined && left > 0) surplus.set(last, left - 1)
    else if (!/[.,;:!?'’”…*/]/.test(last)) break
    end -= 1
  }
  return doi.slice(0, end)
}

function count(text: string, char: string): number {
  return text.split(char).length - 1
}
