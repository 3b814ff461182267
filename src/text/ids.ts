/**
 * The ids under which a paper is known to the world, found in any spelling in which sources write them. Every pattern
 * here takes linear time: repetitions are bounded or cannot overlap.
 */

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
  { pattern: /(?<![\w-])(?:huggingface\.co|hf\.co)\/(?:[\w-]{1,40}\/)?papers\//gi, leastDigits: 1 },
  { pattern: /(?:^|[?&]next=)\/papers\//gi, leastDigits: 1 },
  { pattern: /(?<![\p{L}\p{N}_/-])arxiv\s{0,2}[:./]?\s{0,2}(?:abs\/)?/giu, leastDigits: 3 },
]

/** What nearly all sources give; every marker has letters. */
const NUMBER = /^[\d.]*$/

/** The whole text is an id, perhaps in brackets, as a file's name, or with its category behind it. */
const BARE = /^[\s"'([{<]*(?:\/?(?:abs|pdf|html|format|papers)\/)?/i
const BARE_END =
  /^(?:\.pdf)?(?:\s{0,5}[[(][a-z]{1,8}(?:-[a-z]{2,4})?(?:\.[a-z]{2,5}(?:-[a-z]{2,4})?)?[\])])?[\s"')\]}>.,;:]*$/i

/**
 * The arXiv id that a text is, or that stands in it marked as one: bare, with `arXiv:` or `oai:` before it, in links to
 * arXiv, Hugging Face Papers and their mirrors (percent-encoded too), as DOI. Undefined where there is none; a number
 * that only looks like an id (month 13, too many digits, inside a longer number) is none.
 */
export function parseArxivId(text: string): ArxivId | undefined {
  if (text === '') return undefined
  const plain = decodeDelimiters(text)
  for (const { pattern, leastDigits } of NUMBER.test(plain) ? [] : MARKERS) {
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

const DOI = /(?<![\p{L}\p{N}.])10\.\d{4,9}(?:\.\d{1,9}){0,3}\/[^\s"\u0000-\u001F]+/gu
/** A prefix alone names nobody's paper. */
const NAMED = /^10\.[\d.]+\/.*[\p{L}\p{N}]/u
/** The longest that are registered have about 200 characters. */
const MAX_DOI = 500
const ARXIV_DOI = /^10\.48550\/arxiv\./

/**
 * The first DOI in a text, lower case and without resolver: bare, with `doi:` before it, in a link (percent-encoded
 * too), with punctuation behind it. Undefined where there is none, and for the DOIs that arXiv gives out: those are
 * arXiv ids. Syntax: DOI Handbook §2.2.
 */
export function parseDoi(text: string): string | undefined {
  if (text === '') return undefined
  const decoded = decodeDelimiters(text, QUERY_OR_FRAGMENT)
  for (const match of decoded.matchAll(DOI)) {
    const isLink = decoded[match.index - 1] === '/'
    const doi = isLink ? doiOfLink(match[0]) : doiOfText(match[0])
    if (NAMED.test(doi) && doi.length <= MAX_DOI && !ARXIV_DOI.test(doi)) return doi
  }
  return undefined
}

/** Encoded, they belong to the DOI; as they are, they end the address before them. */
const QUERY_OR_FRAGMENT = ['3f', '23']

function doiOfLink(text: string): string {
  const path = text.split(/[?#]/, 1)[0]!
  return doiOfText(path).replace(/\/(?:abstract|full|e?pdf|html|meta)$/, '')
}

function doiOfText(text: string): string {
  const first = text.split(/[,;](?=(?:doi:)?10\.\d{4})/i, 1)[0]!
  const untagged = decodeDelimiters(first).replace(/<\/?[a-z][^<]{0,40}$/i, '')
  return trimEnd(untagged)
    .replace(/\.pdf$/i, '')
    .toLowerCase()
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

const ENCODED: Record<string, string> = {
  '20': ' ',
  '23': '#',
  '28': '(',
  '29': ')',
  '2c': ',',
  '2f': '/',
  '3a': ':',
  '3b': ';',
  '3c': '<',
  '3d': '=',
  '3e': '>',
  '3f': '?',
  '5b': '[',
  '5d': ']',
}

/** Undoes percent-encoding, once or twice applied, of the delimiters that ids contain; all else stays as it is. */
function decodeDelimiters(text: string, except: readonly string[] = []): string {
  if (!text.includes('%')) return text
  return text.replace(/%(?:25)?([0-9a-f]{2})/gi, (whole, hex: string) =>
    except.includes(hex.toLowerCase()) ? whole : (ENCODED[hex.toLowerCase()] ?? whole),
  )
}
