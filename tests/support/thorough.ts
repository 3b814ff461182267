/**
 * How many times a property is tried: `count`, or that times THOROUGH where the environment sets it, as
 * `THOROUGH=20 npx vitest run --project=unit` does before a release.
 */
export function thorough(count: number): number {
  return count * Number(process.env.THOROUGH ?? 1)
}
