/**
 * Which words stand side by side somewhere, as a Bloom filter (Bloom, 1970) with one hash: a phrase that surely stands nowhere,
 * as most pairs of a query's words, is found out without reading a paper.
 */
export interface PairFilter {
  bits: Uint32Array
  /** 32 − log₂ of the number of bits. */
  shift: number
}

/** At this many bits a pair one phrase in ten that stands nowhere is looked for in vain. */
const BITS_PER_PAIR = 8
const LEAST_BITS = 12
const MOST_BITS = 30

/** `sequences`: term numbers in reading order, negative ones between fields. */
export function pairFilterOf(sequences: readonly Int32Array[]): PairFilter {
  const pairs = sequences.reduce((sum, sequence) => sum + sequence.length, 0)
  const size = Math.min(Math.max(Math.ceil(Math.log2(pairs * BITS_PER_PAIR + 1)), LEAST_BITS), MOST_BITS)
  const filter = { bits: new Uint32Array(2 ** (size - 5)), shift: 32 - size }
  for (const sequence of sequences)
    for (let at = 1; at < sequence.length; at++) {
      const bit = bitOf(filter, sequence[at - 1]!, sequence[at]!)
      filter.bits[bit >>> 5]! |= 1 << (bit & 31)
    }
  return filter
}

/** False where some two neighbours of the phrase stand side by side nowhere. */
export function mayHoldPhrase(filter: PairFilter, terms: readonly number[]): boolean {
  for (let at = 1; at < terms.length; at++) {
    const bit = bitOf(filter, terms[at - 1]!, terms[at]!)
    if ((filter.bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false
  }
  return true
}

/** Multiplicative hashing: Knuth, The Art of Computer Programming 3, §6.4. */
function bitOf({ shift }: PairFilter, first: number, second: number): number {
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) >>> shift
}
