import { isName } from './personName.ts'

/** Cuts lists of names where no brackets are open: what stands in braces or parentheses is whole. */

/** What parentheses hold, nested ones included, goes; one that is never closed takes nothing with it. */
export function withoutParentheses(text: string): string {
  if (!/[(（]/.test(text)) return text
  const kept: string[] = []
  const opened: number[] = []
  for (const character of text) {
    if (character === '(' || character === '（') opened.push(kept.length)
    kept.push(character)
    const start = character === ')' || character === '）' ? opened.pop() : undefined
    if (start !== undefined) kept.length = start
  }
  return kept.join('')
}

/** Parts at a sign, outside of braces. Parts that name nobody are left out. */
export function splitOutsideBraces(text: string, separator: RegExp): string[] {
  if (!separator.test(text)) return [text]
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!
    if (sign === '{') depth += 1
    else if (sign === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0 && separator.test(sign)) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts.filter((part) => isName(part))
}

/**
 * Parts at separators that stand outside of braces, each with the separator behind it. The pattern `weak` also matches
 * braces.
 */
export function cutOutsideBraces(text: string, weak: RegExp): { text: string; separator: string }[] {
  const parts: { text: string; separator: string }[] = []
  let depth = 0
  let start = 0
  for (const match of text.matchAll(weak)) {
    if (match[0] === '{') depth += 1
    else if (match[0] === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0) {
      parts.push({ text: text.slice(start, match.index), separator: match[0] })
      start = match.index + match[0].length
    }
  }
  parts.push({ text: text.slice(start), separator: '' })
  return parts
}
