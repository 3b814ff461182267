import { Matrix, solve } from 'ml-matrix'

/** One observation: its features, the first of which is 1, and whether it is positive. */
export interface Sample {
  x: number[]
  y: boolean
  weight: number
}

const MOST_STEPS = 30
const SMALLEST_CHANGE = 1e-6
/** Keeps the system solvable when nothing constrains the first weight. */
const TINY = 1e-6

/** Weights of a logistic regression with a quadratic penalty (not on the first), by Newton's method. */
export function fitLogistic(samples: Sample[], penalty = 1): number[] {
  let weights: number[] = samples[0]!.x.map(() => 0)
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { gradient, hessian } = derivatives(samples, weights, penalty)
    const change = solve(new Matrix(hessian), Matrix.columnVector(gradient)).to1DArray()
    weights = weights.map((weight, at) => weight + change[at]!)
    if (Math.max(...change.map(Math.abs)) < SMALLEST_CHANGE) break
  }
  return weights
}

/** The log-odds that a sample is positive. */
export function logOdds(weights: number[], x: number[]): number {
  return x.reduce((sum, value, at) => sum + value * weights[at]!, 0)
}

/** First and second derivatives of the penalised log-likelihood. */
function derivatives(samples: Sample[], weights: number[], penalty: number) {
  const penalties = weights.map((_, at) => (at === 0 ? TINY : penalty))
  const gradient = weights.map((weight, at) => (at === 0 ? 0 : -penalties[at]! * weight))
  const hessian = weights.map((_, row) => weights.map((__, column) => (row === column ? penalties[row]! : 0)))
  for (const { x, y, weight } of samples) {
    const p = 1 / (1 + Math.exp(-logOdds(weights, x)))
    const slope = weight * (Number(y) - p)
    const curve = weight * p * (1 - p)
    // Most features are 0, so only the others are counted.
    const there = x.flatMap((value, at) => (value === 0 ? [] : [at]))
    for (const row of there) {
      gradient[row]! += slope * x[row]!
      for (const column of there) hessian[row]![column]! += curve * x[row]! * x[column]!
    }
  }
  return { gradient, hessian }
}
