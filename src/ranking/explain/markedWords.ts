import type { TopicQuery } from '../language/query.ts'
import { stem } from '../language/stem.ts'

/** A piece of a text: a run of words that a query looks for, or what stands between such runs. */
export interface TextPart {
  text: string
  isMatch: boolean
}

const WORDS = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu

/** Cuts a text into parts, so that a page can mark the words that a query looks for. The parts together are the text. */
export function markWords(text: string, query: TopicQuery): TextPart[] {
  const wanted = new Set(
    query.clauses.flatMap((clause) =>
      clause.kind === 'text' && clause.occurrence !== 'never' ? clause.variants.flat() : [],
    ),
  )
  const parts: TextPart[] = []
  let end = 0
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    if (!wanted.has(stem(word))) continue
    const between = text.slice(end, index)
    const last = parts.at(-1)
    // Words that stand side by side are marked as one.
    if (last?.isMatch && /^[\s-]$/.test(between)) last.text += between + word
    else {
      if (between !== '') parts.push({ text: between, isMatch: false })
      parts.push({ text: word, isMatch: true })
    }
    end = index + word.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMatch: false })
  return parts
}
