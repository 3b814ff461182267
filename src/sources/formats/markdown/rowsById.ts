import type { Entry, Listing, Reject } from '../../../domain.ts'
import { fieldsOf } from '../../reading/fields.ts'
import type { IgnoredFields } from '../../reading/ignoredFields.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, refuseTooMany, separate } from '../../reading/pageFormat.ts'
import { parseMarkdownItem } from './item.ts'
import { paperLinks } from './paper.ts'
import { parseMarkdownTable } from './table.ts'

/**
 * What cv-arxiv-daily and its many copies keep beside their Markdown: for each topic and each arXiv id the row of a table,
 * `|**2026-05-13**|**Title**|Author et.al.|[id](link)|**[link](code)**|`, or the item of a list, as JSON.
 */
export const rowsById: PageFormat = { name: 'markdown-rows', detect, parse }

const FIRST_ROW = /^\s*\{\s*"[^"\\]{1,200}"\s*:\s*\{\s*"[^"\\]{1,60}"\s*:\s*"\s*(?:\||- )/

function detect(page: string): boolean {
  return FIRST_ROW.test(page.slice(0, 1_000)) && paperLinks(page.slice(0, 5_000)).length > 0
}

function parse(page: string): Listing {
  const rows = Object.entries(fieldsOf(parseJson(page, 'rows of Markdown by their ids')) ?? {}).flatMap(
    ([topic, inner]) =>
      Object.entries(fieldsOf(inner) ?? {}).map(([id, row]) => ({ where: `${topic} › ${id}`, row })),
  )
  refuseTooMany(rows)
  const ignored: IgnoredFields = new Map()
  const results = rows.flatMap(({ where, row }) => parseRow(row, where, ignored))
  return { format: rowsById.name, ...separate(results), ignored: [...ignored] }
}

/** The columns that such rows have, which have no header of their own. */

const COLUMNS = ['Date', 'Title', 'Authors', 'PDF', 'Code']

function parseRow(row: unknown, where: string, ignored: IgnoredFields): (Entry | Reject)[] {
  if (typeof row !== 'string')
    return [{ where, reason: 'expected a row of a table or an item of a list, got no text' }]
  const line = row.trim()
  // A bar may stand in a title: rows never have more columns than these.
  const columns = COLUMNS.slice(0, Math.max(3, line.split('|').length - 2))
  const header = `|${columns.join('|')}|`
  const lines = line.startsWith('|') ? [header, '|---|', line] : [line]
  const block = { kind: 'table' as const, line: 1, lines, isCut: false }
  const found = line.startsWith('|')
    ? parseMarkdownTable(block, ignored)
    : parseMarkdownItem({ ...block, kind: 'item' })
  if (found.length === 0) return [{ where, reason: 'expected a link to a paper, got none' }]
  return found.map((result) => ('reason' in result ? { ...result, where } : result))
}
