import { UsageError } from '../errors.ts'

/** A source as people write it in one line: an address and a short name. */
export interface NamedAddress {
  address: string
  name: string
}

const CATEGORIES = /^[a-z][a-z-]*(?:\.[A-Za-z-]+)?(?:\+[a-z][a-z-]*(?:\.[A-Za-z-]+)?)*$/
const FORMS = 'an http(s) address, arxiv:cs.CL, arxiv:search?q=WORDS or hf:search?q=WORDS'

/**
 * Reads the argument of `sources add`: an http(s) address as it is; `arxiv:CATEGORY[+CATEGORY…]`, the feed of arXiv's
 * announcements; `arxiv:search?q=QUERY`, the newest 100 results of arXiv's query interface, in its own query
 * language; `hf:search?q=WORDS`, a search of Hugging Face's API.
 * Throws UsageError for anything else.
 */
export function namedAddress(text: string): NamedAddress {
  const [, site, rest = ''] = /^(arxiv|hf):(?!\/\/)(.*)$/.exec(text) ?? []
  const query = /^search\?q=(.+)$/.exec(rest)?.[1]?.trim()
  if (site !== undefined && query) return { address: searchAddress(site, query), name: nameOf(text) }
  if (site === 'arxiv' && CATEGORIES.test(rest)) {
    return { address: `https://rss.arxiv.org/rss/${rest}`, name: nameOf(text) }
  }
  // `{date}` is not valid in a URL, so a sample date stands in for it here.
  const isAddress = /^https?:\/\//i.test(text) && URL.canParse(text.replaceAll('{date}', '2026-01-31'))
  if (!isAddress) throw new UsageError(`sources add: expected ${FORMS}, got ${JSON.stringify(text)}`)
  return { address: text, name: nameOf(text.replace(/^https?:\/\/(?:www\.)?/i, '')) }
}

function searchAddress(site: string, query: string): string {
  if (site === 'hf') {
    return `https://huggingface.co/api/papers/search?${new URLSearchParams({ q: query, limit: '100' })}`
  }
  const parameters = {
    search_query: query,
    sortBy: 'submittedDate',
    sortOrder: 'descending',
    max_results: '100',
  }
  return `https://export.arxiv.org/api/query?${new URLSearchParams(parameters)}`
}

function nameOf(text: string): string {
  const name = text.replace(/[^\p{L}\p{N}.]+/gu, '-').slice(0, 60)
  return name.replace(/^[-.]+|[-.]+$/g, '') || 'source'
}
