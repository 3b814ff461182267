/** One observation: its evidence, the first of which is 1, and whether it is of the one kind. */
export interface Sample {
  x: number[]
  y: boolean
  weight: number
}

/** Weights of a logistic regression with a quadratic penalty (not on the first), by Newton's method. */
export function fitLogistic(samples: Sample[], penalty = 1, steps = 30): number[] {
  const size = samples[0]!.x.length
  let weights: number[] = new Array(size).fill(0)
  for (let step = 0; step < steps; step += 1) {
    const gradient = weights.map((weight, at) => (at === 0 ? 0 : -penalty * weight))
    const hessian = weights.map((_, row) =>
      weights.map((__, column) => (row === column ? (row === 0 ? 1e-6 : penalty) : 0)),
    )
    for (const { x, y, weight } of samples) {
      let sum = 0
      for (let at = 0; at < size; at += 1) sum += weights[at]! * x[at]!
      const p = 1 / (1 + Math.exp(-sum))
      const slope = weight * ((y ? 1 : 0) - p)
      const curve = weight * p * (1 - p)
      for (let row = 0; row < size; row += 1) {
        if (x[row] === 0) continue
        gradient[row]! += slope * x[row]!
        for (let column = 0; column <= row; column += 1)
          hessian[row]![column]! += curve * x[row]! * x[column]!
      }
    }
    for (let row = 0; row < size; row += 1)
      for (let column = row + 1; column < size; column += 1) hessian[row]![column] = hessian[column]![row]!
    const change = solve(hessian, gradient)
    weights = weights.map((weight, at) => weight + change[at]!)
    if (Math.max(...change.map(Math.abs)) < 1e-6) break
  }
  return weights
}

/** Solves a system of linear equations by elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  const size = rows.length
  for (let at = 0; at < size; at += 1) {
    let pivot = at
    for (let row = at + 1; row < size; row += 1)
      if (Math.abs(rows[row]![at]!) > Math.abs(rows[pivot]![at]!)) pivot = row
    ;[rows[at], rows[pivot]] = [rows[pivot]!, rows[at]!]
    for (let row = at + 1; row < size; row += 1) {
      const factor = rows[row]![at]! / rows[at]![at]!
      for (let column = at; column <= size; column += 1) rows[row]![column]! -= factor * rows[at]![column]!
    }
  }
  const solution: number[] = new Array(size).fill(0)
  for (let at = size - 1; at >= 0; at -= 1) {
    const known = rows[at]!.slice(at + 1, size).reduce(
      (sum, value, index) => sum + value * solution[at + 1 + index]!,
      0,
    )
    solution[at] = (rows[at]![size]! - known) / rows[at]![at]!
  }
  return solution
}
