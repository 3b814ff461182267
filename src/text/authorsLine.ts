import { texToUnicode } from './texToUnicode.ts'

const AUTHORS_NAMED = 4

/** A paper's authors for people, TeX as Unicode: the first four by name, the others counted. */
export function authorsLine(authors: string[]): string {
  const named = authors.slice(0, AUTHORS_NAMED).map(texToUnicode).join(', ')
  const others = authors.length - AUTHORS_NAMED
  return others > 0 ? `${named} and ${others} more` : named
}
