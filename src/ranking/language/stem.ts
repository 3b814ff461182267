import { newStemmer } from 'snowball-stemmers'
import { keep, newCache } from '../../caching.ts'
import { americanSpelling } from './spelling.ts'

const stemmer = newStemmer('english')

/** Stemming a word takes about 8 µs, and texts repeat their words. At this limit the cache takes about 30 MB. */
const cache = newCache<string, string>(200_000)

/**
 * The stem of a word (accents folded, any case). Equal stems mean "the same word" everywhere in ranking.
 * It is Snowball's English stemmer (Porter 2), after British spellings became American and acronyms singular ("GNNs"), which the
 * stemmer does not do. A word of another script is its own stem.
 */
export function stem(word: string): string {
  return cache.entries.get(word) ?? keep(cache, word, stemmer.stem(americanSpelling(singularAcronym(word))))
}

/** "GNNs" → "gnn", "llms" → "llm"; "GPS" and "css" keep their s. Other words are only put into lower case. */
function singularAcronym(word: string): string {
  const lower = word.toLowerCase()
  const isPlural = /^[A-Z][A-Z0-9]+s$/.test(word) || /^[^aeiouy\W\d_]{3,}(?<!s)s$/.test(lower)
  return isPlural ? lower.slice(0, -1) : lower
}
