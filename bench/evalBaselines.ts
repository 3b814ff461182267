import type { RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { lengthOf } from '../src/ranking/index/inverted.ts'
import type { RankablePaper } from '../src/ranking/index/paperIndex.ts'
import { queryFromText } from '../src/ranking/language/query.ts'
import { isStopWord } from '../src/ranking/language/stopWords.ts'
import { wordsOf } from '../src/ranking/language/text.ts'
import { dotSparseRow, type SparseRows } from '../src/ranking/matrices/sparseRows.ts'
import { addMatch, findOwn } from '../src/ranking/score/match.ts'
import type { EvalPapers } from './evalCases.ts'

/** Common methods, run on the same cases. Each gives a score for each paper of a set. */

/** How many of the words or phrases occur in the text, as keyword filters count. */
export function substringCounts({ papers }: EvalPapers, wanted: readonly string[]): Float64Array {
  const lower = wanted.map((text) => text.toLowerCase())
  return Float64Array.from(papers, ({ title, abstract }) => {
    const text = `${title}\n${abstract ?? ''}`.toLowerCase()
    return lower.filter((one) => text.includes(one)).length
  })
}

/** The words of a written query that one would give to a keyword filter. */
export function subjectWords(text: string): string[] {
  return [...new Set(wordsOf(text.toLowerCase()))].filter((word) => !isStopWord(word))
}

/** An ordinary index: a paper's length is that of its text, with or without an abstract. */
export function plainIndex(papers: readonly RankablePaper[]): RankingIndex {
  const index = buildIndex(papers)
  const lengths = Float64Array.from(papers, (_, doc) => lengthOf(index.texts, doc))
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
  return { ...index, relativeLengths: lengths.map((length) => length / mean) }
}

/** BM25 (k1 1.2, b 0.75) over stems, the title counted twice, without stop words; `index` by plainIndex. */
export function bm25Scores(index: RankingIndex, text: string): Float64Array {
  const scores = new Float64Array(index.papers.length)
  for (const { variants } of queryFromText(text).clauses.filter((clause) => clause.kind === 'text'))
    for (const stem of variants[0]!) addMatch(scores, findOwn(index, [[stem]]), 1)
  return scores
}

/** The cosine with the sum of the liked papers' vectors; `rows` have length 1. */
export function centroidScores(rows: SparseRows, columns: number, likes: readonly number[]): Float64Array {
  const centroid = new Float64Array(columns)
  for (const like of likes)
    for (let k = rows.starts[like]!; k < rows.starts[like + 1]!; k++)
      centroid[rows.columns[k]!]! += rows.values[k]!
  return Float64Array.from({ length: rows.starts.length - 1 }, (_, row) => dotSparseRow(rows, row, centroid))
}
