import { fnv1a } from '../../text/fnv1a.ts'
import { lettersOf } from '../../text/titles.ts'

/**
 * Keys that papers with nearly the same title share. They find a paper among a million if its title has a typing error,
 * lacks its subtitle or was cut off. Few papers share a key, and each of these is compared.
 */
export interface BlockingKeys {
  /** The keys under which a paper is filed: at most four. */
  held: number[]
  /** The keys by which an entry is looked up: `held`, and three more that find titles with a long word added. */
  asked: number[]
}

/** A key that more papers share names their subject and does not tell them apart. */
export const MOST_HOLDERS = 20

const BEGINNING = 20
/** Two words of one stem share at least this many letters. */
const STEM = 8
const HELD_WORDS = 3
const ASKED_WORDS = 4
const SHORTEST_WORD = 3
const ARTICLE = /^(?:an?|the|on) /

/** The codes of a folded title: one of its first letters, and one of each pair of its longest words. */
export function blockingKeys(folded: string): BlockingKeys {
  const letters = lettersOf(folded.replace(ARTICLE, ''))
  const words = longestWords(folded)
  const beginning = codeOf(`^${letters.slice(0, BEGINNING)}`)
  const pairs = pairsOf(words.slice(0, HELD_WORDS))
  const more = words.slice(0, HELD_WORDS).map((word) => pairCode(word, words[ASKED_WORDS - 1] ?? ''))
  const held = [...new Set([beginning, ...pairs])]
  return { held, asked: words.length < ASKED_WORDS ? held : [...new Set([...held, ...more])] }
}

/** The beginnings of the longest words, longest first. Words with the same beginning count once. */
function longestWords(folded: string): string[] {
  const byLength = folded.split(' ').filter((word) => word.length >= SHORTEST_WORD)
  byLength.sort((one, other) => other.length - one.length || (one < other ? -1 : 1))
  const stems = new Set<string>()
  for (const word of byLength) {
    if (stems.size === ASKED_WORDS) break
    stems.add(word.slice(0, STEM))
  }
  return [...stems]
}

function pairsOf(words: string[]): number[] {
  if (words.length === 1) return [pairCode(words[0]!, '')]
  return words.flatMap((word, index) => words.slice(index + 1).map((other) => pairCode(word, other)))
}

function pairCode(one: string, other: string): number {
  return codeOf(one < other ? `${one}+${other}` : `${other}+${one}`)
}

/** A hash of 31 bits. Papers whose hashes collide are compared, and found to be different. */
export function codeOf(text: string): number {
  return fnv1a(text) >>> 1
}
