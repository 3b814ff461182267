import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { shown, textOf } from '../../reading/fields.ts'
import type { PageFormat } from '../../reading/pageFormat.ts'

/**
 * The text of a Hugging Face listing or search page as copied from a browser: the subscription banner, then in turn a
 * line with a title and a line with its abstract. The banner's link "Subscribe" is glued to the first title.
 */
export const textDump: PageFormat = { name: 'text-dump', detect, parse }

interface Line {
  number: number
  text: string
}

const BANNER = /Get trending papers in your email inbox(?: once a day)?!/g
/** The rest of a banner that was damaged on its way. */
const BANNER_REST = /^Get trending papers in |your email inbox(?: once a day)?!$/
const BANNER_LINE = /^[ \t]*Get trending papers in your email inbox(?: once a day)?!/m
/** The link's text before the first title, which may begin in lower case. `Subscribers …` is a title of its own. */
const GLUED = /^\s*Subscribe(?!\s+\S|[rd]s?\b)/
/** HTML, JSON or front matter at the beginning; Markdown headings and links anywhere. */
const OTHER_MARKUP = /^#{1,6} |^[*-] ?\[|\]\(https?:/m
const OTHER_BEGINNING = /^\s*(?:[<{[]|---\n)/
/** Lines of the page that are not papers. */
const CHROME =
  /^(?:new|subscribe|daily papers|daily|weekly|monthly|trending papers|by|ak|and the research community|by AK and the research community|submitted by|[-·]|[\d,]+|·? ?\d+ authors?)$/i

// Measured on a page of 228 papers: titles have 21 to 149 characters, abstracts 324 to 1917.
const LONGEST_TITLE = 250
const SHORTEST_TITLE = 3
const SHORTEST_ABSTRACT = 60
const MAX_LINE = 100_000
/** How the last abstract of a complete dump ends: with a sentence or a link. */
const ENDED = /[.!?。…]['"”)\]]*$|https?:\/\/\S+$/
/** Without the banner, this many strict pairs of a title and a long abstract distinguish a dump from an essay. */
const PAIRS_WITHOUT_BANNER = 5
const LONG_ABSTRACT = 300

function detect(page: string): boolean {
  if (OTHER_BEGINNING.test(page) || OTHER_MARKUP.test(page)) return false
  const lines = contentLines(page)
  const abstracts = lines.filter((line) => isAbstract(line.text)).length
  if (BANNER_LINE.test(page)) return abstracts > 0 && abstracts >= lines.length / 3
  return abstracts >= PAIRS_WITHOUT_BANNER && lines.every(isStrictlyPaired)
}

function isStrictlyPaired(line: Line, index: number): boolean {
  const { text } = line
  if (index % 2 === 1) return text.length >= LONG_ABSTRACT && isAbstract(text)
  return !isAbstract(text) && /^\p{L}|^[$"'“]/u.test(text) && text.split(' ').length >= 3
}

function parse(page: string): Listing {
  refuseLongLines(page)
  const listing: Listing = { format: textDump.name, entries: [], rejects: [] }
  const title = readPairs(contentLines(page), listing)
  // Nobody can tell whether the last title never had an abstract or lost it. The title itself may be cut.
  if (title !== undefined)
    listing.rejects.push(rejectOf(title, 'the text ends after this title, without its abstract'))
  if (listing.entries.length === 0) {
    throw new PermanentError(
      'expected titles and abstracts in turn, got text that alternates no titles and abstracts',
    )
  }
  return listing
}

/** Reads titles and abstracts in turn into the listing; returns a last title that no abstract follows. */
function readPairs(lines: Line[], listing: Listing): Line | undefined {
  let title: Line | undefined
  for (const line of lines) {
    if (!isAbstract(line.text)) {
      if (title !== undefined) listing.entries.push(entryOf(title, undefined, listing))
      title = line
    } else if (title === undefined) {
      listing.rejects.push(rejectOf(line, 'expected a title before this abstract'))
    } else {
      readPair(title, line, line !== lines.at(-1) || ENDED.test(line.text), listing)
      title = undefined
    }
  }
  return title
}

function readPair(title: Line, abstract: Line, isWhole: boolean, listing: Listing): void {
  if (!isWhole) listing.rejects.push(rejectOf(abstract, 'the text ends in the middle of this abstract'))
  listing.entries.push(entryOf(title, isWhole ? abstract : undefined, listing))
}

function refuseLongLines(page: string): void {
  const index = page.split('\n').findIndex((line) => line.length > MAX_LINE)
  if (index !== -1) {
    throw new PermanentError(
      `expected lines of at most ${MAX_LINE} characters, got a longer one: line ${index + 1}`,
    )
  }
}

function entryOf(title: Line, abstract: Line | undefined, listing: Listing): Entry {
  return { title: title.text, abstract: abstract?.text, rank: listing.entries.length + 1 }
}

function rejectOf(line: Line, reason: string): Reject {
  return { where: `line ${line.number}`, reason: `${reason}: ${shown(line.text)}` }
}

/** The lines with papers: without the banner, blank lines and the page's own words. */
function contentLines(page: string): Line[] {
  const lines: Line[] = []
  let afterBanner = false
  for (const [index, raw] of page.split('\n').entries()) {
    if (raw === '') continue
    const withoutBanner = raw.replace(BANNER, '')
    if (withoutBanner !== raw) afterBanner = true
    const text = textOf(afterBanner ? withoutBanner.replace(GLUED, '') : withoutBanner)
    if (text === undefined || isChrome(text)) continue
    if (withoutBanner === raw) afterBanner = false
    lines.push({ number: index + 1, text })
  }
  return lines
}

/** Whether a line is the page's own words or too short for a paper. */
function isChrome(text: string): boolean {
  return text.length < SHORTEST_TITLE || CHROME.test(text) || BANNER_REST.test(text)
}

/** Abstracts are long or end a sentence; titles do neither. */
function isAbstract(text: string): boolean {
  return text.length > LONGEST_TITLE || (text.length >= SHORTEST_ABSTRACT && /[.。]["”')\]]*$/.test(text))
}
