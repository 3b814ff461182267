import { pieceCutter, type TextPiece } from '../../formats/libraries/textRecords.ts'
import type { Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES } from './rawRecords.ts'

/** The records of a checked text, as many at a time as a chunk of it completes. */
export async function* textPiecesOf(text: Bytes, begins: RegExp): AsyncGenerator<TextPiece[]> {
  const cutter = pieceCutter(new RegExp(begins), MOST_RECORD_BYTES)
  const decoder = new TextDecoder()
  for await (const chunk of text) {
    const found = cutter.add(decoder.decode(chunk, { stream: true }))
    if (found.length > 0) yield found
  }
  yield cutter.end()
}
