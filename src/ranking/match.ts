import { fullWeight, saturation } from './bm25.ts'
import { mayHoldPair } from './pairFilter.ts'
import { BREAK, frequencyIn, type PaperIndex, type Postings, placeOf, postingsOf } from './paperIndex.ts'
import { documentFrequency, knownPapers } from './statistics.ts'

/** A word or phrase matched against an index: in `docs` also papers that only borrow it from a neighbour (`places` 0 there). */
export interface Match extends Postings {
  /** BM25 of each of `docs`, and what its neighbours lend it of theirs. */
  weights: Float64Array
  /** The word's full value: what a paper's own weight approaches from below. 0 for what the collection does not know. */
  ceiling: number
}

const CACHE_LIMIT = 20_000

/** A paper that has a word only from its neighbours, and less of it than this part of its full value, does not match. */
const LEAST_BORROWED = 0.05

/**
 * Finds the papers that hold any of the variants (each a sequence of stems standing side by side), or whose neighbours do, and
 * weighs them. The result is kept in the index's cache.
 */
export function findText(index: PaperIndex, variants: readonly (readonly string[])[]): Match {
  const key = keyOf(variants)
  const known = index.matches.get(key)
  if (known !== undefined) return known
  return keep(index, key, withBorrowed(index, variants, findOwn(index, variants)))
}

/** The stem where a single word is looked for in one way, as most are. */
function onlyWord(variants: readonly (readonly string[])[]): string | undefined {
  return variants.length === 1 && variants[0]!.length === 1 ? variants[0]![0] : undefined
}

/** Finds the papers that hold the phrase themselves. The result is kept in the index's cache. */
export function findPhrase(index: PaperIndex, stems: readonly string[]): Match {
  // No stem begins with a space.
  const key = ` ${stems.join(' ')}`
  return index.matches.get(key) ?? keep(index, key, findOwn(index, [stems]))
}

function keep(index: PaperIndex, key: string, match: Match): Match {
  if (index.matches.size >= CACHE_LIMIT) index.matches.clear()
  index.matches.set(key, match)
  return match
}

/** findText for a single stem. */
export function findWord(index: PaperIndex, stem: string): Match {
  return index.matches.get(stem) ?? findText(index, [[stem]])
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

/** Adds `factor` times the match's weights to the scores of an index's papers. */
export function addMatch(
  scores: Float64Array,
  { docs, weights }: Pick<Match, 'docs' | 'weights'>,
  factor: number,
): void {
  for (let at = 0; at < docs.length; at++) scores[docs[at]!]! += factor * weights[at]!
}

function withBorrowed(index: PaperIndex, variants: readonly (readonly string[])[], own: Match): Match {
  if (index.neighbourhood === undefined) return own
  const { pool, lends } = index.neighbourhood
  const lenders = pool === index ? own : findOwn(pool, variants)
  const sums = new Float64Array(index.papers.length)
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = own.weights[at]!
  const ceiling = own.ceiling || lenders.ceiling
  const scale = lenders.ceiling === 0 ? 0 : ceiling / lenders.ceiling
  for (let at = 0; at < lenders.docs.length; at++) {
    const lender = lenders.docs[at]!
    const weight = scale * lenders.weights[at]!
    for (let k = lends.starts[lender]!; k < lends.starts[lender + 1]!; k++)
      sums[lends.columns[k]!]! += weight * lends.values[k]!
  }
  return spread(own, sums, ceiling)
}

/** The match with all papers that have a sum, which is their weight now. */
function spread(own: Match, sums: Float64Array, ceiling: number): Match {
  // A word that nobody knows has a ceiling of 0, and no paper.
  const least = Math.max(LEAST_BORROWED * ceiling, Number.MIN_VALUE)
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = Math.max(sums[own.docs[at]!]!, least)
  let length = 0
  for (let doc = 0; doc < sums.length; doc++) if (sums[doc]! >= least) length++
  const match = {
    docs: new Int32Array(length),
    weights: new Float64Array(length),
    places: new Uint8Array(length),
    frequencies: new Float32Array(length),
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
      match.frequencies[at] = own.frequencies[ownAt]!
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

const NOWHERE: Postings = {
  docs: new Int32Array(0),
  frequencies: new Float32Array(0),
  places: new Uint8Array(0),
}

function phrasePostings(index: PaperIndex, stems: readonly string[]): Postings {
  if (stems.length === 1) return postingsOf(index, stems[0]!) ?? NOWHERE
  if (!mayStand(index, stems)) return NOWHERE
  const wanted = stems.map((stem) => index.terms.get(stem)!)
  const lists = stems.map((stem) => postingsOf(index, stem)!)
  const rarest = lists.reduce((a, b) => (b.docs.length < a.docs.length ? b : a))
  const occurrences = new Map<number, { frequency: number; places: number }>()
  for (const doc of inAll(lists, rarest)) {
    const found = occurrencesIn(index.sequences[doc]!, wanted)
    if (found.frequency > 0) occurrences.set(doc, found)
  }
  return fromOccurrences(occurrences)
}

/** The papers of the shortest list that are in all. */
function inAll(lists: readonly Postings[], shortest: Postings): Int32Array {
  let left = shortest.docs
  for (const { docs } of lists) {
    if (docs === shortest.docs) continue
    let at = 0
    left = left.filter((doc) => {
      while (docs[at]! < doc) at++
      return docs[at] === doc
    })
  }
  return left
}

/** Whether some paper may have the stems side by side; false where surely none has. */
export function mayStand({ terms, pairs }: PaperIndex, stems: readonly string[]): boolean {
  let before = -1
  for (const stem of stems) {
    const term = terms.get(stem)
    if (term === undefined || (before >= 0 && !mayHoldPair(pairs, before, term))) return false
    before = term
  }
  return true
}

function occurrencesIn(
  sequence: Int32Array,
  wanted: readonly number[],
): { frequency: number; places: number } {
  const found = { frequency: 0, places: 0 }
  const first = wanted[0]!
  let field = 0
  for (let at = 0; at < sequence.length; at++) {
    const term = sequence[at]!
    if (term === BREAK) field++
    if (term !== first || !standsAt(sequence, at, wanted)) continue
    found.frequency += frequencyIn(field)
    found.places |= placeOf(field)
  }
  return found
}

function standsAt(sequence: Int32Array, from: number, wanted: readonly number[]): boolean {
  for (let offset = 1; offset < wanted.length; offset++)
    if (sequence[from + offset] !== wanted[offset]) return false
  return true
}

function union(lists: readonly Postings[]): Postings {
  const sums = new Map<number, { frequency: number; places: number }>()
  for (const { docs, frequencies, places } of lists) {
    docs.forEach((doc, at) => {
      const sum = sums.get(doc) ?? { frequency: 0, places: 0 }
      sums.set(doc, { frequency: sum.frequency + frequencies[at]!, places: sum.places | places[at]! })
    })
  }
  return fromOccurrences(sums)
}

function fromOccurrences(occurrences: ReadonlyMap<number, { frequency: number; places: number }>): Postings {
  const sorted = [...occurrences].sort(([a], [b]) => a - b)
  return {
    docs: Int32Array.from(sorted, ([doc]) => doc),
    frequencies: Float32Array.from(sorted, ([, { frequency }]) => frequency),
    places: Uint8Array.from(sorted, ([, { places }]) => places),
  }
}

function weigh(index: PaperIndex, variants: readonly (readonly string[])[], postings: Postings): Match {
  const ceiling = ceilingOf(index, variants, postings.docs.length)
  const { docs, frequencies, places } = postings
  const weights = new Float64Array(docs.length)
  for (let at = 0; at < docs.length; at++)
    weights[at] = ceiling * saturation(frequencies[at]!, index.relativeLengths[docs[at]!]!)
  return { docs, frequencies, places, weights, ceiling: isKnown(index, variants, postings) ? ceiling : 0 }
}

function isKnown(index: PaperIndex, variants: readonly (readonly string[])[], postings: Postings): boolean {
  const words = variants.filter((stems) => stems.length === 1)
  return postings.docs.length > 0 || words.some(([word = '']) => documentFrequency(index, word) > 0)
}

/** A phrase is at most as common in the collection as its rarest word, else as common as among the papers at hand. */
function ceilingOf(index: PaperIndex, variants: readonly (readonly string[])[], matched: number): number {
  const papers = knownPapers(index)
  const word = onlyWord(variants)
  if (word !== undefined) return fullWeight(papers, documentFrequency(index, word))
  const frequency = (stem: string): number => documentFrequency(index, stem)
  const share = matched / Math.max(index.papers.length, 1)
  const rarest = Math.min(...variants.map((stems) => Math.min(...stems.map(frequency))), papers)
  return fullWeight(papers, Math.min(share * papers, Math.max(rarest, matched)))
}
