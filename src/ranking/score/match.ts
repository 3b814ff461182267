import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import { fullWeight, saturation } from '../corpus/bm25.ts'
import { PHRASE_RARITY } from '../corpus/collectionStatistics.ts'
import { isCorpusItself, type RankingIndex } from '../corpus/corpusModel.ts'
import { documentFrequency, knownPapers } from '../corpus/statistics.ts'
import { LEAST_EXPANDED, type WordLists, wordListsOf } from '../corpus/wordLists.ts'
import { IN_ABSTRACT, IN_TITLE, type Postings } from '../index/inverted.ts'
import { postingsOf } from '../index/paperIndex.ts'
import { NO_POSTINGS, packPostings, phrasePostings } from '../index/phrases.ts'
import type { TextClause } from '../language/clauses.ts'

/** The ways to find one thing, each a sequence of stems that stand side by side. */
export type Variants = readonly (readonly string[])[]

/**
 * A word or phrase matched against an index. Its papers stand in `docs` from `from` to `to`; the other lists hold what is known of
 * each at the same position. `fieldBits` is 0 for a paper that has it only by document expansion.
 */
export interface Match extends Pick<Postings, 'docs' | 'fieldBits'> {
  from: number
  to: number
  /** The BM25 weight in the expanded paper, 0 to `ceiling`. */
  weights: Float32Array
  /** The full value, which a paper's own weight approaches from below. 0 for what the corpus model does not know. */
  ceiling: number
}

const CACHE_LIMIT = 20_000

const matchesOf = keptFor((_index: RankingIndex): BoundedCache<string, Match> => newCache(CACHE_LIMIT))

/**
 * Finds and weighs the papers that have any of the variants, themselves or by document expansion. Matches that took a search are
 * kept with the index.
 */
export function findText(index: RankingIndex, variants: Variants): Match {
  const word = onlyWord(variants)
  const listed = word === undefined ? undefined : findListed(index, word)
  if (listed !== undefined) return listed
  const matches = matchesOf(index)
  const key = keyOf(variants)
  return (
    matches.entries.get(key) ?? keep(matches, key, expandMatch(index, variants, findOwn(index, variants)))
  )
}

const FIELD_BITS = { title: IN_TITLE, abstract: IN_ABSTRACT }

/** findText for a clause. A clause of one field finds the papers that have it there themselves. */
export function findClause(index: RankingIndex, { variants, within }: TextClause): Match {
  if (within === undefined) return findText(index, variants)
  const matches = matchesOf(index)
  const key = `${within}:${keyOf(variants)}`
  return matches.entries.get(key) ?? keep(matches, key, onlyIn(findOwn(index, variants), FIELD_BITS[within]))
}

/** The papers of a match that have it in the field. */
function onlyIn({ docs, weights, fieldBits, from, to, ceiling }: Match, field: number): Match {
  const held = [...docs.keys()].filter((at) => at >= from && at < to && (fieldBits[at]! & field) !== 0)
  return {
    docs: Int32Array.from(held, (at) => docs[at]!),
    weights: Float32Array.from(held, (at) => weights[at]!),
    fieldBits: Uint8Array.from(held, () => field),
    from: 0,
    to: held.length,
    ceiling,
  }
}

/** The stem of a single word with a single variant, as most words are. */
function onlyWord(variants: Variants): string | undefined {
  return variants.length === 1 && variants[0]!.length === 1 ? variants[0]![0] : undefined
}

/** A single word from the index's lists. Undefined if it is not there, or if it has to be searched for. */
function findListed(index: RankingIndex, stem: string): Match | undefined {
  const lists = wordListsOf(index)
  const term = lists && index.corpus!.index.terms.get(stem)
  if (lists === undefined || term === undefined || lists.isSplit[term] === 1) return undefined
  return listedMatch(lists, term)
}

/** The match of a word from an index's lists, by its number there. */
export function listedMatch({ starts, docs, weights, fieldBits, ceilings }: WordLists, term: number): Match {
  return { docs, weights, fieldBits, from: starts[term]!, to: starts[term + 1]!, ceiling: ceilings[term]! }
}

/** A key that tells variants from others. */
export function keyOf(variants: Variants): string {
  const word = onlyWord(variants)
  if (word !== undefined) return word
  return variants.length === 1 ? variants[0]!.join(' ') : variants.map((stems) => stems.join(' ')).join('|')
}

/** The papers that have a variant themselves, weighed by BM25. */
export function findOwn(index: RankingIndex, variants: Variants): Match {
  return weigh(index, variants, ownPostings(index, variants))
}

/** Whether a paper of the index itself has the stems side by side. */
export function holds(index: RankingIndex, stems: readonly string[], doc: number): boolean {
  const [word = ''] = stems
  if (stems.length === 1 && !index.compounds.has(word)) return holdsWord(index, word, doc)
  const { docs, fieldBits, from, to } = findText(index, [stems])
  const at = positionOf(docs, doc, from, to)
  return at >= 0 && fieldBits[at] !== 0
}

function holdsWord({ terms, inverted: { starts, all } }: RankingIndex, word: string, doc: number): boolean {
  const term = terms.get(word)
  return term !== undefined && positionOf(all.docs, doc, starts[term]!, starts[term + 1]!) >= 0
}

/** The position of a number in a list that rises from `start` to `end`; -1 if it is not there. */
export function positionOf(docs: Int32Array, doc: number, start: number, end: number): number {
  let from = start
  let to = end - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    const found = docs[middle]!
    if (found === doc) return middle
    if (found < doc) from = middle + 1
    else to = middle - 1
  }
  return -1
}

/** Adds `factor` times the weight of each matched paper to its score. */
export function addMatch(scores: Float64Array, { docs, weights, from, to }: Match, factor: number): void {
  for (let at = from; at < to; at++) scores[docs[at]!]! += factor * weights[at]!
}

/** Adds `factor` times the weight of a word from the index's lists to the scores of its papers. */
export function addListed(
  scores: Float64Array,
  { docs, weights, starts }: WordLists,
  term: number,
  factor: number,
): void {
  const end = starts[term + 1]!
  for (let at = starts[term]!; at < end; at++) scores[docs[at]!]! += factor * weights[at]!
}

/** Adds the papers that have a match by document expansion. */
function expandMatch(index: RankingIndex, variants: Variants, own: Match): Match {
  const { corpus, expansion } = index
  if (corpus === undefined || expansion === undefined) return own
  const neighbours = isCorpusItself(index) ? own : findOwn(corpus.index, variants)
  const ceiling = own.ceiling || neighbours.ceiling
  if (ceiling === 0) return own
  const sums = new Float64Array(index.papers.length)
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = own.weights[at]!
  // A phrase may be rarer in one index than in the other; what neighbours give is worth what it is worth here.
  const worth = neighbours.ceiling === 0 ? 0 : ceiling / neighbours.ceiling
  for (let at = 0; at < neighbours.docs.length; at++) {
    const neighbour = neighbours.docs[at]!
    const weight = worth * neighbours.weights[at]!
    for (let k = expansion.starts[neighbour]!; k < expansion.starts[neighbour + 1]!; k++)
      sums[expansion.columns[k]!]! += weight * expansion.values[k]!
  }
  return matchOfSums(own, sums, ceiling)
}

/** A match of all papers whose sum reaches the least part of the ceiling, and of all papers of `own`. */
function matchOfSums(own: Match, sums: Float64Array, ceiling: number): Match {
  const least = LEAST_EXPANDED * ceiling
  for (let at = 0; at < own.docs.length; at++) sums[own.docs[at]!] = Math.max(sums[own.docs[at]!]!, least)
  let length = 0
  for (let doc = 0; doc < sums.length; doc++) if (sums[doc]! >= least) length++
  const match = {
    docs: new Int32Array(length),
    weights: new Float32Array(length),
    fieldBits: new Uint8Array(length),
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
      match.fieldBits[at] = own.fieldBits[ownAt]!
      ownAt++
    }
    at++
  }
  return match
}

/** The postings of all variants together; a hyphenated word is also found by its parts. */
export function ownPostings(index: RankingIndex, variants: Variants): Postings {
  const word = onlyWord(variants)
  if (word !== undefined && !index.compounds.has(word)) return postingsOf(index, word) ?? NO_POSTINGS
  const all = variants.flatMap((stems) => {
    const parts = stems.length === 1 ? index.compounds.get(stems[0]!) : undefined
    return parts === undefined ? [stems] : [stems, parts]
  })
  const lists = distinct(all).map((stems) => phrasePostings(index, stems))
  return lists.length === 1 ? lists[0]! : union(lists)
}

function distinct(sequences: Variants): Variants {
  return [...new Map(sequences.map((stems) => [stems.join(' '), stems])).values()]
}

function union(lists: readonly Postings[]): Postings {
  const sums = new Map<number, { frequency: number; bits: number }>()
  for (const { docs, frequencies, fieldBits } of lists) {
    docs.forEach((doc, at) => {
      const sum = sums.get(doc) ?? { frequency: 0, bits: 0 }
      sums.set(doc, { frequency: sum.frequency + frequencies[at]!, bits: sum.bits | fieldBits[at]! })
    })
  }
  const docs = [...sums.keys()].sort((a, b) => a - b)
  const all = docs.map((doc) => sums.get(doc)!)
  return packPostings({
    docs,
    frequencies: all.map(({ frequency }) => frequency),
    fieldBits: all.map(({ bits }) => bits),
  })
}

/** Weighs the postings of variants by BM25. */
export function weigh(index: RankingIndex, variants: Variants, postings: Postings): Match {
  const { docs, frequencies, fieldBits } = postings
  const ceiling = isKnown(index, variants, postings) ? ceilingOf(index, variants, docs.length) : 0
  const weights = new Float32Array(docs.length)
  for (let at = 0; at < docs.length; at++)
    weights[at] = ceiling * saturation(frequencies[at]!, index.relativeLengths[docs[at]!]!)
  return { docs, weights, fieldBits, from: 0, to: docs.length, ceiling }
}

function isKnown(index: RankingIndex, variants: Variants, postings: Postings): boolean {
  const words = variants.filter((stems) => stems.length === 1)
  return postings.docs.length > 0 || words.some(([word = '']) => documentFrequency(index, word) > 0)
}

/**
 * The full value. The frequency of a phrase in the corpus model is not counted: it is taken to be as common there as among the
 * papers of the index, but not commoner than its rarest word.
 */
function ceilingOf(index: RankingIndex, variants: Variants, matched: number): number {
  const papers = knownPapers(index)
  const word = onlyWord(variants)
  if (word !== undefined) return fullWeight(papers, documentFrequency(index, word))
  const frequency = (stem: string): number => documentFrequency(index, stem)
  const share = matched / Math.max(index.papers.length, 1)
  const rarest = Math.min(...variants.map((stems) => Math.min(...stems.map(frequency))), papers)
  if (index.statistics !== undefined) return fullWeight(papers, Math.max(rarest, 1) / PHRASE_RARITY)
  return fullWeight(papers, Math.min(share * papers, Math.max(rarest, matched)))
}
