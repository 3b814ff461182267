import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type DenseRows, gram, multiply, multiplyTurned, transform } from './denseRows.ts'
import { seededRandom } from './randomNumbers.ts'
import type { SparseRows } from './sparseRows.ts'

/** Directions looked for beyond those wanted, and rounds of refinement: the source's advice for slowly falling spectra. */
const OVERSAMPLING = 20
const ROUNDS = 3

/** Directions weaker than this part of the strongest are noise of the arithmetic. */
const NEGLIGIBLE = 1e-10

/**
 * The `dimensions` strongest right singular vectors of a matrix, one a column of the result (fewer where the matrix has
 * fewer), by randomised subspace iteration: Halko, Martinsson & Tropp, "Finding Structure with Randomness" (2011),
 * algorithms 4.4 and 5.1. The same seed gives the same result.
 */
export function rightSingularVectors(
  rows: SparseRows,
  columnCount: number,
  dimensions: number,
  seed = 1,
): DenseRows {
  let basis = randomBasis(columnCount, Math.min(dimensions + OVERSAMPLING, columnCount), seed)
  for (let round = 0; round < ROUNDS; round++)
    basis = orthonormalise(multiplyTurned(rows, columnCount, multiply(rows, basis)))
  const { vectors, values } = eigen(gram(multiply(rows, basis)))
  const kept = values.filter((value) => value > NEGLIGIBLE * values[0]!).length
  return transform(basis, vectors, Math.min(dimensions, kept))
}

function randomBasis(rows: number, width: number, seed: number): DenseRows {
  const random = seededRandom(seed)
  return { width, values: Float32Array.from({ length: rows * width }, () => random() - 0.5) }
}

/** Columns made orthonormal by the eigenvectors of their Gram matrix; directions without length fall away. */
function orthonormalise(basis: DenseRows): DenseRows {
  const { vectors, values } = eigen(gram(basis))
  const kept = values.filter((value) => value > NEGLIGIBLE * values[0]!).length
  const scaled = vectors.map((row) => row.map((value, column) => value / Math.sqrt(values[column]!)))
  return transform(basis, scaled, kept)
}

/** Of a symmetric matrix: eigenvalues falling, and the matrix whose columns are their vectors. */
function eigen(symmetric: number[][]): { vectors: number[][]; values: number[] } {
  const found = new EigenvalueDecomposition(new Matrix(symmetric), { assumeSymmetric: true })
  const values = found.realEigenvalues
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!)
  const vectors = found.eigenvectorMatrix.to2DArray().map((row) => order.map((column) => row[column]!))
  return { vectors, values: order.map((column) => Math.max(values[column]!, 0)) }
}
