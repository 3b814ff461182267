/** Sums for few of many places: only those touched are visited and cleared, and the memory is used again. */
export interface Sums {
  values: Float64Array
  touched: Int32Array
  /** How many places were touched. */
  count: number
}

/** Places with their sums, falling. */
export interface Heaviest {
  places: number[]
  values: number[]
}

/** Cleared ones, to be used again; never more than are in use at once. */
const spare: Sums[] = []

/** Sums of zero for `places` places; give them back with endSums. */
export function startSums(places: number): Sums {
  const sums = spare.pop()
  if (sums !== undefined && sums.values.length >= places) return sums
  return { values: new Float64Array(places), touched: new Int32Array(places), count: 0 }
}

/** Adds a value above 0. */
export function addTo(sums: Sums, place: number, value: number): void {
  if (sums.values[place] === 0) sums.touched[sums.count++] = place
  sums.values[place]! += value
}

/** Adds `factor` times values above 0, those from place `from` to `to` of two lists that belong together. */
export function addAll(
  sums: Sums,
  places: Int32Array,
  values: Float32Array,
  factor: number,
  from = 0,
  to: number = places.length,
): void {
  const { values: totals, touched } = sums
  let { count } = sums
  for (let k = from; k < to; k++) {
    const place = places[k]!
    const total = totals[place]!
    if (total === 0) touched[count++] = place
    totals[place] = total + factor * values[k]!
  }
  sums.count = count
}

/** The sums alone, in the order in which their places were touched. */
export function valuesOf({ values, touched, count }: Sums): Float64Array {
  const all = new Float64Array(count)
  for (let at = 0; at < count; at++) all[at] = values[touched[at]!]!
  return all
}

/** Clears the sums for the next to come. */
export function endSums(sums: Sums): void {
  for (let at = 0; at < sums.count; at++) sums.values[sums.touched[at]!] = 0
  sums.count = 0
  spare.push(sums)
}

/** The `most` heaviest; of equals those first touched. */
export function heaviest({ values, touched, count }: Sums, most: number): Heaviest {
  const best: Heaviest = { places: [], values: [] }
  let least = 0
  for (let k = 0; k < count; k++) {
    const value = values[touched[k]!]!
    if (value <= least) continue
    insert(best, touched[k]!, value, most)
    if (best.values.length === most) least = best.values[most - 1]!
  }
  return best
}

function insert({ places, values }: Heaviest, place: number, value: number, most: number): void {
  let at = Math.min(values.length, most - 1)
  while (at > 0 && value > values[at - 1]!) {
    places[at] = places[at - 1]!
    values[at] = values[at - 1]!
    at--
  }
  places[at] = place
  values[at] = value
}

const STEPS = 256

/** A value that about `most` of the first `count` values reach, or a few more; 0 where there are no more than that. */
export function cutoff(values: Float64Array | Float32Array, count: number, most: number): number {
  if (count <= most) return 0
  let largest = 0
  for (let k = 0; k < count; k++) largest = Math.max(largest, values[k]!)
  const step = largest / STEPS
  const reached = new Int32Array(STEPS + 1)
  for (let k = 0; k < count; k++) reached[Math.floor(values[k]! / step)]!++
  let sum = 0
  for (let at = STEPS; at > 0; at--) {
    sum += reached[at]!
    if (sum >= most) return at * step
  }
  return 0
}
