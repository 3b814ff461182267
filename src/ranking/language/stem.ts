import { newStemmer } from 'snowball-stemmers'
import { americanSpelling } from './spelling.ts'

const stemmer = newStemmer('english')

/** Stemming one word takes about 8 µs and texts repeat their words, so stems are kept; the bound caps the memory at some 30 MB. */
const CACHE_LIMIT = 200_000
const cache = new Map<string, string>()

/**
 * The stem of one word (accents folded, any case): equal stems mean "the same word" everywhere in ranking.
 * Snowball's English stemmer (Porter 2), preceded by what it lacks: British spellings, and a plural s after an acronym ("GNNs").
 * A word of another script is its own stem.
 */
export function stem(word: string): string {
  const known = cache.get(word)
  if (known !== undefined) return known
  if (cache.size >= CACHE_LIMIT) cache.clear()
  const stemmed = stemmer.stem(americanSpelling(singularAcronym(word)))
  cache.set(word, stemmed)
  return stemmed
}

/** "GNNs" → "gnn", "llms" → "llm"; but "GPS" and "css" keep their s. Other words are only put in lower case. */
function singularAcronym(word: string): string {
  const lower = word.toLowerCase()
  const isPlural = /^[A-Z][A-Z0-9]+s$/.test(word) || /^[^aeiouy\W\d_]{3,}(?<!s)s$/.test(lower)
  return isPlural ? lower.slice(0, -1) : lower
}
