import { PermanentError } from '../../../errors.ts'
import type { Bytes } from '../containers/bytes.ts'
import { columnIndex, dateOfSerial, linkInFormula, unescaped } from './cells.ts'
import { readXml, type XmlHandler } from './saxEvents.ts'

export type CellValue = string | number | boolean

/** A row of a sheet, by the places of its columns, and the addresses that its cells link to. */
export interface SheetRow {
  /** From 1. Rows without cells may be left out. */
  number: number
  cells: Map<number, CellValue>
  links: Map<number, string>
}

/** What cells refer to. */
export interface SheetContext {
  strings: readonly string[]
  /** Which styles show a number as a date. */
  dateStyles: readonly boolean[]
  is1904: boolean
  /** Addresses by cell, `B2`. */
  links: ReadonlyMap<string, string>
}

/** The most text of a cell is 32,767 characters (Excel's limit); other programs write more. */
const MOST_TEXT = 1024 * 1024

interface Cell {
  reference: string
  type: string
  style: number
  value: string
  formula: string
}

/** The rows of a worksheet (ECMA-376, part 1, §18.3), some at a time. @throws PermanentError for an endless cell. */
export async function* sheetRows(bytes: Bytes, context: SheetContext): AsyncGenerator<SheetRow[]> {
  const rows: SheetRow[] = []
  for await (const _ of readXml(bytes, rowsTo(rows, context))) {
    if (rows.length > 0) yield rows.splice(0)
  }
}

function rowsTo(rows: SheetRow[], context: SheetContext): XmlHandler {
  let row: SheetRow | undefined
  let number = 0
  let next = 0
  let cell: Cell | undefined
  let into: 'value' | 'formula' | undefined
  let isReading = ''
  return {
    open(name, attributes) {
      isReading = name
      if (name === 'row') {
        number = rowNumber(attributes.r, number)
        row = { number, cells: new Map(), links: new Map() }
        next = 0
      } else if (name === 'c') {
        cell = {
          reference: attributes.r ?? '',
          type: attributes.t ?? 'n',
          style: Number(attributes.s ?? 0),
          value: '',
          formula: '',
        }
      } else into = partOf(name) ?? into
    },
    text(text) {
      if (cell === undefined || into === undefined || partOf(isReading) === undefined) return
      cell[into] += text
      if (cell[into].length > MOST_TEXT)
        throw new PermanentError('expected cells of at most 1 MB, got a longer one; save the sheet as CSV')
    },
    close(name) {
      isReading = ''
      if (name === 'c' && cell !== undefined && row !== undefined) {
        const column = columnIndex(cell.reference) ?? next
        next = column + 1
        addCell(row, column, cell, context)
        cell = undefined
      } else if (name === 'row' && row !== undefined) {
        rows.push(row)
        row = undefined
      }
      if (partOf(name) !== undefined) into = undefined
    },
  }
}

const MOST_ROWS = 1_048_576

function rowNumber(written: string | undefined, before: number): number {
  const number = Number(written)
  return Number.isInteger(number) && number > before && number <= MOST_ROWS ? number : before + 1
}

/** The text of a value or of an inline text, but not how it is pronounced. */
function partOf(name: string): 'value' | 'formula' | undefined {
  if (name === 'v' || name === 't') return 'value'
  return name === 'f' ? 'formula' : undefined
}

function addCell(row: SheetRow, column: number, cell: Cell, context: SheetContext): void {
  const value = cellValue(cell, context)
  if (value === undefined || value === '') return
  row.cells.set(column, value)
  const link = context.links.get(cell.reference) ?? linkInFormula(cell.formula)
  if (link !== undefined) row.links.set(column, link)
}

function cellValue({ type, style, value }: Cell, context: SheetContext): CellValue | undefined {
  if (type === 's') return context.strings[Number(value)]
  if (type === 'b') return value === '1'
  if (type === 'e') return undefined
  if (type !== 'n') return unescaped(value)
  const number = Number(value)
  if (value === '' || !Number.isFinite(number)) return undefined
  return (context.dateStyles[style] ? dateOfSerial(number, context.is1904) : undefined) ?? number
}
