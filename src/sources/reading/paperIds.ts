import { parseArxivId } from '../../text/ids/arxivId.ts'
import { findDoi } from '../../text/ids/doi.ts'

/** Reads a paper's ids from the fields and links of feeds and dumps. Total: undefined if there is none. */

const LONGEST = 5_000

/**
 * The canonical arXiv id, without version, in a field or link, in any spelling that parseArxivId knows, including the
 * DOIs that arXiv gives out. An id that lost digits does not count: see repairedArxivId.
 */
export function arxivIdOf(value: unknown): string | undefined {
  const found = typeof value === 'string' && value.length <= LONGEST ? parseArxivId(value) : undefined
  return found?.repaired ? undefined : found?.id
}

/**
 * The arXiv id in a field for ids that may have passed through a floating-point number, which drops zeros at both
 * ends: `704.0001`, `2503.0213`. It is repaired if there is only one way to fill in the zeros.
 */
export function repairedArxivId(value: unknown): string | undefined {
  const text = typeof value === 'number' ? `${value}` : value
  return typeof text === 'string' && text.length <= LONGEST ? parseArxivId(text)?.id : undefined
}

/** The ids that several spellings of one paper name: one at most, unless they contradict each other. */
export function arxivIdsIn(values: unknown[]): string[] {
  return [...new Set(values.flatMap((value) => arxivIdOf(value) ?? []))]
}

/** The paper's page on arXiv, for people. */
export function arxivUrl(id: string): string {
  return `https://arxiv.org/abs/${id}`
}

/**
 * After the DOI of a field comes nothing, another DOI, or markup. Anything else belonged to the DOI before it was
 * damaged.
 */
const BEHIND = /^(?:["\s]*|[,;]?\s*(?:doi:\s?)?10\.\d{4}.*|\s*<\/?[a-z].*|\s*\[(?:doi|pii)\].*)$/is
/** No proper text has these characters; a DOI beside them was damaged. */
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/

/**
 * The first DOI in a field or a link, as parseDoi reads it. Undefined for DOIs that arXiv gives out, because they are
 * arXiv ids.
 */
export function doiOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST || CONTROL.test(value)) return undefined
  const found = findDoi(value)
  return found !== undefined && BEHIND.test(found.behind) ? found.doi : undefined
}

const RESOLVER = /^\s*https?:\/\/(?:dx\.)?doi\.org\//i

/**
 * The DOI of a paper. `stated`: fields made for a DOI; `links`: addresses that may contain one. A stated DOI
 * outweighs a link to doi.org, and that outweighs a link to a publisher, which may add text to the DOI. Undefined if
 * equal witnesses contradict each other.
 */
export function paperDoi(stated: unknown[], links: unknown[] = []): string | undefined {
  const isResolver = (link: unknown) => typeof link === 'string' && RESOLVER.test(link)
  const others = links.filter((link) => !isResolver(link))
  const found = [stated, links.filter(isResolver), others].map(
    (values) => new Set(values.flatMap((value) => doiOf(value) ?? [])),
  )
  const dois = found.find(({ size }) => size > 0)
  return dois?.size === 1 ? [...dois][0] : undefined
}
