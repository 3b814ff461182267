import { remembered } from '../../caching.ts'

/** Trigrams: two spellings of a text share most of them although letters were lost, added or changed. */

/** The set of trigrams; for a text shorter than three letters, the text itself. */
export function trigramsOf(text: string): Set<string> {
  const pieces = new Set<string>()
  if (text.length > 0 && text.length < 3) pieces.add(text)
  for (let at = 0; at + 3 <= text.length; at += 1) pieces.add(text.slice(at, at + 3))
  return pieces
}

/** Twice the shared trigrams, divided by the sum of both counts (Sørensen–Dice), 0 to 1. */
export function diceOf(ones: Set<string>, others: Set<string>): number {
  const sum = ones.size + others.size
  return sum === 0 ? 0 : (2 * sharedBy(ones, others)) / sum
}

export function sharedBy<T>(ones: Set<T>, others: Set<T>): number {
  const [small, large] = ones.size < others.size ? [ones, others] : [others, ones]
  let shared = 0
  for (const piece of small) if (large.has(piece)) shared += 1
  return shared
}

/**
 * Whether two words differ only by a typing error, which leaves their beginning or end intact. Words of less than four
 * letters are too short for that.
 */
export function alikeWords(one: string, other: string): boolean {
  if (one === other) return true
  if (Math.min(one.length, other.length) < 4) return false
  if (one.slice(0, 2) !== other.slice(0, 2) && one.slice(-2) !== other.slice(-2)) return false
  return diceOf(wordTrigrams(one), wordTrigrams(other)) >= 0.5
}

/** A paper's authors are compared with those of every record that may be it. */
const wordTrigrams = remembered(5_000, (word) => trigramsOf(` ${word} `))
