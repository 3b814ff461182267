import type { Topic } from '../../domain.ts'
import type { TypedTopic } from '../preferences.ts'

/**
 * Topics in one cell: a line each, `NAME=QUERY` or the bare query; or, if a topic says more than that, a list in JSON.
 * `readTopicsCell` reads both.
 */
export function writeTopicsCell(topics: Topic[]): string {
  const isPlain = topics.every(
    ({ name, quota, pickiness, query }) =>
      quota === null && pickiness === undefined && NAMED.exec(`${name}=${query}`)?.[1] === name,
  )
  if (isPlain) return topics.map(({ name, query }) => `${name}=${query}`).join('\n')
  return JSON.stringify(topics)
}

/** A name has no sign of the query language: `author:"=Y. LeCun"` is a bare query. */
const NAMED = /^([^[=":\r\n][^=":\r\n]*)=(.*)$/

/** The topics of a cell as typed, not checked yet; undefined if it begins as JSON and is none. */
export function readTopicsCell(cell: string): TypedTopic[] | undefined {
  if (cell.trimStart().startsWith('[')) return readJson(cell)
  return cell
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', query = line] = NAMED.exec(line.trim()) ?? []
      return { name, query, quota: '' }
    })
}

function readJson(cell: string): TypedTopic[] | undefined {
  const text = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  try {
    const rows: unknown = JSON.parse(cell)
    if (!Array.isArray(rows)) return undefined
    return rows.map((row) => ({
      name: text(row?.name),
      query: text(row?.query),
      quota: text(row?.quota),
      ...(row?.pickiness === undefined ? {} : { pickiness: text(row.pickiness) }),
    }))
  } catch {
    return undefined
  }
}
