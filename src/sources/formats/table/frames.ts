import { type Fields, fieldsOf } from '../../reading/fields.ts'
import { chooseColumns } from './columns.ts'

/**
 * Tables that programs write as one JSON object (pandas.DataFrame.to_json, json.dump of a dictionary): columns of
 * values, rows under the names of columns, or records under a key each.
 */

const MOST_COLUMNS = 500

/** The records of such an object; undefined for any other value. `isRecord`: whether an object is a paper's record. */
export function recordsOfFrame(value: unknown, isRecord: (record: Fields) => boolean): Fields[] | undefined {
  const frame = fieldsOf(value)
  if (frame === undefined) return undefined
  return splitRows(frame) ?? columnRows(frame) ?? keyedRecords(frame, isRecord)
}

/** `{"columns": ["title"], "data": [["Lanterns"]]}` */
function splitRows({ columns, data }: Fields): Fields[] | undefined {
  if (!Array.isArray(columns) || !Array.isArray(data) || columns.length > MOST_COLUMNS) return undefined
  const names = columns.map(String)
  if (chooseColumns(names) === undefined || !data.every(Array.isArray)) return undefined
  return data.map((cells: unknown[]) => Object.fromEntries(names.map((name, at) => [name, cells[at]])))
}

/** `{"title": {"0": "Lanterns", "1": "Owls"}}`, `{"title": ["Lanterns", "Owls"]}` */
function columnRows(frame: Fields): Fields[] | undefined {
  const names = Object.keys(frame)
  const title = names.length <= MOST_COLUMNS ? chooseColumns(names)?.title?.[0] : undefined
  const rows = title === undefined ? undefined : rowNames(frame[title])
  if (rows === undefined || !names.every((name) => isColumn(frame[name], rows))) return undefined
  const cells = frame as Record<string, Fields>
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, cells[name]![row]])))
}

/** The numbers of the rows of a column. A list of one is what catalogues write for one title. */
function rowNames(column: unknown): string[] | undefined {
  if (Array.isArray(column)) return column.length > 1 ? Object.keys(column) : undefined
  const rows = Object.keys(fieldsOf(column) ?? {})
  return rows.length > 0 && rows.every((row) => /^\d+$/.test(row)) ? rows : undefined
}

function isColumn(column: unknown, rows: string[]): boolean {
  if (typeof column !== 'object' || column === null) return false
  const { length } = Object.keys(column)
  return length === rows.length && Object.hasOwn(column, rows[0]!) && Object.hasOwn(column, rows.at(-1)!)
}

/** `{"2603.01234": {"title": "Lanterns", …}}`, `{"example2026lanterns": …}`: keys by which one tells papers apart. */
function keyedRecords(frame: Fields, isRecord: (record: Fields) => boolean): Fields[] | undefined {
  const records = Object.entries(frame).map(([key, value]) => ({ id: key, ...fieldsOf(value) }))
  const areKeys = records.length > 0 && records.every(({ id }) => /\d/.test(id))
  if (!areKeys || !records.every((record) => isRecord(record))) return undefined
  return Object.values(frame).every((value) => fieldsOf(value) !== undefined) ? records : undefined
}
