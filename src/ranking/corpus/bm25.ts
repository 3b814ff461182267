/**
 * BM25: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), §3.4, with the usual k1 and b.
 * Titles are weighted by counting their words twice in frequency and length, ibid. §3.6.
 */
const K1 = 1.2
const B = 0.75

/**
 * The share of a word's full weight that a paper gets for its frequency in it, from 0 towards 1. `relativeLength` is the length of
 * the paper over the mean length.
 */
export function saturation(frequency: number, relativeLength: number): number {
  return frequency / (frequency + K1 * (1 - B + B * relativeLength))
}

/** The weight of a word in a paper full of it: (k1 + 1) · ln(1 + (N − n + ½) / (n + ½)), eq. 3.3 with Lucene's 1 +, never negative. */
export function fullWeight(papers: number, holders: number): number {
  return (K1 + 1) * Math.log(1 + Math.max(papers - holders + 0.5, 0.5) / (holders + 0.5))
}
