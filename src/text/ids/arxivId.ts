import { decodeDelimiters } from './delimiters.ts'

/** arXiv ids in any spelling. Every pattern here takes linear time: repetitions are bounded or cannot overlap. */

export interface ArxivId {
  /** Canonical, without version and subject class: `2401.00001` or `hep-th/9901001`. */
  id: string
  version?: number
  /** The id had lost zeros to a floating-point number. */
  repaired?: true
}

/** Archives that gave out ids before April 2007 (arxiv.org/archive). */
const OLD_ARCHIVES = new Set(
  (
    'acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs ' +
    'dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics ' +
    'plasm-ph q-alg q-bio quant-ph solv-int supr-con'
  ).split(' '),
)

/** Both id schemes (arxiv.org/help/arxiv_identifier), and numbers that may have been one before they lost zeros. */
const NEW_ID = /(\d{3,4})\.(\d{1,5})(?:v([1-9]\d{0,2}))?(?![\p{L}\p{N}_]|\.\d)/uy
const OLD_ID =
  /([a-z]{1,8}(?:-[a-z]{2,4})?)(?:\.[a-z]{2,5}(?:-[a-z]{2,4})?)?\/(\d{7})(?:v([1-9]\d{0,2}))?(?![\p{L}\p{N}_])/iuy

/** What stands before an id wherever it is written as one, and how many digits of a damaged one must then be left. */
const MARKERS: { pattern: RegExp; leastDigits: number }[] = [
  { pattern: /(?<![\w-])arxiv\.org\/(?:abs|pdf|html|format|ps|e-print|src)\//gi, leastDigits: 1 },
  { pattern: /(?<![\w-])xxx\.lanl\.gov\/(?:abs|pdf)\//gi, leastDigits: 1 },
  { pattern: /(?<![\w-])ar5iv(?:\.labs\.arxiv)?\.org\/(?:abs|html|pdf)\//gi, leastDigits: 1 },
  { pattern: /(?<![\w-])alphaxiv\.org\/(?:abs|overview|pdf|html)\//gi, leastDigits: 1 },
  { pattern: /(?<![\w-])oai:arxiv\.org:/gi, leastDigits: 1 },
  { pattern: /(?<![\d.])10\.48550\/arxiv\./gi, leastDigits: 1 },
  {
    pattern: /(?<![\w-])(?:huggingface\.co|hf\.co)\/(?:(?:api|social-thumbnails)\/)?papers\//gi,
    leastDigits: 1,
  },
  { pattern: /(?:^|[?&]next=)\/papers\//gi, leastDigits: 1 },
  // Semantic Scholar, SciRate, papers.cool and others that show papers under arXiv's ids
  { pattern: /(?<=\w\/)arxiv[:/]/gi, leastDigits: 3 },
  { pattern: /(?<![\p{L}\p{N}_/-])arxiv\s{0,2}[:./]?\s{0,2}(?:abs\/)?/giu, leastDigits: 3 },
]

/** Most links are these. Its ids need no search through the markers, of which the first stands in it. */
const ABSTRACT_PAGE = /^https?:\/\/(?:www\.)?arxiv\.org\/(?:abs|pdf)\//

/** Every marker has one of these; most texts and links have none. */
const MARKED = /xiv|papers\/|lanl\.gov/i

/** The whole text is an id, perhaps in brackets, as a file's name, or with its category behind it. */
const BARE = /^[\s"'([{<]*(?:\/?(?:abs|pdf|html|format|papers)\/)?/i
const BARE_END =
  /^(?:\.pdf)?(?:\s{0,5}[[(][a-z]{1,8}(?:-[a-z]{2,4})?(?:\.[a-z]{2,5}(?:-[a-z]{2,4})?)?[\])])?[\s"')\]}>.,;:\u200b\u200e\ufeff]*$/i

/**
 * The arXiv id that a text is, or that stands in it marked as one: bare, with `arXiv:` or `oai:` before it, in links to
 * arXiv, Hugging Face Papers and their mirrors (percent-encoded too), as DOI. Undefined if there is none; a number
 * that only looks like an id (month 13, too many digits, inside a longer number) is none.
 */
export function parseArxivId(text: string): ArxivId | undefined {
  if (text === '') return undefined
  const plain = decodeDelimiters(text)
  const page = ABSTRACT_PAGE.exec(plain)
  const linked = page === null ? undefined : readIdAt(plain, page[0].length, 1)
  if (linked) return linked.id
  for (const { pattern, leastDigits } of MARKED.test(plain) ? MARKERS : []) {
    for (const match of plain.matchAll(pattern)) {
      const found = readIdAt(plain, match.index + match[0].length, leastDigits)
      if (found) return found.id
    }
  }
  const start = BARE.exec(plain)?.[0].length ?? 0
  const bare = readIdAt(plain, start, 3)
  return bare && BARE_END.test(plain.slice(bare.end)) ? bare.id : undefined
}

/** Reads an id at an offset. `leastDigits`: how many digits behind the point a damaged one must still have. */
function readIdAt(text: string, at: number, leastDigits: number): { id: ArxivId; end: number } | undefined {
  NEW_ID.lastIndex = at
  const fresh = NEW_ID.exec(text)
  const id = fresh ? newId(fresh, leastDigits) : undefined
  if (id) return { id, end: NEW_ID.lastIndex }
  OLD_ID.lastIndex = at
  const old = OLD_ID.exec(text)
  const oldStyle = old ? oldId(old) : undefined
  return oldStyle && { id: oldStyle, end: OLD_ID.lastIndex }
}

/**
 * An id since April 2007: four digits behind the point up to 2014, five since. A floating-point number keeps neither
 * the zeros at its end nor the one in front, and only these: where digits are missing there is one way to fill them.
 */
function newId(match: RegExpExecArray, leastDigits: number): ArxivId | undefined {
  const month = match[1]!.padStart(4, '0')
  const digits = month < '1501' ? 4 : 5
  const serial = match[2]!.padEnd(digits, '0')
  const damaged = match[1]!.length < 4 || match[2]!.length < digits
  if (!isMonth(month) || month < '0704' || month > '4912' || serial.length > digits || /^0+$/.test(serial))
    return undefined
  if (damaged && (match[3] !== undefined || match[2]!.length < leastDigits)) return undefined
  return { id: `${month}.${serial}`, ...versionOf(match[3]), ...(damaged ? { repaired: true } : {}) }
}

/** An id from July 1991 to March 2007. Its subject class was never needed to tell papers apart, so it goes. */
function oldId(match: RegExpExecArray): ArxivId | undefined {
  const archive = match[1]!.toLowerCase()
  const number = match[2]!
  const month = number.slice(0, 4)
  const inUse = month >= '9107' ? month <= '9912' : month <= '0703'
  if (!OLD_ARCHIVES.has(archive) || !isMonth(month) || !inUse || number.endsWith('000')) return undefined
  return { id: `${archive}/${number}`, ...versionOf(match[3]) }
}

function isMonth(yymm: string): boolean {
  const month = Number(yymm.slice(2))
  return month >= 1 && month <= 12
}

function versionOf(digits: string | undefined): { version?: number } {
  return digits === undefined ? {} : { version: Number(digits) }
}
