import { seededRandom } from '../src/ranking/matrices/randomNumbers.ts'

/** Numbers that look random and are the same in every run. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(values: readonly T[]): T
}

/** The numbers of `seededRandom`, also as whole numbers and as a choice. */
export function createRandom(seed: number): Random {
  const next = seededRandom(seed)
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (values) => values[Math.floor(next() * values.length)]!,
  }
}
