import { foldText } from '../../text/folding.ts'
import { stem } from './stem.ts'

/** A text as ranking sees it. */
export interface AnalysedText {
  /** One stem for each word, in reading order. */
  stems: string[]
  /** The words themselves, one for each stem, accents and TeX folded. */
  words: string[]
  /** Hyphenated words: "x-ray" stands as `x`, `ray` in `stems`, and here as {joined: 'xray', parts: ['x', 'ray']}. */
  compounds: Compound[]
}

export interface Compound {
  joined: string
  parts: string[]
}

/** A word, hyphenated words as one; C++, C# and the like whole; an apostrophe inside stays. */
const WORD =
  /[\p{L}](?:\+\+|#)(?![\p{L}\p{N}])|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:'\p{L}+)?(?:[-\u2010-\u2013]+[\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu

/** Scripts written without spaces between words; and Korean, whose particles stick to the word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu

const ASCII_ONLY = /^[\x00-\x7f]*$/
const HYPHENS = /[-\u2010-\u2013]+/

/**
 * Splits a text (plain or with TeX, any script) into stems for indexing and matching. Never throws.
 * Chinese, Japanese, Korean and the like become overlapping pairs of characters, as in Lucene's CJKBigramFilter.
 */
export function analyse(text: string): AnalysedText {
  const result: AnalysedText = { stems: [], words: [], compounds: [] }
  for (const word of foldText(text).match(WORD) ?? []) addWord(word, result)
  return result
}

/** The words of a text as written but for folded accents and TeX; hyphenated words whole. */
export function wordsOf(text: string): string[] {
  return foldText(text).match(WORD) ?? []
}

/** Whether the word holds a run of a script that puts no spaces between words. */
export function isUnspaced(word: string): boolean {
  return !ASCII_ONLY.test(word) && word.search(UNSPACED) >= 0
}

function addWord(word: string, result: AnalysedText): void {
  if (isUnspaced(word)) addUnspaced(word, result)
  else if (HYPHENS.test(word)) addCompound(word, result)
  else addStem(word, stem(word), result)
}

function addStem(word: string, stemmed: string, result: AnalysedText): void {
  result.stems.push(stemmed)
  result.words.push(word)
}

function addCompound(word: string, result: AnalysedText): void {
  const written = word.split(HYPHENS)
  const parts = written.map(stem)
  for (const [at, part] of parts.entries()) addStem(written[at]!, part, result)
  result.compounds.push({ joined: stem(written.join('')), parts })
}

function addUnspaced(word: string, result: AnalysedText): void {
  let end = 0
  for (const run of word.matchAll(UNSPACED)) {
    addSpaced(word.slice(end, run.index), result)
    for (const pair of pairs(run[0])) addStem(pair, pair, result)
    end = run.index + run[0].length
  }
  addSpaced(word.slice(end), result)
}

/** What stands between runs may begin or end in a hyphen, which is no part of a word. */
function addSpaced(text: string, result: AnalysedText): void {
  for (const word of text.match(WORD) ?? []) addWord(word, result)
}

/** "神经网络" → 神经, 经网, 网络; a single character stays. */
function pairs(run: string): string[] {
  const characters = [...run]
  if (characters.length === 1) return characters
  return characters.slice(1).map((character, index) => characters[index] + character)
}
