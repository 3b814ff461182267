import { isStopWord } from '../src/ranking/language/stopWords.ts'
import { type SparseRows, sparseRows, unitRows } from '../src/ranking/matrices/sparseRows.ts'
import type { EvalPapers } from './evalCases.ts'

const FEATURES = 20_000

/** The features are the commonest grams of an even sample of so many papers: those of 75,000 papers would fill the memory. */
const COUNTED_PAPERS = 26_000

/**
 * TF-IDF vectors as in arxiv-sanity-lite: words and pairs of words, the 20,000 commonest, (1 + ln tf) · idf, length
 * 1.
 */
export function tfidfRows({ papers }: EvalPapers): { rows: SparseRows; columns: number } {
  const gramsOf = ({ title, abstract }: EvalPapers['papers'][number]) => grams(`${title} ${abstract ?? ''}`)
  const every = Math.ceil(papers.length / COUNTED_PAPERS)
  const numbers = commonest(papers.filter((_, at) => at % every === 0).map(gramsOf))
  const counts = papers.map((paper) => countsOf(gramsOf(paper), numbers))
  const holders = new Float64Array(numbers.size)
  for (const count of counts) for (const term of count.keys()) holders[term]!++
  const idf = holders.map((held) => Math.log((1 + papers.length) / (1 + held)) + 1)
  const grown = { starts: [0], columns: [] as number[], values: [] as number[] }
  for (const count of counts) {
    for (const [term, frequency] of count) {
      grown.columns.push(term)
      grown.values.push((1 + Math.log(frequency)) * idf[term]!)
    }
    grown.starts.push(grown.columns.length)
  }
  return { rows: unitRows(sparseRows(grown)), columns: numbers.size }
}

function grams(text: string): string[] {
  const words = (text.toLowerCase().match(/\b[a-z_][a-z0-9_]+\b/g) ?? []).filter((word) => !isStopWord(word))
  return [...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)]
}

function commonest(texts: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) for (const gram of text) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  const kept = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FEATURES)
  return new Map(kept.map(([gram], at) => [gram, at]))
}

function countsOf(text: readonly string[], numbers: ReadonlyMap<string, number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (const gram of text) {
    const term = numbers.get(gram)
    if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  return counts
}
