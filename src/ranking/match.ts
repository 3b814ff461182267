import { BREAK, frequencyIn, type PaperIndex, type Postings, placeOf, postingsOf } from './paperIndex.ts'

/** BM25's saturation and length normalisation; the usual values of the source below. */
const K1 = 1.2
const B = 0.75

/** A word or phrase matched against an index. */
export interface Match extends Postings {
  /** BM25 of each of `docs`. */
  weights: Float64Array
  /** What `weights` approach from below: the word's full value. 0 for what the collection does not know. */
  ceiling: number
}

const CACHE_LIMIT = 50_000

/**
 * Finds the papers that hold any of the variants (each a sequence of stems standing side by side) and weighs them by BM25,
 * k1 = 1.2, b = 0.75: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), §3.4; the title
 * weighted by counting its words twice in frequency and length, ibid. §3.6. The result is kept in the index's cache.
 */
export function findText(index: PaperIndex, variants: readonly (readonly string[])[]): Match {
  const key =
    variants.length === 1 ? variants[0]!.join(' ') : variants.map((stems) => stems.join(' ')).join('|')
  const known = index.matches.get(key)
  if (known !== undefined) return known
  const match = weigh(index, variants, gather(index, variants))
  if (index.matches.size >= CACHE_LIMIT) index.matches.clear()
  index.matches.set(key, match)
  return match
}

function gather(index: PaperIndex, variants: readonly (readonly string[])[]): Postings {
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
  const lists = stems.map((stem) => postingsOf(index, stem))
  if (lists.some((list) => list === undefined)) return NOWHERE
  if (lists.length === 1) return lists[0]!
  const rarest = lists.reduce((a, b) => (b!.docs.length < a!.docs.length ? b : a))!
  const wanted = stems.map((stem) => index.terms.get(stem)!)
  const occurrences = new Map<number, { frequency: number; places: number }>()
  for (const doc of rarest.docs) {
    const found = occurrencesIn(index.sequences[doc]!, wanted)
    if (found.frequency > 0) occurrences.set(doc, found)
  }
  return fromOccurrences(occurrences)
}

function occurrencesIn(
  sequence: Int32Array,
  wanted: readonly number[],
): { frequency: number; places: number } {
  const found = { frequency: 0, places: 0 }
  let field = 0
  for (let at = 0; at < sequence.length; at++) {
    if (sequence[at] === BREAK) field++
    if (!wanted.every((term, offset) => sequence[at + offset] === term)) continue
    found.frequency += frequencyIn(field)
    found.places |= placeOf(field)
  }
  return found
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
  const idf = inverseDocumentFrequency(index, variants, postings.docs.length)
  const ceiling = idf * (K1 + 1)
  const weights = Float64Array.from(postings.docs, (doc, at) => {
    const frequency = postings.frequencies[at]!
    return (ceiling * frequency) / (frequency + K1 * (1 - B + B * index.relativeLengths[doc]!))
  })
  return { ...postings, weights, ceiling: isKnown(index, variants, postings) ? ceiling : 0 }
}

function isKnown(index: PaperIndex, variants: readonly (readonly string[])[], postings: Postings): boolean {
  const words = variants.filter((stems) => stems.length === 1)
  return postings.docs.length > 0 || words.some(([word = '']) => index.statistics.documentFrequency(word) > 0)
}

/**
 * ln(1 + (N − n + ½) / (n + ½)): never negative, ibid. eq. 3.3 with Lucene's 1 +. A phrase is at most as common in the
 * collection as its rarest word, else as common as among the papers at hand.
 */
function inverseDocumentFrequency(
  index: PaperIndex,
  variants: readonly (readonly string[])[],
  matched: number,
): number {
  const { papers, documentFrequency } = index.statistics
  const share = matched / Math.max(index.papers.length, 1)
  const [first = []] = variants
  const single = variants.length === 1 && first.length === 1
  const rarest = Math.min(...variants.map((stems) => Math.min(...stems.map(documentFrequency))), papers)
  const n = single ? documentFrequency(first[0]!) : Math.min(share * papers, Math.max(rarest, matched))
  return Math.log(1 + Math.max(papers - n + 0.5, 0.5) / (n + 0.5))
}
