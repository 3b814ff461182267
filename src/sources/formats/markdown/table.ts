import type { Entry, Reject } from '../../../domain.ts'
import { publication } from '../../reading/dates/dates.ts'
import { countOf, shown } from '../../reading/fields.ts'
import { countField, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { splitNames } from '../../reading/names.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'
import type { Block } from './blocks.ts'
import { codeLink, onePaper, type PaperLink, paperLinks, titleIn, wordsOf } from './paper.ts'

/**
 * A table of papers in Markdown; headings identify its columns (https://github.github.com/gfm/#tables-extension-). A
 * column "Summary" may be by the list's maker: only "Abstract" is the paper's own.
 */

const COLUMNS: Record<string, RegExp> = {
  title: /^(?:paper )?title$|^paper(?: name)?$|^name$/i,
  authors: /^authors?$/i,
  date: /^(?:publish(?:ed)?(?: date| on)?|date|submitted)$/i,
  abstract: /^abstract$/i,
  votes: /^(?:(?:up)?votes?|likes?)$/i,
  comment: /^comments?$/i,
  code: /^(?:code|github|repo(?:sitory)?)$/i,
}

/** Reads all rows. A row without a link to a paper is not a paper. Counts the columns of papers that are not read. */
export function parseMarkdownTable(
  { line, lines, isCut }: Block,
  ignored: IgnoredFields,
): (Entry | Reject)[] {
  const columns = cellsOf(lines[0]!)
  const names = columns.map((cell) => wordsOf(cell) ?? '')
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, pattern]) => [
      column,
      names.findIndex((name) => pattern.test(name)),
    ]),
  )
  // If there are both, "Title" is the title and "Paper" its link.
  const title = names.findIndex((name) => /title$/i.test(name))
  if (title !== -1) at.title = title
  const table = { width: columns.length, names, at, unread: unreadIn(names, at) }
  return lines.slice(2).flatMap((row, index) => {
    const isCutRow = isCut && index === lines.length - 3 && !/\|\s*$/.test(row)
    return parseRow(row, table, `line ${line + index + 2}`, isCutRow, ignored)
  })
}

interface TableShape {
  width: number
  names: string[]
  /** The place of each known column, or -1. */
  at: Record<string, number>
  /** The places of named columns that are not known. */
  unread: number[]
}

function unreadIn(names: string[], at: Record<string, number>): number[] {
  const read = new Set(Object.values(at))
  return [...names.keys()].filter((index) => names[index] !== '' && !read.has(index))
}

function parseRow(
  row: string,
  { width, names, at, unread }: TableShape,
  where: string,
  isCut: boolean,
  ignored: IgnoredFields,
): Entry | Reject | [] {
  const cells = cellsIn(row, width, at.abstract)
  if (isCut || cells.length !== width) return rejectOf(row, where, isCut, width, cells.length)
  const cell = (column: string) => cells[at[column]!]
  const links = cells.map((text, index) =>
    index === at.abstract || index === at.code ? [] : paperLinks(text),
  )
  const paper = onePaper(links.flat())
  if (typeof paper === 'string') return { where, reason: `${paper}: ${shown(row)}` }
  if (paper.url === undefined) return []
  const title = titleIn(wordsOf(cell('title') ?? ''), true)
  if (title === undefined) {
    return { where, reason: `expected a title in a column named Title, got ${shown(cell('title'))}` }
  }
  countUnread(ignored, cells, links, { names, unread })
  return { title, ...paper, ...readCells((column) => cell(column) ?? '') }
}

/** A link to the paper is read in whatever column it is. */
function countUnread(
  ignored: IgnoredFields,
  cells: string[],
  links: PaperLink[][],
  { names, unread }: Pick<TableShape, 'names' | 'unread'>,
): void {
  for (const index of unread) {
    if (cells[index] !== '' && links[index]!.length === 0) countField(ignored, names[index]!)
  }
}

function readCells(cell: (column: string) => string): Partial<Entry> {
  const votes = wordsOf(cell('votes'))
  return {
    abstract: wordsOf(cell('abstract')),
    authors: splitNames(wordsOf(cell('authors'))),
    venue: acceptedVenue(wordsOf(cell('comment'))),
    ...publication(wordsOf(cell('date'))),
    codeUrl: codeLink(`${cell('code')} `),
    upvotes: /^\d{1,9}$/.test(votes ?? '') ? countOf(Number(votes)) : undefined,
  }
}

/** A broken row is a reject if it links to a paper. */
function rejectOf(row: string, where: string, isCut: boolean, width: number, came: number): Reject | [] {
  if (paperLinks(row, isCut).length === 0) return []
  if (isCut) return { where, reason: `the text ends in the middle of this row: ${shown(row)}` }
  return { where, reason: `expected ${width} cells, got ${came}: ${shown(row)}` }
}

/**
 * The cells of a row. Where they are too many for `width`, a bar parts nothing inside of emphasis, formulas, code and
 * brackets; the rest of a surplus is the abstract's, in the cell at `longest`.
 */
function cellsIn(row: string, width: number, longest: number | undefined): string[] {
  const cells = cellsOf(row)
  if (cells.length <= width) return cells
  const kept: string[] = []
  for (const cell of cells) {
    if (kept.length > 0 && isOpen(kept.at(-1)!)) kept.push(`${kept.pop()}|${cell}`)
    else kept.push(cell)
  }
  const surplus = kept.length - width
  if (surplus <= 0 || longest === undefined || longest === -1) return surplus < 0 ? cells : kept
  const joined = kept.slice(longest, longest + surplus + 1).join(' | ')
  // An abstract links to no paper: such a cell is another column's.
  if (paperLinks(joined).length > 0) return cells
  return [...kept.slice(0, longest), joined, ...kept.slice(longest + surplus + 1)]
}

/** Whether something begins in a cell and does not end there. */
function isOpen(cell: string): boolean {
  const count = (sign: string) => cell.split(sign).length - 1
  const isOdd = ['**', '$', '`'].some((sign) => count(sign) % 2 === 1)
  return isOdd || count('(') > count(')') || count('[') > count(']')
}

/** The cells between the bars; `\|` is a bar inside a cell. */
function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim())
}
