import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sevenZipModule from '7z-wasm'
import { parquetWriteBuffer } from 'hyparquet-writer'
import sqlite from 'node-sqlite3-wasm'
import { zip } from './dumps.ts'

/** Makes files of tables and archives by the programs and packages that write them. */

/** A database that SQLite itself writes. */
export function database(...statements: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-test-'))
  const path = join(folder, 'papers.db')
  try {
    const db = new sqlite.Database(path)
    for (const statement of statements) db.exec(statement)
    db.close()
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The package gives a function, of which its types say that it is an object with one. */
const startSevenZip = (sevenZipModule as unknown as { default: sevenZipModule.SevenZipModuleFactory }).default

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]['columnData']

export function parquet(
  columnData: ColumnData,
  options: { codec?: 'SNAPPY' | 'UNCOMPRESSED'; rowGroupSize?: number } = {},
): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData, ...options }))
}

/** A 7z archive that 7-Zip writes. `method`: LZMA2, PPMd, BZip2, Copy. */
export async function sevenZip(
  files: Record<string, Uint8Array | string>,
  ...switches: string[]
): Promise<Buffer> {
  const program = await startSevenZip({ print: () => {}, printErr: () => {} })
  for (const [name, bytes] of Object.entries(files)) {
    const stream = program.FS.open(name, 'w+')
    const whole = Buffer.from(bytes)
    program.FS.write(stream, whole, 0, whole.length)
    program.FS.close(stream)
  }
  program.callMain(['a', ...switches, 'papers.7z', ...Object.keys(files)])
  return Buffer.from(program.FS.readFile('papers.7z'))
}

export type CellText =
  | string
  | number
  | boolean
  | undefined
  | { date: number }
  | { inline: string }
  | { formula: string; value: string }
  | { text: string; link: string }

/** A workbook as spreadsheets write it: shared texts, a style for dates, links beside the rows. */
export function workbook(sheets: Record<string, CellText[][]>, options: { is1904?: boolean } = {}): Buffer {
  const strings: string[] = []
  const names = Object.keys(sheets)
  const files: Record<string, string> = {
    '[Content_Types].xml': xml(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    ),
    'xl/workbook.xml': xml(
      `<workbook ${MAIN} ${RELATIONS}><workbookPr${options.is1904 ? ' date1904="1"' : ''}/><sheets>${names
        .map(
          (name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': relations(names.map((_, index) => `worksheets/sheet${index + 1}.xml`)),
    'xl/styles.xml': xml(
      `<styleSheet ${MAIN}><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    ),
  }
  for (const [index, name] of names.entries())
    Object.assign(files, sheetFiles(index + 1, sheets[name]!, strings))
  files['xl/sharedStrings.xml'] = xml(
    `<sst ${MAIN}>${strings.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
  )
  return zip(files)
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

function xml(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${inside}`
}

function relations(targets: string[], mode = ''): string {
  return xml(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
      .map(
        (target, index) => `<Relationship Id="rId${index + 1}" Type="x" Target="${escaped(target)}"${mode}/>`,
      )
      .join('')}</Relationships>`,
  )
}

function sheetFiles(number: number, rows: CellText[][], strings: string[]): Record<string, string> {
  const links: [reference: string, address: string][] = []
  const body = rows.map((cells, row) => {
    const written = cells.map((cell, column) => {
      const reference = `${columnName(column)}${row + 1}`
      if (typeof cell === 'object' && 'link' in cell) links.push([reference, cell.link])
      return cellXml(reference, cell, strings)
    })
    return `<row r="${row + 1}">${written.join('')}</row>`
  })
  const linked = links.map(([reference], index) => `<hyperlink ref="${reference}" r:id="rId${index + 1}"/>`)
  const below = linked.length === 0 ? '' : `<hyperlinks>${linked.join('')}</hyperlinks>`
  const files = {
    [`xl/worksheets/sheet${number}.xml`]: xml(
      `<worksheet ${MAIN} ${RELATIONS}><sheetData>${body.join('')}</sheetData>${below}</worksheet>`,
    ),
  }
  if (links.length === 0) return files
  return {
    ...files,
    [`xl/worksheets/_rels/sheet${number}.xml.rels`]: relations(
      links.map(([, address]) => address),
      ' TargetMode="External"',
    ),
  }
}

function columnName(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnName(Math.floor(index / 26) - 1) + columnName(index % 26)
}

function cellXml(reference: string, cell: CellText, strings: string[]): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'object' && 'date' in cell) return `<c r="${reference}" s="1"><v>${cell.date}</v></c>`
  if (typeof cell === 'object' && 'inline' in cell)
    return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell.inline)}</t></is></c>`
  if (typeof cell === 'object' && 'formula' in cell) {
    return `<c r="${reference}" t="str"><f>${escaped(cell.formula)}</f><v>${escaped(cell.value)}</v></c>`
  }
  strings.push(typeof cell === 'string' ? cell : cell.text)
  return `<c r="${reference}" t="s"><v>${strings.length - 1}</v></c>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
