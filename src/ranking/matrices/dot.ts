/** The inner product of two vectors of one length. */
export function dot(a: ArrayLike<number>, b: readonly number[]): number {
  return b.reduce((sum, value, at) => sum + value * a[at]!, 0)
}
