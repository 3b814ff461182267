import { existsSync } from 'node:fs'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { bm25Scores, centroidScores, plainIndex, subjectWords, substringCounts } from './evalBaselines.ts'
import { candidatesOf, type EvalCase, type EvalPapers, placesOf, readCases, readPapers } from './evalCases.ts'
import { byScore, rankCase, type Task, wordsFor } from './evalTasks.ts'
import { svmScores } from './linearSvm.ts'
import { ndcg10 } from './ndcg.ts'
import { tfidfRows } from './tfidf.ts'

/**
 * npm run eval ranks every labelled set with the product's own code and with common methods, and prints one table of
 * nDCG@10. The spread is that of the means of five folds of the cases.
 */
const DATA = new URL('../../shared/eval/', import.meta.url)
const READER_TASKS: Task[] = ['keywords', 'tags', 'likes', 'likes+dislikes']
const SETS: [set: string, tasks: Task[]][] = [
  ['citeulike-a', READER_TASKS],
  ['citeulike-t-bow', READER_TASKS],
  ['cranfield', ['query']],
  ['cisi', ['query']],
  ['cacm', ['query']],
]
const FOLDS = 5
const OTHERS = ['substring', 'BM25+stem', 'centroid', 'SVM'] as const
type Other = (typeof OTHERS)[number]

/** The targets: a value, or a baseline of the same run times a factor. */
const TARGETS: Record<string, number | [Other, number]> = {
  'citeulike-a keywords': 0.208,
  'citeulike-a tags': 0.152,
  'citeulike-a likes': 0.262,
  'citeulike-a likes+dislikes': 0.285,
  'citeulike-t-bow keywords': 0.308,
  'citeulike-t-bow tags': 0.273,
  'citeulike-t-bow likes': ['SVM', 1.1],
  'cranfield query': ['BM25+stem', 1.05],
  'cisi query': ['BM25+stem', 1.05],
  'cacm query': ['BM25+stem', 1.05],
}

/** Ranks the papers of one set for a case and a task. */
type Ranker = (one: EvalCase, task: Task) => string[]

if (existsSync(new URL('dev/', DATA))) await main()
else {
  console.error(`Expected the labelled sets in ${DATA.pathname}, found none: nothing was measured`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  console.log(`| set | task | cases | ${OTHERS.join(' | ')} | Paperboy | folds | target | |`)
  console.log(`|${' --- |'.repeat(OTHERS.length + 7)}`)
  for (const [set, tasks] of SETS) {
    const papers = await readPapers(new URL(`${set}.papers.jsonl`, DATA).pathname)
    const cases = await readCases(new URL(`dev/${set}.cases.jsonl`, DATA).pathname)
    const others = otherRankers(papers)
    const corpus = trainCorpusModel(papers.papers)
    for (const task of tasks) {
      const own = cases.map((one) => ndcgOf(rankCase(corpus, papers, one, task), one))
      const means = OTHERS.map((name) => {
        const rank = others[name](task)
        return rank === undefined ? undefined : mean(cases.map((one) => ndcgOf(rank(one, task), one)))
      })
      console.log(rowOf(set, task, own, means))
    }
  }
}

function rowOf(set: string, task: Task, own: number[], means: (number | undefined)[]): string {
  const folds = Array.from({ length: FOLDS }, (_, fold) => mean(own.filter((_, at) => at % FOLDS === fold)))
  const target = targetOf(`${set} ${task}`, means)
  const cells = [
    set,
    task,
    String(own.length),
    ...means.map((value) => value?.toFixed(4) ?? '–'),
    mean(own).toFixed(4),
    `${Math.min(...folds).toFixed(3)}–${Math.max(...folds).toFixed(3)}`,
    target?.toFixed(4) ?? '–',
    target === undefined ? '' : mean(own) >= target ? 'reached' : 'missed',
  ]
  return `| ${cells.join(' | ')} |`
}

function targetOf(name: string, means: (number | undefined)[]): number | undefined {
  const target = TARGETS[name]
  if (!Array.isArray(target)) return target
  return means[OTHERS.indexOf(target[0])]! * target[1]
}

/** For each baseline and task its ranking; undefined if it has none. */
function otherRankers(papers: EvalPapers): Record<Other, (task: Task) => Ranker | undefined> {
  const index = plainIndex(papers.papers)
  const { rows, columns } = tfidfRows(papers)
  const byWords = (score: (text: string, one: EvalCase, task: Task) => Float64Array) => (task: Task) =>
    task.startsWith('likes')
      ? undefined
      : (one: EvalCase) => ranking(papers, one, task, score(wordsFor(one, task), one, task))
  const byLikes = (score: (likes: number[], dislikes: number[]) => Float64Array) => (task: Task) =>
    task.startsWith('likes')
      ? (one: EvalCase) => {
          const dislikes = task === 'likes' ? [] : placesOf(papers, one.dislikes)
          return ranking(papers, one, task, score(placesOf(papers, one.likes), dislikes))
        }
      : undefined
  return {
    substring: byWords((text, one, task) => substringCounts(papers, filterWords(text, one, task))),
    'BM25+stem': byWords((text) => bm25Scores(index, text)),
    centroid: byLikes((likes) => centroidScores(rows, columns, likes)),
    SVM: byLikes((likes, dislikes) => {
      const liked = new Set(likes)
      const disliked = new Set(dislikes)
      return svmScores(
        rows,
        columns,
        (row) => liked.has(row),
        (row) => (disliked.has(row) ? 5 : 1),
      )
    }),
  }
}

function filterWords(text: string, { keywords, tags }: EvalCase, task: Task): string[] {
  return (task === 'keywords' ? keywords : task === 'tags' ? tags : undefined) ?? subjectWords(text)
}

function ranking(papers: EvalPapers, one: EvalCase, task: Task, scores: Float64Array): string[] {
  const hidden = new Set(task === 'likes+dislikes' ? placesOf(papers, one.dislikes) : [])
  const left = candidatesOf(papers, one).filter((place) => !hidden.has(place))
  return byScore(left, scores).map((place) => papers.ids[place]!)
}

function ndcgOf(ranked: readonly string[], { relevant = [] }: EvalCase): number {
  return ndcg10(ranked, new Set(relevant))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
