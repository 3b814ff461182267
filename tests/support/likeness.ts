/** The Levenshtein distance of two texts, in characters. */
export function distance(one: string, other: string): number {
  const signs = Array.from(other)
  let row = Array.from({ length: signs.length + 1 }, (_, index) => index)
  for (const [index, sign] of Array.from(one).entries()) {
    const next = [index + 1]
    for (let at = 1; at <= signs.length; at += 1) {
      const change = row[at - 1]! + (signs[at - 1] === sign ? 0 : 1)
      next.push(Math.min(row[at]! + 1, next[at - 1]! + 1, change))
    }
    row = next
  }
  return row[signs.length]!
}
