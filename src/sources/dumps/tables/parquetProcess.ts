import type { AsyncBuffer, RowGroup, SchemaTree } from 'hyparquet'

/** The program that reads a Parquet file. It asks for the file's bytes, so that it opens nothing itself. */

export type ParquetOrder = { open: number } | 'next' | { id: number; bytes: Uint8Array }
export type ParquetAnswer =
  | { rows: Record<string, unknown>[] }
  | { isEnd: true }
  | { read: [id: number, offset: number, length: number] }
  | { fault: string; code: string | undefined }
/** The codes of faults that are not damage. */
export type FaultCode = 'ERR_MODULE_NOT_FOUND' | 'TOO_LARGE'

const waiting = new Map<number, (bytes: Uint8Array) => void>()
let asked = 0
let rows: AsyncGenerator<Record<string, unknown>[]> | undefined

process.on('message', (order: ParquetOrder) => {
  if (typeof order === 'object' && 'id' in order) {
    waiting.get(order.id)?.(order.bytes)
    waiting.delete(order.id)
    return
  }
  answerTo(order).then(say, (error) => say(faultOf(error)))
})

function say(answer: ParquetAnswer): void {
  process.send!(answer)
}

function faultOf(error: unknown): ParquetAnswer {
  const { code, message } = error as NodeJS.ErrnoException
  return { fault: String(message).split('\n', 1)[0]!, code }
}

/** The next rows; the first ones for a file that is opened. */
async function answerTo(order: { open: number } | 'next'): Promise<ParquetAnswer> {
  if (order !== 'next') rows = rowsIn(fileOf(order.open))
  const { done, value } = await rows!.next()
  return done ? { isEnd: true } : { rows: value }
}

function fileOf(byteLength: number): AsyncBuffer {
  return {
    byteLength,
    slice: (start, end = byteLength) =>
      new Promise((resolve) => {
        asked += 1
        waiting.set(asked, ({ buffer, byteOffset, length }) =>
          resolve(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer),
        )
        say({ read: [asked, start, end - start] })
      }),
  }
}

/** Lists of floating-point numbers are embeddings, a thousand numbers a paper, and say nothing that is read. */
function isVector(column: SchemaTree): boolean {
  const isList = column.children.length > 0 || column.element.repetition_type === 'REPEATED'
  return (
    isList && leavesOf(column).every(({ element }) => element.type === 'FLOAT' || element.type === 'DOUBLE')
  )
}

function leavesOf(column: SchemaTree): SchemaTree[] {
  return column.children.length === 0 ? [column] : column.children.flatMap(leavesOf)
}

const AT_ONCE = 500

const MOST_GROUP_BYTES = 512 * 1024 * 1024
const MOST_GROUP_ROWS = 4_000_000

/** What a file says of itself spares the time of trying; what it does not say is found by the limit of memory. */
function refuseLarge({ num_rows: rows, total_byte_size: bytes }: RowGroup): void {
  if (rows <= MOST_GROUP_ROWS && bytes <= MOST_GROUP_BYTES) return
  throw Object.assign(new Error('a group does not fit into memory'), {
    code: 'TOO_LARGE' satisfies FaultCode,
  })
}

/** The rows of each group. A group is read at once: its columns are packed one after the other. */
async function* rowsIn(file: AsyncBuffer): AsyncGenerator<Record<string, unknown>[]> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const metadata = await parquetMetadataAsync(file, { geoparquet: false })
  const read = parquetSchema(metadata).children.filter((column) => !isVector(column))
  const columns = read.map(({ element }) => element.name)
  let from = 0
  for (const group of metadata.row_groups) {
    refuseLarge(group)
    const to = from + Number(group.num_rows)
    const found = await parquetReadObjects({
      file,
      metadata,
      columns,
      compressors,
      rowStart: from,
      rowEnd: to,
    })
    for (let at = 0; at < found.length; at += AT_ONCE) yield found.slice(at, at + AT_ONCE)
    from = to
  }
}
