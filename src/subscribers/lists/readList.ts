import { PermanentError } from '../../errors.ts'
import { type Bytes, peek } from '../../sources/dumps/containers/bytes.ts'
import { headersOf, type Row, rowsOf } from '../../sources/dumps/records/rows.ts'
import { checkedText, headText } from '../../sources/dumps/records/utf8.ts'
import { type ListHeader, readHeader } from './columns.ts'

const HEAD_BYTES = 64 * 1024
/** Rows that are looked up and written together. */
const BATCH = 500

/**
 * Opens a list of subscribers in CSV, of any size: commas, semicolons or tabs, in any usual character set.
 * @throws PermanentError if no column has addresses; while rows are read, if the text breaks off within a cell.
 */
export async function openList(file: Bytes): Promise<ListHeader & { batches: AsyncGenerator<Row[]> }> {
  const { head, bytes } = await peek(file, HEAD_BYTES)
  const text = headText(head)
  const tables = headersOf(text).map(({ delimiter, names }) => ({ delimiter, ...readHeader(names) }))
  // A list may be addresses alone, with nothing to divide.
  const [first = ''] = text.replace(/^\uFEFF/, '').split('\n', 1)
  const found = tables.find(({ columns }) => columns.includes('email')) ?? {
    delimiter: ',',
    ...readHeader([first]),
  }
  if (!found.columns.includes('email')) {
    throw new PermanentError(
      `expected a table whose first row names a column email, got "${first.slice(0, 80)}"; add the names of the columns as the first row`,
    )
  }
  const { columns, ignored, delimiter } = found
  return { columns, ignored, batches: batchesOf(rowsOf(checkedText(bytes, head), delimiter)) }
}

/** The rows below the header, in batches of one size. */
async function* batchesOf(chunks: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  let waiting: Row[] = []
  let isHeader = true
  for await (const rows of chunks) {
    waiting.push(...(isHeader ? rows.slice(1) : rows))
    if (rows.length > 0) isHeader = false
    while (waiting.length >= BATCH) {
      yield waiting.slice(0, BATCH)
      waiting = waiting.slice(BATCH)
    }
  }
  if (waiting.length > 0) yield waiting
}
