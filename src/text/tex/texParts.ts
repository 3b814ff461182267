import { findFormulas } from './texSpans.ts'

/** A piece of a text: running text, or a formula without its delimiters. */
export interface TexPart {
  text: string
  kind: 'text' | 'formula'
}

/** Cuts a text into running text and formulas (`$…$`, `\(…\)`, `\[…\]`), in their order. Linear time. */
export function texParts(text: string): TexPart[] {
  const parts: TexPart[] = []
  let end = 0
  for (const [at, { from, to, next }] of [...findFormulas(text)].sort(([a], [b]) => a - b)) {
    if (at < end) continue
    if (at > end) parts.push({ text: text.slice(end, at), kind: 'text' })
    parts.push({ text: text.slice(from, to), kind: 'formula' })
    end = next
  }
  if (end < text.length) parts.push({ text: text.slice(end), kind: 'text' })
  return parts
}
