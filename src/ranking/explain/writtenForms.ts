import { keptFor } from '../../caching.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { stem } from '../language/stem.ts'

/** A paper's words: their term numbers in the index, -1 for words that stand there otherwise, and where each begins and ends. */
interface WrittenText {
  text: string
  terms: Int32Array
  ends: Int32Array
  starts: Int32Array
}

const WORDS = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu

/** The texts of an index's papers that were asked for. */
const textsOf = keptFor((_index: PaperIndex) => new Map<number, WrittenText>())

/**
 * How a paper writes stems that stand side by side: “neural networks” for [neural, network]. Undefined if it writes them otherwise, such
 * as in TeX. The first place counts.
 */
export function writtenIn(index: PaperIndex, doc: number, stems: readonly string[]): string | undefined {
  const wanted = stems.map((one) => index.terms.get(one) ?? -1)
  if (wanted.includes(-1)) return undefined
  const { text, terms, starts, ends } = textOf(index, doc)
  const [first = -1] = wanted
  for (let at = terms.indexOf(first); at >= 0; at = terms.indexOf(first, at + 1))
    if (standsAt(terms, wanted, at) && isOneRun(text, starts, ends, at, wanted.length))
      return text.slice(starts[at], ends[at + wanted.length - 1])
  return undefined
}

function standsAt(terms: Int32Array, wanted: readonly number[], at: number): boolean {
  for (let word = 0; word < wanted.length; word++) if (terms[at + word] !== wanted[word]) return false
  return true
}

/** Whether only a blank or a hyphen stands between the words. */
function isOneRun(text: string, starts: Int32Array, ends: Int32Array, at: number, count: number): boolean {
  for (let word = at; word < at + count - 1; word++)
    if (!/^[ \-\u2010-\u2013]$/.test(text.slice(ends[word], starts[word + 1]))) return false
  return true
}

function textOf(index: PaperIndex, doc: number): WrittenText {
  const texts = textsOf(index)
  const known = texts.get(doc)
  if (known !== undefined) return known
  const { title, abstract, keywords } = index.papers[doc]!
  const text = [title, abstract ?? '', ...keywords].join('\n').replace(/[\t ]+/g, ' ')
  const terms: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const { 0: word, index: at } of text.matchAll(WORDS)) {
    terms.push(index.terms.get(stem(word)) ?? -1)
    starts.push(at)
    ends.push(at + word.length)
  }
  const written = {
    text,
    terms: Int32Array.from(terms),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
  }
  texts.set(doc, written)
  return written
}
