import { insertTopK } from '../../topK.ts'

/**
 * Sums by number, of which few are above 0. Only the touched numbers are visited and cleared, so one allocation serves many
 * rounds: add, read, clear.
 */
export interface SparseSums {
  values: Float64Array
  /** The numbers with a sum, in the order in which they were touched: the first `count` entries. */
  touched: Int32Array
  count: number
}

/** A number and its sum. */
export interface WeightedNumber {
  number: number
  weight: number
}

/** Sums of zero for the numbers 0 … size − 1. */
export function newSums(size: number): SparseSums {
  return { values: new Float64Array(size), touched: new Int32Array(size), count: 0 }
}

/** Sets all sums back to zero. */
export function clearSums(sums: SparseSums): void {
  for (let at = 0; at < sums.count; at++) sums.values[sums.touched[at]!] = 0
  sums.count = 0
}

/** Adds a value above 0. */
export function addTo(sums: SparseSums, number: number, value: number): void {
  if (sums.values[number] === 0) sums.touched[sums.count++] = number
  sums.values[number]! += value
}

/** Adds `factor` times `values[k]` to the number `numbers[k]` for k from `from` to `to`. The values must be above 0. */
export function addAll(
  sums: SparseSums,
  numbers: Int32Array,
  values: Float32Array,
  factor: number,
  from = 0,
  to: number = numbers.length,
): void {
  const { values: totals, touched } = sums
  let { count } = sums
  for (let k = from; k < to; k++) {
    const number = numbers[k]!
    const total = totals[number]!
    if (total === 0) touched[count++] = number
    totals[number] = total + factor * values[k]!
  }
  sums.count = count
}

/** The sums in the order in which their numbers were touched. */
export function valuesOf({ values, touched, count }: SparseSums): Float64Array {
  const all = new Float64Array(count)
  for (let at = 0; at < count; at++) all[at] = values[touched[at]!]!
  return all
}

/** The `most` numbers with the largest sums, largest first; of equal sums the number touched first. */
export function heaviest(sums: SparseSums, most: number): WeightedNumber[] {
  const { values, touched, count } = sums
  const best: WeightedNumber[] = []
  // Leaves few sums to insert. A little less than the cutoff, because rounding may put a sum just below it.
  let least = cutoff(valuesOf(sums), most) * (1 - 1e-9)
  for (let k = 0; k < count; k++) {
    const weight = values[touched[k]!]!
    if (weight <= least) continue
    insertTopK(best, { number: touched[k]!, weight }, most, heavierFirst)
    if (best.length === most) least = best[most - 1]!.weight
  }
  return best
}

export function heavierFirst(a: WeightedNumber, b: WeightedNumber): number {
  return b.weight - a.weight
}

const STEPS = 256

/** A value that about `most` of the values reach, or a few more; 0 if there are no more than that. */
export function cutoff(values: Float64Array | Float32Array, most: number): number {
  if (values.length <= most) return 0
  let largest = 0
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k]!)
  const step = largest / STEPS
  const reached = new Int32Array(STEPS + 1)
  for (let k = 0; k < values.length; k++) reached[Math.floor(values[k]! / step)]!++
  let sum = 0
  for (let at = STEPS; at > 0; at--) {
    sum += reached[at]!
    if (sum >= most) return at * step
  }
  return 0
}
