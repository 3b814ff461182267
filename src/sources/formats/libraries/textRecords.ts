import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import type { Fields } from '../../reading/fields.ts'
import { countIgnored, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { type PageFormat, refuseTooMany, separate } from '../../reading/pageFormat.ts'
import { chooseColumns } from '../table/columns.ts'
import { parseAnyRecord, topNames } from '../table/tableRecord.ts'

/**
 * Texts in which one record follows the other, as libraries and catalogues export them: BibTeX, RIS, PubMed, EndNote and
 * others. Each record begins with a sign of its own, so that a file of any size is read record by record, and a damaged
 * record costs no other.
 */
export interface TextFormat {
  /** Short and stable: `bibtex`. */
  name: string
  detect(head: string): boolean
  /** Where a record begins, as a global pattern. It must match at the same places whatever follows a record. */
  begins: RegExp
  /** Makes a reader of the records of one text, in their order. */
  reader(): RecordReader
}

/** Gives a record by the names that tables have, what is wrong with it, or undefined for what is no record of a paper. */
export type RecordReader = (text: string) => Fields | { fault: string } | undefined

/** A record as text. */
export interface TextPiece {
  text: string
  /** The line on which it begins, counted from 1. */
  line: number
}

/**
 * Cuts text into records as it comes. What stands before the first one is left out. `most`: characters of a record.
 * @throws PermanentError if a record is longer, after giving out those before.
 */
export function pieceCutter(begins: RegExp, most = Number.POSITIVE_INFINITY): PieceCutter {
  let pending = ''
  let isInside = false
  let line = 1
  // Where the search goes on. A sign may be cut off at the end of the text so far.
  let searched = 0
  const take = (end: number): TextPiece => {
    const piece = { text: pending.slice(0, end), line }
    line += countLines(piece.text)
    pending = pending.slice(end)
    return piece
  }
  const cut = (end: () => number): TextPiece[] => {
    const found: TextPiece[] = []
    begins.lastIndex = Math.max(searched, isInside ? 1 : 0)
    for (let match = begins.exec(pending); match !== null; match = begins.exec(pending)) {
      if (match.index > end()) break
      const piece = take(match.index)
      if (isInside) found.push(piece)
      isInside = true
      begins.lastIndex = 1
    }
    searched = Math.max(0, end())
    return found
  }
  return {
    add(text) {
      if (pending.length > most)
        throw new PermanentError(
          `expected records of at most ${most} characters, got a longer one: line ${line}; check that the file is whole`,
        )
      pending += text
      return cut(() => pending.length - LONGEST_SIGN)
    },
    end() {
      const found = cut(() => pending.length)
      return isInside && pending.trim() !== '' ? [...found, take(pending.length)] : found
    },
  }
}

interface PieceCutter {
  add(text: string): TextPiece[]
  end(): TextPiece[]
}

const LONGEST_SIGN = 200

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/** Reads a record of a text; undefined for what is no record of a paper. Counts the fields that are not read. */
export function parseTextRecord(
  read: RecordReader,
  { text, line }: TextPiece,
  ignored: IgnoredFields,
): Entry | Reject | undefined {
  const where = `line ${line}`
  const record = read(text)
  if (record === undefined) return undefined
  if (typeof record.fault === 'string') return { where, reason: record.fault }
  const columns = chooseColumns(Object.keys(record))
  if (columns !== undefined) countIgnored(ignored, record, topNames(columns))
  return parseAnyRecord(record, where)
}

/** A record with its line, as an entry or with what is wrong with it. */
export interface ReadPiece {
  line: number
  result: Entry | Reject
}

/** Reads the records of a text that is in memory. Of more than `most`, the others are rejects, unread. */
export function readPieces(
  format: TextFormat,
  text: string,
  ignored: IgnoredFields = new Map(),
  most = Number.POSITIVE_INFINITY,
): ReadPiece[] {
  const cutter = pieceCutter(new RegExp(format.begins))
  const pieces = [...cutter.add(text), ...cutter.end()]
  refuseTooMany(pieces)
  const read = format.reader()
  return pieces.flatMap((piece, index) => {
    const result =
      index < most
        ? parseTextRecord(read, piece, ignored)
        : { where: `line ${piece.line}`, reason: `expected at most ${most} records, got more` }
    return result === undefined ? [] : { line: piece.line, result }
  })
}

/** The same as a format of pages, for what is fetched and pasted. */
export function pageOf(format: TextFormat): PageFormat {
  const parse = (page: string): Listing => {
    const ignored: IgnoredFields = new Map()
    const results = readPieces(format, page, ignored).map(({ result }) => result)
    if (results.length === 0) throw new PermanentError(`expected records of ${format.name}, got none`)
    return { format: format.name, ...separate(results), ignored: [...ignored] }
  }
  return { name: format.name, detect: format.detect, parse }
}
