import robotsParserModule from 'robots-parser'
import { RefusedError } from '../../errors.ts'

/**
 * robots.txt (RFC 9309): which pages of a host robots may read. A file that cannot be fetched is reported and blocks
 * nothing.
 */

/** The robots.txt of an origin as last fetched. */
export interface RobotsFile {
  /** Its text; '' if the host has none; null if it could not be fetched. */
  body: string | null
  /** Why it could not be fetched. */
  problem: string | null
}

/** Keeps robots.txt files between fetches; `find` returns none that is too old. */
export interface RobotsCache {
  find(origin: string): Promise<RobotsFile | undefined>
  save(origin: string, file: RobotsFile): Promise<void>
}

export interface RobotsRuling {
  /** A sentence for people if the file could not be fetched. */
  warning?: string
  /** The delay between two requests that the file asks for, in milliseconds. */
  crawlDelayMs?: number
}

/** The package is CommonJS and exports the function itself; its types declare a default export. */
const robotsParser = robotsParserModule as unknown as typeof robotsParserModule.default

/** RFC 9309 §2.5: a client must read at least this much of a file. */
const MOST_CHARACTERS = 500 * 1024
const LONGEST_DELAY = 30_000

/**
 * Interfaces that their operator documents and offers for programs, with terms that src/sources/fetching/pace.ts
 * keeps. robots.txt is about the pages for people beside them. arXiv's robots.txt closes `/api` and `/oai2` to
 * crawlers, and https://info.arxiv.org/help/robots.html names the interfaces to use instead.
 */
const FOR_PROGRAMS = [
  'https://export.arxiv.org/api/query',
  'https://export.arxiv.org/oai2',
  'https://oaipmh.arxiv.org/oai',
  'https://rss.arxiv.org/rss/',
  'https://rss.arxiv.org/atom/',
  'https://api.openalex.org/',
  'https://api.semanticscholar.org/graph/v1/',
  'https://api.crossref.org/',
  'https://dblp.org/search/publ/api',
  'https://connect.biorxiv.org/biorxiv_xml.php',
  'https://connect.medrxiv.org/medrxiv_xml.php',
  'https://api2.openreview.net/notes',
  'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/',
]

/** Whether an address belongs to an interface for programs, to which robots.txt does not apply. */
export function isForPrograms(url: URL): boolean {
  const address = `https://${url.host}${url.pathname}`
  return FOR_PROGRAMS.some((known) => (known.endsWith('/') ? address.startsWith(known) : address === known))
}

/** Makes a RobotsFile from the text. Only the first half megabyte of a long file counts. */
export function robotsFile(text: string): RobotsFile {
  return { body: text.slice(0, MOST_CHARACTERS).replaceAll('\0', ''), problem: null }
}

/** Checks an address. Throws RefusedError if robots.txt does not let this user agent have the page. */
export function judgeRobots(file: RobotsFile, url: URL, userAgent: string): RobotsRuling {
  const address = `${url.origin}/robots.txt`
  if (file.body === null)
    return { warning: `${address} could not be read (${file.problem}), fetched all the same` }
  const robots = robotsParser(address, file.body)
  if (robots.isAllowed(url.href, userAgent) === false) {
    const line = robots.getMatchingLineNumber(url.href, userAgent)
    throw new RefusedError(
      `expected a page that robots may read, got one that line ${line} of ${address} closes: ask its operator, or disable the source`,
    )
  }
  const delay = robots.getCrawlDelay(userAgent)
  if (delay === undefined || !(delay > 0)) return {}
  return { crawlDelayMs: Math.min(delay * 1_000, LONGEST_DELAY) }
}
