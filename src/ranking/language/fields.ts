import { analyse, foldText } from './text.ts'

/** The words of a person's name in lower case without accents, given names first: "LeCun, Yann" → [yann, lecun]. */
export function foldName(name: string): string[] {
  const [family = '', ...given] = name.split(',')
  const inOrder = given.length > 0 ? `${given.join(' ')} ${family}` : name
  return (
    foldText(inOrder)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

/**
 * Whether `wanted` names the author: every word of it is in the name, in order, initials standing for given names on either
 * side ("Y. LeCun" and "Yann LeCun" are one); a family name alone will do. Both folded by foldName.
 */
export function isAuthor(wanted: readonly string[], author: readonly string[]): boolean {
  let at = 0
  let wholeWords = 0
  for (const word of wanted) {
    while (at < author.length && !sameNamePart(word, author[at]!)) at++
    if (at === author.length) return false
    if (word.length > 1 && word === author[at]) wholeWords++
    at++
  }
  return wholeWords > 0
}

function sameNamePart(a: string, b: string): boolean {
  return a === b || (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b))
}

/** Whether a category such as `cs.CL` is the wanted one or below it: `cs`, `cs.*` and `cs.CL` all take it. */
export function isCategory(wanted: string, category: string): boolean {
  const archive = wanted.toLowerCase().replace(/\.?\*?$/, '')
  const whole = category.toLowerCase()
  return whole === archive || whole.startsWith(`${archive}.`)
}

/** The stems of an organization's name, a space at either end: whole words of it are found as part of this text. */
export function organizationWords(name: string): string {
  return ` ${analyse(name).stems.join(' ')} `
}
