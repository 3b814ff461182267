/**
 * BM25: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), §3.4, with the usual k1 and b.
 * Titles are weighted by counting their words twice in frequency and length, ibid. §3.6.
 */
const K1 = 1.2
const B = 0.75

/** Frequency of a word in a paper → its share of the word's full weight, from 0 towards 1. `relativeLength`: over the mean. */
export function saturation(frequency: number, relativeLength: number): number {
  return frequency / (frequency + K1 * (1 - B + B * relativeLength))
}

/** The weight of a word in a paper full of it: ln(1 + (N − n + ½) / (n + ½)) · (k1 + 1), never negative (eq. 3.3 with Lucene's 1 +). */
export function fullWeight(papers: number, holders: number): number {
  return (K1 + 1) * Math.log(1 + Math.max(papers - holders + 0.5, 0.5) / (holders + 0.5))
}
