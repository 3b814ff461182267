import { keptFor } from '../../caching.ts'
import type { PaperIndex } from '../index/paperIndex.ts'

/** What a topic gives each paper of an index. */
export interface ScoreBuffers {
  /** The sum of what the clauses and the related words add. */
  interest: Float64Array
  /** What the related words of the corpus model and the query's meaning add. */
  related: Float64Array
  /** What of the scored clauses the paper itself has, as bits (`bitOf`); 0 if it has none of them. */
  held: Uint32Array
}

const BITS = 32

/** The bit of a scored clause, by its place in the query. The clauses after the 31st share the last bit. */
export function bitOf(place: number): number {
  return 1 << Math.min(place, BITS - 1)
}

/** Whether no other clause has the bit of this one. */
export function hasOwnBit(place: number): boolean {
  return place < BITS - 1
}

/** Cleared buffers of an index, for the next topics: new ones would take longer than clearing. */
const spareOf = keptFor((_index: PaperIndex): ScoreBuffers[] => [])

/** Buffers of zeros. Return them by returnBuffers when they are not needed any more. */
export function takeBuffers(index: PaperIndex): ScoreBuffers {
  const { length } = index.papers
  return (
    spareOf(index).pop() ?? {
      interest: new Float64Array(length),
      related: new Float64Array(length),
      held: new Uint32Array(length),
    }
  )
}

/** Clears the buffers of a topic that takeBuffers gave for its index, and keeps them for the next one. They must not be used afterwards. */
export function returnBuffers({
  index,
  interest,
  related,
  held,
}: ScoreBuffers & { index: PaperIndex }): void {
  interest.fill(0)
  related.fill(0)
  held.fill(0)
  spareOf(index).push({ interest, related, held })
}
