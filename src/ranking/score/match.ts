import { fullWeight, saturation } from '../corpus/bm25.ts'
import { documentFrequency, knownPapers } from '../corpus/statistics.ts'
import { LEAST_BORROWED, type WordLists, wordListsOf } from '../corpus/wordLists.ts'
import type { Postings } from '../index/inverted.ts'
import { type PaperIndex, postingsOf } from '../index/paperIndex.ts'
import { fromFound, NOWHERE, phrasePostings } from '../index/phrases.ts'

/**
 * A word or phrase matched against an index: its papers stand in `docs` from `from` to `to`, what else is known of them at the
 * same places of the other lists. Among them are papers that only borrow it from a neighbour (`places` 0 there).
 */
export interface Match extends Pick<Postings, 'docs' | 'places'> {
  from: number
  to: number
  /** What each of `docs` has of it by BM25, and by what its neighbours lend it of theirs: 0 to `ceiling`. */
  weights: Float32Array
  /** The word's full value: what a paper's own weight approaches from below. 0 for what the corpus model does not know. */
  ceiling: number
}

const CACHE_LIMIT = 20_000

/**
 * Finds the papers that hold any of the variants (each a sequence of stems standing side by side), or whose neighbours do, and
 * weighs them. What took a search is kept in the index's cache.
 */
export function findText(index: PaperIndex, variants: readonly (readonly string[])[]): Match {
  const word = onlyWord(variants)
  const listed = word === undefined ? undefined : findListed(index, word)
  if (listed !== undefined) return listed
  const key = keyOf(variants)
  const known = index.matches.get(key)
  if (known !== undefined) return known
  const match = withBorrowed(index, variants, findOwn(index, variants))
  if (index.matches.size >= CACHE_LIMIT) index.matches.clear()
  index.matches.set(key, match)
  return match
}

/** The stem where a single word is looked for in one way, as most are. */
function onlyWord(variants: readonly (readonly string[])[]): string | undefined {
  return variants.length === 1 && variants[0]!.length === 1 ? variants[0]![0] : undefined
}

/** A single word out of the index's lists; undefined where it is not there, or not as it has to be found. */
function findListed(index: PaperIndex, stem: string): Match | undefined {
  const lists = wordListsOf(index)
  const term = lists && index.corpus!.index.terms.get(stem)
  if (lists === undefined || term === undefined || lists.isSplit[term] === 1) return undefined
  return listedMatch(lists, term)
}

/** What an index's lists have of a word, by its number there. */
export function listedMatch({ starts, docs, weights, places, ceilings }: WordLists, term: number): Match {
  return { docs, weights, places, from: starts[term]!, to: starts[term + 1]!, ceiling: ceilings[term]! }
}

/** What tells variants from others. */
export function keyOf(variants: readonly (readonly string[])[]): string {
  const word = onlyWord(variants)
  if (word !== undefined) return word
  return variants.length === 1 ? variants[0]!.join(' ') : variants.map((stems) => stems.join(' ')).join('|')
}

/** Papers that hold a variant themselves, weighed by BM25. */
export function findOwn(index: PaperIndex, variants: readonly (readonly string[])[]): Match {
  return weigh(index, variants, gather(index, variants))
}

/** Adds `factor` times what the papers have of what was matched. */
export function addMatch(scores: Float64Array, { docs, weights, from, to }: Match, factor: number): void {
  for (let at = from; at < to; at++) scores[docs[at]!]! += factor * weights[at]!
}

/** Adds `factor` times what the papers have of a word of the index's lists, by its number there. */
export function addListed(
  scores: Float64Array,
  { docs, weights, starts }: WordLists,
  term: number,
  factor: number,
): void {
  const end = starts[term + 1]!
  for (let at = starts[term]!; at < end; at++) scores[docs[at]!]! += factor * weights[at]!
}

function withBorrowed(index: PaperIndex, variants: readonly (readonly string[])[], own: Match): Match {
  if (index.neighbourhood === undefined) return own
  const { pool, lends } = index.neighbourhood
  const lenders = pool === index ? own : findOwn(pool, variants)
  const ceiling = own.ceiling || lenders.ceiling
  if (ceiling === 0) return own
  const sums = new Float64Array(index.papers.length)
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = own.weights[at]!
  // A phrase may be rarer in one of the two; what is lent is worth what it is worth here.
  const worth = lenders.ceiling === 0 ? 0 : ceiling / lenders.ceiling
  for (let at = 0; at < lenders.docs.length; at++) {
    const lender = lenders.docs[at]!
    const weight = worth * lenders.weights[at]!
    for (let k = lends.starts[lender]!; k < lends.starts[lender + 1]!; k++)
      sums[lends.columns[k]!]! += weight * lends.values[k]!
  }
  return spread(own, sums, ceiling)
}

/** The match with all papers that have a sum, which is their weight now. */
function spread(own: Match, sums: Float64Array, ceiling: number): Match {
  const least = LEAST_BORROWED * ceiling
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = Math.max(sums[own.docs[at]!]!, least)
  let length = 0
  for (let doc = 0; doc < sums.length; doc++) if (sums[doc]! >= least) length++
  const match = {
    docs: new Int32Array(length),
    weights: new Float32Array(length),
    places: new Uint8Array(length),
    from: 0,
    to: length,
    ceiling,
  }
  let at = 0
  let ownAt = 0
  for (let doc = 0; doc < sums.length; doc++) {
    if (sums[doc]! < least) continue
    match.docs[at] = doc
    match.weights[at] = sums[doc]!
    if (own.docs[ownAt] === doc) {
      match.places[at] = own.places[ownAt]!
      ownAt++
    }
    at++
  }
  return match
}

function gather(index: PaperIndex, variants: readonly (readonly string[])[]): Postings {
  const word = onlyWord(variants)
  if (word !== undefined && !index.compounds.has(word)) return postingsOf(index, word) ?? NOWHERE
  const all = variants.flatMap((stems) => {
    const parts = stems.length === 1 ? index.compounds.get(stems[0]!) : undefined
    return parts === undefined ? [stems] : [stems, parts]
  })
  const lists = distinct(all).map((stems) => phrasePostings(index, stems))
  return lists.length === 1 ? lists[0]! : union(lists)
}

function distinct(sequences: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(sequences.map((stems) => [stems.join(' '), stems])).values()]
}

function union(lists: readonly Postings[]): Postings {
  const sums = new Map<number, { frequency: number; places: number }>()
  for (const { docs, frequencies, places } of lists) {
    docs.forEach((doc, at) => {
      const sum = sums.get(doc) ?? { frequency: 0, places: 0 }
      sums.set(doc, { frequency: sum.frequency + frequencies[at]!, places: sum.places | places[at]! })
    })
  }
  const docs = [...sums.keys()].sort((a, b) => a - b)
  const all = docs.map((doc) => sums.get(doc)!)
  return fromFound({
    docs,
    frequencies: all.map(({ frequency }) => frequency),
    places: all.map(({ places }) => places),
  })
}

/** Postings of variants, weighed by BM25. */
export function weigh(
  index: PaperIndex,
  variants: readonly (readonly string[])[],
  postings: Postings,
): Match {
  const { docs, frequencies, places } = postings
  const known = isKnown(index, variants, postings)
  const ceiling = known ? ceilingOf(index, variants, docs.length) : 0
  const weights = new Float32Array(docs.length)
  for (let at = 0; at < docs.length; at++)
    weights[at] = ceiling * saturation(frequencies[at]!, index.relativeLengths[docs[at]!]!)
  return { docs, weights, places, from: 0, to: docs.length, ceiling }
}

function isKnown(index: PaperIndex, variants: readonly (readonly string[])[], postings: Postings): boolean {
  const words = variants.filter((stems) => stems.length === 1)
  return postings.docs.length > 0 || words.some(([word = '']) => documentFrequency(index, word) > 0)
}

/** A phrase is at most as common in the corpus model as its rarest word, else as common as among the papers at hand. */
function ceilingOf(index: PaperIndex, variants: readonly (readonly string[])[], matched: number): number {
  const papers = knownPapers(index)
  const word = onlyWord(variants)
  if (word !== undefined) return fullWeight(papers, documentFrequency(index, word))
  const frequency = (stem: string): number => documentFrequency(index, stem)
  const share = matched / Math.max(index.papers.length, 1)
  const rarest = Math.min(...variants.map((stems) => Math.min(...stems.map(frequency))), papers)
  return fullWeight(papers, Math.min(share * papers, Math.max(rarest, matched)))
}
