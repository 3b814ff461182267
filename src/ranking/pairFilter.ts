/**
 * Which words stand side by side somewhere, as a Bloom filter (Bloom, 1970) with two hashes: a phrase that surely stands nowhere,
 * as most pairs of a query's words, is found out without reading a paper.
 */
export interface PairFilter {
  bits: Uint32Array
  /** 32 − log₂ of the number of bits. */
  shift: number
}

/** At this many bits a pair one phrase in fifty that stands nowhere is looked for in vain. */
const BITS_PER_PAIR = 12
const LEAST_BITS = 12
const MOST_BITS = 30

/** `sequences`: term numbers in reading order, negative ones between fields. */
export function pairFilterOf(sequences: readonly Int32Array[]): PairFilter {
  const pairs = sequences.reduce((sum, sequence) => sum + sequence.length, 0)
  const size = Math.min(Math.max(Math.ceil(Math.log2(pairs * BITS_PER_PAIR + 1)), LEAST_BITS), MOST_BITS)
  const filter = { bits: new Uint32Array(2 ** (size - 5)), shift: 32 - size }
  for (const sequence of sequences)
    for (let at = 1; at < sequence.length; at++) {
      const hash = hashOf(sequence[at - 1]!, sequence[at]!)
      setBit(filter, hash)
      setBit(filter, rehash(hash))
    }
  return filter
}

/** False where the two stand side by side nowhere. */
export function mayHoldPair(filter: PairFilter, first: number, second: number): boolean {
  const hash = hashOf(first, second)
  return hasBit(filter, hash) && hasBit(filter, rehash(hash))
}

function setBit({ bits, shift }: PairFilter, hash: number): void {
  const bit = hash >>> shift
  bits[bit >>> 5]! |= 1 << (bit & 31)
}

function hasBit({ bits, shift }: PairFilter, hash: number): boolean {
  const bit = hash >>> shift
  return (bits[bit >>> 5]! & (1 << (bit & 31))) !== 0
}

/** Multiplicative hashing: Knuth, The Art of Computer Programming 3, §6.4. */
function hashOf(first: number, second: number): number {
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b)
}

function rehash(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
}
