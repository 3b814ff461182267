import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type DenseRows, gram, multiply, multiplyTransposed, transform } from './denseRows.ts'
import { seededRandom } from './randomNumbers.ts'
import type { SparseRows } from './sparseRows.ts'

/** Extra directions, and rounds of refinement: what the paper cited below advises for slowly falling spectra. */
const OVERSAMPLING = 20
const ROUNDS = 3

/** Directions weaker than this part of the strongest one are rounding noise. */
const NEGLIGIBLE = 1e-10

/**
 * The `dimensions` strongest right singular vectors of a matrix as the columns of the result; fewer if the matrix has
 * fewer. Method: randomised subspace iteration: Halko, Martinsson & Tropp, "Finding Structure with Randomness" (2011),
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
    basis = orthonormalise(multiplyTransposed(rows, columnCount, multiply(rows, basis)))
  const { vectors, values } = eigen(gram(multiply(rows, basis)))
  const kept = values.filter((value) => value > NEGLIGIBLE * values[0]!).length
  return transform(basis, vectors, Math.min(dimensions, kept))
}

function randomBasis(rows: number, width: number, seed: number): DenseRows {
  const random = seededRandom(seed)
  return { width, values: Float32Array.from({ length: rows * width }, () => random() - 0.5) }
}

/** Makes the columns orthonormal by the eigenvectors of their Gram matrix. Directions without length are dropped. */
function orthonormalise(basis: DenseRows): DenseRows {
  const { vectors, values } = eigen(gram(basis))
  const kept = values.filter((value) => value > NEGLIGIBLE * values[0]!).length
  const scaled = vectors.map((row) => row.map((value, column) => value / Math.sqrt(values[column]!)))
  return transform(basis, scaled, kept)
}

/** The eigenvalues of a symmetric matrix, largest first, and the matrix whose columns are their eigenvectors. */
function eigen(symmetric: number[][]): { vectors: number[][]; values: number[] } {
  const found = new EigenvalueDecomposition(new Matrix(symmetric), { assumeSymmetric: true })
  const values = found.realEigenvalues
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!)
  const vectors = found.eigenvectorMatrix.to2DArray().map((row) => order.map((column) => row[column]!))
  return { vectors, values: order.map((column) => Math.max(values[column]!, 0)) }
}
