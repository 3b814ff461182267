import { readFileSync } from 'node:fs'
import type { Entry } from '../src/domain.ts'
import { splitNames } from '../src/sources/reading/names.ts'
import { repairEncoding } from '../src/text/encoding.ts'

/**
 * Bibliographic records of the duplicate sets, one `{id, source, title, authors, venue, year}` a line, as entries.
 */

export interface DedupRecord {
  id: string
  /** The list that the record comes from. */
  source: string
  entry: Entry
}

/** Reads a file of JSON lines. @throws Error that names a line that is not a record. */
export function readRecords(path: string): DedupRecord[] {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [readRecord(line, `${path}:${index + 1}`)],
  )
}

function readRecord(line: string, where: string): DedupRecord {
  const fields = JSON.parse(line) as Record<string, unknown>
  const text = (name: string) => `${fields[name] ?? ''}`.trim()
  if (text('id') === '' || text('title') === '') {
    throw new Error(`${where}: expected a record with id and title, got ${line.slice(0, 80)}`)
  }
  const year = /(?:19|20)\d\d/.exec(text('year'))?.[0]
  const entry: Entry = {
    title: text('title'),
    authors: authorsIn(text('authors')),
    venue: text('venue') || undefined,
    year: year === undefined ? undefined : Number(year),
  }
  return { id: text('id'), source: text('source'), entry }
}

/** The names of a reference: separated at semicolons if there are any, else as in feeds. */
function authorsIn(text: string): string[] | undefined {
  const names = repairEncoding(text)
    .replace(/&/g, ' and ')
    .replace(/[\s,;.]+$/, '')
  if (!names.includes(';')) return splitNames(names)
  return names
    .split(';')
    .map((name) => name.replace(/^\s*and\s/, '').trim())
    .filter((name) => name !== '')
}
