import { hfPaperId } from '../formats/huggingface/paper.ts'
import { linkOf } from './fields.ts'

/** A paper's ids where they stand in the links, guids and identifiers of feeds and dumps. Total: undefined where there is none. */

/** What stands before an arXiv id, and the id; both schemes of https://info.arxiv.org/help/arxiv_identifier.html. */
const ID = String.raw`((?:\d{4}\.\d{4,5}|[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[a-z]{2})?\/\d{7})(?:v\d{1,3})?)(?![\p{L}\p{N}])`
const MARKED = new RegExp(
  String.raw`(?<![\w-])(?:arxiv\.org\/(?:abs|pdf|html|format|ps|e-print)\/|arxiv:\s{0,2}|arxiv\.org:|10\.48550\/arxiv\.|` +
    String.raw`(?:huggingface\.co|hf\.co)\/(?:api\/)?papers\/|alphaxiv\.org\/(?:abs|overview|pdf)\/)${ID}`,
  'giu',
)
const BARE = new RegExp(`^${ID}$`, 'iu')
const LONGEST = 5_000
/** Archives that gave out ids before April 2007 (https://arxiv.org/archive); others never did. */
const OLD_ARCHIVES = new Set(
  (
    'acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs ' +
    'dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics ' +
    'plasm-ph q-alg q-bio quant-ph solv-int supr-con'
  ).split(' '),
)
/** The first month of the new ids; one so far off that its id is a damaged one. */
const FIRST_MONTH = '0704'
const LATEST_MONTH = '4912'

/**
 * The canonical arXiv id, without version, that a text is or names: `2401.00001v2`, `oai:arXiv.org:hep-th/9901001`,
 * a link to arXiv, Hugging Face Papers or alphaXiv, the DOI that arXiv gave out. Ids that lost digits are none.
 */
export function arxivIdOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  const text = value.trim().replace(/%2f/gi, '/')
  const bare = BARE.exec(text)?.[1]
  if (bare !== undefined) return canonical(bare)
  for (const match of text.matchAll(MARKED)) {
    const id = canonical(match[1]!)
    if (id !== undefined) return id
  }
  return undefined
}

/** Four digits behind the point until the end of 2014, five since; old ids have their archive in lower case. */
function canonical(written: string): string | undefined {
  const [archive, number] = written.split('/')
  const text =
    number === undefined ? written.toLowerCase() : `${archive!.split('.', 1)[0]!.toLowerCase()}/${number}`
  const id = hfPaperId(text)
  if (id === undefined) return undefined
  if (id.includes('/')) return OLD_ARCHIVES.has(id.split('/', 1)[0]!) ? id : undefined
  const [month, serial] = id.split('.') as [string, string]
  const inUse = month >= FIRST_MONTH && month <= LATEST_MONTH
  return inUse && serial.length === (month < '1501' ? 4 : 5) ? id : undefined
}

/**
 * The arXiv id of a record whose ids may have gone through a floating-point number, which drops the zeros at both ends:
 * `704.0001`, `2503.0213`. Repaired where there is one way to fill them; three digits at least must be left.
 */
export function repairedArxivId(value: unknown): string | undefined {
  const text = typeof value === 'number' ? `${value}` : value
  const whole = arxivIdOf(text)
  if (whole !== undefined || typeof text !== 'string') return whole
  const match = /^\s*(\d{3,4})\.(\d{3,5})\s*$/.exec(text)
  if (match === null) return undefined
  const month = match[1]!.padStart(4, '0')
  return canonical(`${month}.${match[2]!.padEnd(month < '1501' ? 4 : 5, '0')}`)
}

/** The ids that several spellings of one paper name: at most one, unless they contradict each other. */
export function arxivIdsIn(values: unknown[]): string[] {
  return [...new Set(values.flatMap((value) => arxivIdOf(value) ?? []))]
}

/** The paper's page on arXiv, for people. */
export function arxivUrl(id: string): string {
  return `https://arxiv.org/abs/${id}`
}

const DOI = /(?<![\w.])10\.\d{4,9}(?:\.\d{1,9}){0,3}\/[^\s"<>]{1,400}/
/** Behind a DOI stands nothing, or another one; anything else was part of it before it was damaged. */
const BEHIND = /^["\s]*(?:(?:doi:\s?)?10\.\d{4}.*)?$/is

/**
 * The first DOI of a field or a link, lower case, without resolver and without what a link or a sentence adds behind it.
 * Undefined for the DOIs that arXiv gives out: they are arXiv ids.
 */
export function doiOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  if (/[\u0000-\u0008\u000e-\u001f\u007f]/.test(value)) return undefined
  const isLink = /^\s*https?:/i.test(value)
  const text = (isLink ? (linkOf(value) ?? '').split(/[?#]/, 1)[0]! : value).replace(/%2f/gi, '/')
  const match = DOI.exec(text)
  if (match === null || !BEHIND.test(text.slice(match.index + match[0].length))) return undefined
  const path = isLink ? match[0].replace(/\/(?:abstract|full|e?pdf|html|meta)$/i, '') : match[0]
  const trimmed = path.replace(path.includes('(') ? /[.,;:'’”\]]+$/ : /[.,;:'’”\])}]+$/, '')
  const doi = trimmed.toLowerCase()
  return /^10\.[\d.]+\/.*[a-z0-9]/.test(doi) && !doi.startsWith('10.48550/arxiv.') ? doi : undefined
}

/** The DOI that fields and links agree on; those that do not agree say nothing. */
export function agreedDoi(values: unknown[]): string | undefined {
  const dois = new Set(values.flatMap((value) => doiOf(value) ?? []))
  return dois.size === 1 ? [...dois][0] : undefined
}
