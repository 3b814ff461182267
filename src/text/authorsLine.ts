import { texToUnicode } from './texToUnicode.ts'

const AUTHORS_NAMED = 4

/** A paper's authors for people, TeX as Unicode: the first by name, the others counted. */
export function authorsLine(authors: string[], mostNamed = AUTHORS_NAMED): string {
  const named = authors.slice(0, mostNamed).map(texToUnicode).join(', ')
  const others = authors.length - mostNamed
  return others > 0 ? `${named} and ${others} more` : named
}
