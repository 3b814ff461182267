import type { Entry, Listing, LocalDate, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { writtenDay } from '../../reading/dates/dates.ts'
import type { IgnoredFields } from '../../reading/ignoredFields.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { type Block, blocksOf } from './blocks.ts'
import { parseMarkdownItem } from './item.ts'
import { paperLinks } from './paper.ts'
import { parseMarkdownSection } from './section.ts'
import { parseMarkdownTable } from './table.ts'

/**
 * Lists of papers in Markdown, as people and bots keep them. A heading, a list item or a table row is a paper if it
 * has a link to arXiv, Hugging Face, a DOI, or a page of one paper at a conference.
 */
export const markdown: PageFormat = { name: 'markdown', detect, parse }

/** A heading, a list item, a row of a table, a labelled link. */
const PAPER_LINE =
  /^#{1,6}\s|^\s{0,8}(?:[-*+]|\d{1,4}[.)])\s|\||^\W{0,6}(?:link|pdf|paper|arxiv|url)\W{0,3}:/i
const MAX_LENGTH = 50_000_000
/** Whole documents of HTML and XML, and JSON. Markdown may begin with a piece of HTML, a comment or a template too. */
const OTHER = /^\s*(?:<(?:!doctype|html|head|body|\?xml|rss|feed|rdf:|oai|svg)|\{(?![%{]))/i

function detect(page: string): boolean {
  if (OTHER.test(page) || /^\s*\[\s*[{[\]"]/.test(page)) return false
  let isItem = false
  for (const line of cleaned(page).split('\n')) {
    const isBlock = PAPER_LINE.test(line)
    // The link may stand on a line that an item in bold goes on with.
    isItem = BOLD_ITEM.test(line) || (isItem && /^\s+\S/.test(line))
    if ((isBlock || isItem) && line.length < 20_000 && paperLinks(line).length > 0) return true
  }
  return false
}

const BOLD_ITEM = /^\s{0,3}(?:[-*+]|\d{1,4}[.)])\s+\*\*/

function parse(page: string): Listing {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected a text of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const results: (Entry | Reject)[] = []
  const days = new Set<LocalDate>()
  const ignored: IgnoredFields = new Map()
  for (const { found, listedOn } of readBlocks(page, ignored)) {
    if (found.length > 0 && listedOn !== undefined) days.add(listedOn)
    for (const result of found) results.push('reason' in result ? result : { ...result, listedOn })
  }
  if (results.length === 0) throw new PermanentError('expected papers with links in Markdown, got none')
  return { ...withDay(results, days), ignored: [...ignored] }
}

/**
 * What each block lists, with the day of the heading above it. If a heading is a paper, the items and tables below it
 * belong to it and list nothing.
 */
function* readBlocks(
  page: string,
  ignored: IgnoredFields,
): Generator<{ found: (Entry | Reject)[]; listedOn: LocalDate | undefined }> {
  let dated: Dated | undefined
  let isOwned = false
  for (const block of blocksOf(cleaned(page))) {
    if (block.kind !== 'section' && isOwned) continue
    const found = parseBlock(block, ignored)
    if (block.kind === 'section') {
      isOwned = found.length > 0
      dated = isOwned ? dated : datedBy(block, dated)
    }
    yield { found, listedOn: dated?.day }
  }
}

/** The page without comments, and with links in HTML as Markdown; its lines keep their numbers. */
function cleaned(page: string): string {
  if (!page.includes('<')) return page
  let text = ''
  let end = 0
  for (let begin = page.indexOf('<!--'); begin !== -1; begin = page.indexOf('<!--', end)) {
    const close = page.indexOf('-->', begin)
    if (close === -1) break
    text += page.slice(end, begin) + page.slice(begin, close).replace(/[^\n]+/g, '')
    end = close + '-->'.length
  }
  return (text + page.slice(end)).replace(HTML_LINK, '[$2]($1)').replace(SUMMARY, (whole, inside: string) => {
    const heading = /^<h([1-6])>(.*)<\/h[1-6]>$/i.exec(inside)
    if (heading !== null) return `${'#'.repeat(Number(heading[1]))} ${heading[2]}`
    return inside.includes('](') ? `###### ${inside.replace(/<\/?(?:strong|b)>/gi, '**')}` : whole
  })
}

/** What can be unfolded on a page has its heading here. */
const SUMMARY =
  /^[ \t]*(?:<details[^<>\n]{0,100}>[ \t]*)?<summary>[ \t]*([^\n]{1,2000}?)[ \t]*<\/summary>[ \t]*$/gim

const HTML_LINK =
  /<a\s(?:[^<>]{0,300}\s)?href\s?=\s?["']([^"'<>\s]{1,2000})["'][^<>]{0,300}>([^<>[\]]{1,500})<\/a>/gi

interface Dated {
  day: LocalDate
  level: number
}

/** A heading's day counts for everything below it, up to the next heading of the same or a higher level. */
function datedBy({ lines }: Block, before: Dated | undefined): Dated | undefined {
  const level = /^#*/.exec(lines[0]!)![0].length
  const day = headingDay(lines[0]!)
  if (day !== undefined) return { day, level }
  return before !== undefined && level > before.level ? before : undefined
}

/** If all entries have the same day, it is the listing's. */
function withDay(results: (Entry | Reject)[], days: Set<LocalDate>): Listing {
  const { entries, rejects } = separate(results)
  const [only] = days
  const isOne = days.size === 1 && entries.every((entry) => entry.listedOn === only)
  if (!isOne) return { format: markdown.name, entries, rejects }
  const undated = entries.map((entry) => ({ ...entry, listedOn: undefined }))
  return { format: markdown.name, listedOn: only, entries: undated, rejects }
}

function parseBlock(block: Block, ignored: IgnoredFields): (Entry | Reject)[] {
  if (block.kind === 'section') return parseMarkdownSection(block)
  if (block.kind === 'item') return parseMarkdownItem(block)
  return parseMarkdownTable(block, ignored)
}

/** `## Papers for 2024-09-05`, `# 2024-09-05`, `# New listings for Tuesday, 3 March 2026`. "Updated on" is not the papers' day. */
function headingDay(line: string): LocalDate | undefined {
  if (
    !/^#/.test(line) ||
    /updat|generat/i.test(line) ||
    !/papers|daily|digest|list|arxiv|^#+\s*\W*\d{4}-/i.test(line)
  )
    return undefined
  return writtenDay(WRITTEN_DAY.exec(line)?.[0])
}

const WRITTEN_DAY =
  /(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)|\b\d{1,2} \p{L}{3,9} \d{4}\b|\b\p{L}{3,9} \d{1,2}, \d{4}\b|\d{4}年\d{1,2}月\d{1,2}日/u
