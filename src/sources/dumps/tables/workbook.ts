import { PermanentError } from '../../../errors.ts'
import type { Bytes } from '../containers/bytes.ts'
import { isDateFormat, unescaped } from './cells.ts'
import { readXml, type XmlHandler } from './saxEvents.ts'
import { type CellValue, type SheetContext, type SheetRow, sheetRows } from './sheet.ts'
import type { ListsPapers, Table, TableRow } from './tableFile.ts'

/** The file of a zip archive by its name; undefined if it is missing. */
export type FileOf = (name: string) => Bytes | undefined

/** The file that only a workbook has (Office Open XML, ECMA-376). */
export const WORKBOOK = 'xl/workbook.xml'

/** Title rows may stand above the names of the columns. */
const MOST_ABOVE_NAMES = 20
const MOST_STRINGS = 256 * 1024 * 1024

/**
 * The sheets of a workbook (.xlsx) as tables. The names of the columns are in the first row that could list papers, else
 * in the first.
 * @throws PermanentError if it is damaged, or if its texts do not fit into memory.
 */
export async function workbookTables(fileOf: FileOf, listsPapers: ListsPapers): Promise<Table[]> {
  const book = await bookOf(fileOf)
  const styles = await stylesOf(fileOf('xl/styles.xml'))
  let strings: string[] | undefined
  const tables: Table[] = []
  for (const { name, path } of book.sheets) {
    strings ??= await stringsOf(fileOf('xl/sharedStrings.xml'))
    const context = { strings, dateStyles: styles, is1904: book.is1904, links: await linksOf(fileOf, path) }
    const first = await firstRows(fileOf(path), context)
    const header = headerOf(first, listsPapers)
    if (header === undefined) continue
    tables.push({
      name,
      columns: [...header.names.values()],
      rows: () => recordsOf(fileOf(path)!, context, header),
    })
  }
  return tables
}

async function read(bytes: Bytes | undefined, handler: Partial<XmlHandler>): Promise<void> {
  if (bytes === undefined) return
  const nothing = () => {}
  for await (const _ of readXml(bytes, { open: nothing, text: nothing, close: nothing, ...handler }));
}

interface Book {
  is1904: boolean
  sheets: { name: string; path: string }[]
}

async function bookOf(fileOf: FileOf): Promise<Book> {
  const targets = await relationsOf(fileOf, WORKBOOK)
  const book: Book = { is1904: false, sheets: [] }
  await read(fileOf(WORKBOOK), {
    open(name, attributes) {
      if (name === 'workbookPr') book.is1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '')
      const target = name === 'sheet' ? targets.get(relationIn(attributes)) : undefined
      if (target !== undefined) book.sheets.push({ name: attributes.name ?? target, path: target })
    },
  })
  if (book.sheets.length > 0) return book
  throw new PermanentError('expected a workbook with sheets, got one without any; copy it again')
}

function relationIn(attributes: Record<string, string>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
}

/** What a part of the workbook refers to: files as paths in the archive, addresses as they are. */
async function relationsOf(fileOf: FileOf, part: string): Promise<Map<string, string>> {
  const [folder, file] = [part.slice(0, part.lastIndexOf('/') + 1), part.slice(part.lastIndexOf('/') + 1)]
  const targets = new Map<string, string>()
  await read(fileOf(`${folder}_rels/${file}.rels`), {
    open(name, { Id: id, Target: target, TargetMode: mode }) {
      if (name !== 'Relationship' || id === undefined || target === undefined) return
      targets.set(
        id,
        mode === 'External' ? target : target.startsWith('/') ? target.slice(1) : folder + target,
      )
    },
  })
  return targets
}

/** For each style whether it shows a date. */
async function stylesOf(bytes: Bytes | undefined): Promise<boolean[]> {
  const codes = new Map<number, string>()
  const styles: boolean[] = []
  let isInCells = false
  await read(bytes, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') isInCells = true
      const id = Number(attributes.numFmtId ?? 0)
      if (name === 'xf' && isInCells) styles.push(isDateFormat(id, codes.get(id)))
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false
    },
  })
  return styles
}

/** The texts that cells share. */
async function stringsOf(bytes: Bytes | undefined): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let length = 0
  let isText = false
  let isSpoken = false
  await read(bytes, {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') isSpoken = true
      isText = name === 't' && !isSpoken
    },
    text(piece) {
      if (!isText) return
      text += piece
      length += piece.length
      if (length > MOST_STRINGS)
        throw new PermanentError(
          'expected a workbook with at most 256 MB of text, got more; save its sheets as CSV',
        )
    },
    close(name) {
      isText = false
      if (name === 'rPh') isSpoken = false
      if (name === 'si') strings.push(unescaped(text))
    },
  })
  return strings
}

/** The addresses behind the cells of a sheet. They stand below its rows, so a sheet with addresses is read twice. */
async function linksOf(fileOf: FileOf, sheet: string): Promise<ReadonlyMap<string, string>> {
  const targets = await relationsOf(fileOf, sheet)
  const links = new Map<string, string>()
  if (![...targets.values()].some((target) => /^(?:https?|mailto):/i.test(target))) return links
  await read(fileOf(sheet), {
    open(name, attributes) {
      const target = name === 'hyperlink' ? targets.get(relationIn(attributes)) : undefined
      if (target !== undefined && attributes.ref !== undefined) links.set(attributes.ref, target)
    },
  })
  return links
}

async function firstRows(bytes: Bytes | undefined, context: SheetContext): Promise<SheetRow[]> {
  const rows: SheetRow[] = []
  if (bytes === undefined) return rows
  for await (const found of sheetRows(bytes, context)) {
    rows.push(...found)
    if (rows.length >= MOST_ABOVE_NAMES) break
  }
  return rows.slice(0, MOST_ABOVE_NAMES)
}

interface Header {
  /** The number of the row with the names. */
  row: number
  names: Map<number, string>
}

function headerOf(rows: SheetRow[], listsPapers: ListsPapers): Header | undefined {
  const all = rows.map(({ number, cells }) => ({ row: number, names: namesIn(cells) }))
  return all.find(({ names }) => listsPapers([...names.values()])) ?? all.find(({ names }) => names.size > 0)
}

function namesIn(cells: Map<number, CellValue>): Map<number, string> {
  return new Map([...cells].map(([column, value]) => [column, String(value).trim()]))
}

/** A record for each row, so that the number of a record is that of its row. */
async function* recordsOf(bytes: Bytes, context: SheetContext, header: Header): AsyncGenerator<TableRow[]> {
  let done = 0
  for await (const rows of sheetRows(bytes, context)) {
    for (const row of rows) {
      yield new Array<TableRow>(Math.max(0, row.number - done - 1))
      yield [row.number > header.row && row.cells.size > 0 ? recordOf(row, header.names) : undefined]
      done = row.number
    }
  }
}

/** The address behind a cell counts where no column holds one. */
const LINK = 'link'

function recordOf({ cells, links }: SheetRow, names: Map<number, string>): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const [column, value] of cells) {
    const name = names.get(column)
    if (name !== undefined && !Object.hasOwn(record, name)) record[name] = value
  }
  const [link] = links.values()
  return link === undefined || Object.keys(record).some((name) => name.toLowerCase() === LINK)
    ? record
    : { ...record, [LINK]: link }
}
