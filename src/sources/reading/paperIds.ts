import { parseArxivId } from '../../text/ids/arxivId.ts'
import { findDoi } from '../../text/ids/doi.ts'

/** A paper's ids in the fields and links of feeds and dumps. Total: undefined where there is none. */

const LONGEST = 5_000

/**
 * The canonical arXiv id, without version, that a field or link names in any spelling that parseArxivId knows, the DOI
 * that arXiv gave out among them. Ids that lost digits are none: see repairedArxivId.
 */
export function arxivIdOf(value: unknown): string | undefined {
  const found = typeof value === 'string' && value.length <= LONGEST ? parseArxivId(value) : undefined
  return found?.repaired ? undefined : found?.id
}

/**
 * The arXiv id of a field for ids, which may have gone through a floating-point number. That drops the zeros at both
 * ends: `704.0001`, `2503.0213`. Repaired where there is one way to fill them.
 */
export function repairedArxivId(value: unknown): string | undefined {
  const text = typeof value === 'number' ? `${value}` : value
  return typeof text === 'string' && text.length <= LONGEST ? parseArxivId(text)?.id : undefined
}

/** The ids that several spellings of one paper name: at most one, unless they contradict each other. */
export function arxivIdsIn(values: unknown[]): string[] {
  return [...new Set(values.flatMap((value) => arxivIdOf(value) ?? []))]
}

/** The paper's page on arXiv, for people. */
export function arxivUrl(id: string): string {
  return `https://arxiv.org/abs/${id}`
}

/** Behind the DOI of a field stands nothing, another one, or markup. Anything else was part of it before it was damaged. */
const BEHIND = /^(?:["\s]*|[,;]?\s*(?:doi:\s?)?10\.\d{4}.*|\s*<\/?[a-z].*|\s*\[(?:doi|pii)\].*)$/is
/** No text has these; a DOI beside them was damaged. */
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/

/**
 * The first DOI of a field or a link, as parseDoi reads it. Undefined for the DOIs that arXiv gives out: they are
 * arXiv ids.
 */
export function doiOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST || CONTROL.test(value)) return undefined
  const found = findDoi(value)
  return found !== undefined && BEHIND.test(found.behind) ? found.doi : undefined
}

const RESOLVER = /^\s*https?:\/\/(?:dx\.)?doi\.org\//i

/**
 * The DOI of a paper. `stated`: fields that are there for it; `links`: addresses in which it may stand. What is stated
 * outweighs a link to doi.org, and that outweighs a link to a publisher, which may have more behind the DOI. Undefined
 * where equals contradict each other.
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
