import { UsageError } from '../errors.ts'
import { parseUrl } from '../text/parseUrl.ts'

/** A source as people write it in one line: an address and a short name. */
export interface NamedAddress {
  address: string
  name: string
}

type Parameters = Record<string, string>

/** A service with an interface for programs: how its short forms become addresses. */
interface Service {
  /** What a person types behind the name, as examples. */
  forms: string
  /** The address of a search; `given` are the parameters that were typed, `q` among them. */
  search?(given: Parameters): string
  /** The address of what was typed, if it is no search; undefined if it cannot be one. */
  list?(text: string): string | undefined
}

/** How many papers are asked for at once: those of a busy day, and no more than each service likes to give. */
const MOST = '100'

const SERVICES: Record<string, Service> = {
  // https://info.arxiv.org/help/rss.html, https://info.arxiv.org/help/api/user-manual.html
  arxiv: {
    forms: 'arxiv:cs.CL, arxiv:search?q=WORDS',
    list: (text) =>
      /^[a-z][a-z-]*(?:\.[A-Za-z-]+)?(?:\+[a-z][a-z-]*(?:\.[A-Za-z-]+)?)*$/.test(text)
        ? `https://rss.arxiv.org/rss/${text}`
        : undefined,
    search: ({ q, ...others }) =>
      withParameters('https://export.arxiv.org/api/query', {
        search_query: q!,
        sortBy: 'submittedDate',
        sortOrder: 'descending',
        max_results: MOST,
        ...others,
      }),
  },
  hf: {
    forms: 'hf:search?q=WORDS',
    search: (given) => withParameters('https://huggingface.co/api/papers/search', { ...given, limit: MOST }),
  },
  // https://docs.openalex.org/api-entities/works/search-works
  openalex: {
    forms: 'openalex:search?q=WORDS',
    search: ({ q, ...others }) =>
      withParameters('https://api.openalex.org/works', {
        search: q!,
        sort: 'publication_date:desc',
        'per-page': MOST,
        ...others,
      }),
  },
  // https://api.semanticscholar.org/api-docs/graph: without a key, all clients share one pace.
  s2: {
    forms: 's2:search?q=WORDS',
    search: ({ q, ...others }) =>
      withParameters('https://api.semanticscholar.org/graph/v1/paper/search/bulk', {
        query: q!,
        sort: 'publicationDate:desc',
        fields: 'title,abstract,authors,externalIds,publicationDate,venue,url',
        ...others,
      }),
  },
  // https://www.crossref.org/documentation/retrieve-metadata/rest-api/
  crossref: {
    forms: 'crossref:issn/1234-5678, crossref:search?q=WORDS',
    list: (text) => {
      const issn = /^issn\/(\d{4}-?\d{3}[\dXx])$/.exec(text)?.[1]
      return issn === undefined
        ? undefined
        : withParameters(`https://api.crossref.org/journals/${issn}/works`, NEWEST_OF_CROSSREF)
    },
    search: ({ q, ...others }) =>
      withParameters('https://api.crossref.org/works', { query: q!, ...NEWEST_OF_CROSSREF, ...others }),
  },
  // https://dblp.org/faq/How+to+use+the+dblp+search+API.html
  dblp: {
    forms: 'dblp:venue/ICLR, dblp:search?q=WORDS',
    list: (text) => {
      const venue = /^venue\/([\w .&+-]{1,80}(?:\/[\w .&+-]{1,80})?)$/.exec(text)?.[1]
      if (venue === undefined) return undefined
      const q = venue.includes('/') ? `stream:streams/${venue}:` : `venue:${venue}:`
      return withParameters(DBLP, { q, format: 'json', h: MOST })
    },
    search: (given) => withParameters(DBLP, { ...given, format: 'json', h: MOST }),
  },
  // https://www.biorxiv.org/alertsrss: the last 30 of a subject, many of them, or of all.
  biorxiv: { forms: 'biorxiv:neuroscience', list: (text) => preprints('biorxiv', text) },
  medrxiv: { forms: 'medrxiv:epidemiology', list: (text) => preprints('medrxiv', text) },
  // https://docs.openreview.net/reference/api-v2
  openreview: {
    forms: 'openreview:ICLR.cc/2027/Conference',
    list: (text) =>
      /^[\w.-]{2,80}(?:\/[\w.-]{1,80}){1,6}$/.test(text)
        ? withParameters('https://api2.openreview.net/notes', {
            invitation: `${text}/-/Submission`,
            sort: 'cdate:desc',
            limit: MOST,
          })
        : undefined,
  },
  // https://www.ncbi.nlm.nih.gov/books/NBK25499/: a search gives numbers, which the next part asks for.
  pubmed: {
    forms: 'pubmed:search?q=WORDS',
    search: ({ q, ...others }) =>
      withParameters('https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi', {
        db: 'pubmed',
        term: q!,
        sort: 'pub_date',
        retmax: MOST,
        tool: 'paperboy',
        ...others,
      }),
  },
}

const NEWEST_OF_CROSSREF = { sort: 'created', order: 'desc', rows: MOST }
const DBLP = 'https://dblp.org/search/publ/api'

function preprints(server: string, subject: string): string | undefined {
  return /^[a-z_+-]{2,200}$/.test(subject)
    ? `https://connect.${server}.org/${server}_xml.php?subject=${subject.replaceAll('-', '_')}`
    : undefined
}

function withParameters(address: string, parameters: Parameters): string {
  return `${address}?${new URLSearchParams(parameters)}`
}

/**
 * Reads the argument of `sources add`: an http(s) address as it is, or the short form of a service: `arxiv:cs.CL`,
 * `openalex:search?q=WORDS`, `dblp:venue/ICLR` and others. Parameters behind `q` go to the service as they are, so that one can
 * filter, sort otherwise, or name a token.
 * Throws UsageError for anything else.
 */
export function namedAddress(text: string): NamedAddress {
  const [, site = '', rest = ''] = /^([a-z\d]+):(?!\/\/)(.*)$/.exec(text) ?? []
  const service = Object.hasOwn(SERVICES, site) ? SERVICES[site] : undefined
  const address = service && addressOf(service, rest)
  if (address !== undefined) return { address, name: nameOf(text) }
  if (service !== undefined) throw refusal(service.forms, text)
  // `{date}` is not valid in a URL, so a sample date stands in for it here.
  const isAddress =
    /^https?:\/\//i.test(text) && parseUrl(text.replaceAll('{date}', '2026-01-31')) !== undefined
  if (!isAddress) throw refusal(FORMS, text)
  return { address: text, name: nameOf(text.replace(/^https?:\/\/(?:www\.)?/i, '')) }
}

const FORMS = `an http(s) address, ${Object.values(SERVICES)
  .map(({ forms }) => forms)
  .join(', ')}`

function refusal(forms: string, text: string): UsageError {
  return new UsageError(`sources add: expected ${forms}, got ${JSON.stringify(text)}`)
}

function addressOf({ search, list }: Service, text: string): string | undefined {
  const given = /^search\?(.+)$/s.exec(text)?.[1]
  if (given === undefined) return list?.(text)
  const parameters = parametersIn(given)
  return parameters.q === undefined || parameters.q === '' ? undefined : search?.(parameters)
}

/** `q=speech & text&filter=…`: words may have an ampersand of their own, and need not be encoded. */
function parametersIn(text: string): Parameters {
  const parts = text.split(/&(?=[\w.-]{1,40}=)/)
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at), decoded(part.slice(at + 1)).trim()]
    }),
  )
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** A short name of a source, made of an address or a title. */
export function nameOf(text: string): string {
  const name = text.replace(/[^\p{L}\p{N}.]+/gu, '-').slice(0, 60)
  return name.replace(/^[-.]+|[-.]+$/g, '') || 'source'
}
