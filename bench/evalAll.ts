import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { starterModel } from '../src/digests/corpus/starter.ts'
import { corpusAsIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { chooseDigests, measureDigests } from './digestRuns.ts'
import { type EvalCase, type EvalPapers, readCases, readPapers } from './evalCases.ts'
import { PEERS, type Peer, peersOf, type Scorer } from './evalPeers.ts'
import { productionScorer } from './evalProduction.ts'
import { EVAL_SETS, type EvalSet, targetOf } from './evalSets.ts'
import { rankingOf, scoresFor, type Task } from './evalTasks.ts'
import { firstHit, ndcg10 } from './ndcg.ts'

/**
 * npm run eval [-- --only NAME] ranks every labelled set with the product's own code and with common methods, and prints one table:
 * nDCG@10, for daily listings the mean reciprocal rank. The spread is that of the means of five folds of the cases. "In production" is what
 * an installation of that day would have had. A second table has what digests would have brought.
 */
const DATA = new URL('../../shared/eval/', import.meta.url)
const FOLDS = 5
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values

if (existsSync(new URL('dev/', DATA))) await main()
else {
  console.error(`Expected the labelled sets in ${DATA.pathname}, found none: nothing was measured`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const columns = ['set', 'task', 'cases', ...PEERS, 'Paperboy', 'folds', 'in production', 'target', '']
  console.log(`| ${columns.join(' | ')} |`)
  console.log(`|${' --- |'.repeat(columns.length)}`)
  const sets = EVAL_SETS.filter(({ papers, cases }) => [undefined, papers, ...cases].includes(only))
  for (const set of sets) await printRows(set)
  if (only === undefined || only === 'digests') await printDigests()
}

async function printRows({ papers: file, cases: names, tasks, isProduction }: EvalSet): Promise<void> {
  const papers = await readPapers(new URL(file, DATA).pathname)
  const peers = peersOf(papers)
  const index = corpusAsIndex(trainCorpusModel(papers.papers))
  const own: Scorer = (one, task) => scoresFor(index, papers, one, task)
  const production = isProduction ? productionScorer(papers) : undefined
  for (const name of names) {
    const cases = await readCases(new URL(`dev/${name}.cases.jsonl`, DATA).pathname)
    const measure = measureOf(name)
    const valuesOf = (scorer: Scorer, task: Task) => valuesBy(papers, cases, task, scorer, measure)
    const produced = production && valuesByCase(papers, cases, tasks, production, measure)
    for (const task of tasks) {
      const ours = valuesOf(own, task)
      const means = PEERS.map((peer): [Peer, number | undefined] => {
        const scorer = peers(peer, task)
        return [peer, scorer && mean(valuesOf(scorer, task))]
      })
      console.log(rowOf(name, task, ours, new Map(means), produced && mean(produced.get(task)!)))
    }
  }
}

type Measure = (ranking: readonly string[], relevant: ReadonlySet<string>) => number

function measureOf(name: string): Measure {
  return name.endsWith('-daily') ? firstHit : ndcg10
}

/** The measure of each case. Cases of one reader share their scores. */
function valuesBy(
  papers: EvalPapers,
  cases: readonly EvalCase[],
  task: Task,
  scorer: Scorer,
  measure: Measure,
): number[] {
  let last: { key: string; scores: Float64Array } | undefined
  return cases.map((one) => {
    const { keywords, tags, query, likes, dislikes, start } = one
    const key = JSON.stringify([keywords, tags, query, likes, dislikes, start])
    if (last?.key !== key) last = { key, scores: scorer(one, task) }
    return measure(rankingOf(papers, one, task, last.scores), new Set(one.relevant))
  })
}

/** The measures for all tasks of one case before those of the next, by the first day of the cases: a model of a day is made once. */
function valuesByCase(
  papers: EvalPapers,
  cases: readonly EvalCase[],
  tasks: readonly Task[],
  scorer: Scorer,
  measure: Measure,
): Map<Task, number[]> {
  const values = new Map(tasks.map((task): [Task, number[]] => [task, []]))
  const byDay = [...cases].sort((a, b) => (a.start! < b.start! ? -1 : 1))
  for (const one of byDay)
    for (const task of tasks)
      values.get(task)!.push(measure(rankingOf(papers, one, task, scorer(one, task)), new Set(one.relevant)))
  return values
}

function rowOf(
  name: string,
  task: Task,
  own: number[],
  peers: ReadonlyMap<Peer, number | undefined>,
  produced: number | undefined,
): string {
  const folds = Array.from({ length: FOLDS }, (_, fold) => mean(own.filter((_, at) => at % FOLDS === fold)))
  const target = targetOf(name, task, peers)
  const reached = produced ?? mean(own)
  const cells = [
    name,
    task,
    String(own.length),
    ...[...peers.values()].map(inDigits),
    inDigits(mean(own)),
    `${Math.min(...folds).toFixed(3)}–${Math.max(...folds).toFixed(3)}`,
    inDigits(produced),
    inDigits(target),
    target === undefined ? '' : reached >= target ? 'reached' : 'missed',
  ]
  return `| ${cells.join(' | ')} |`
}

async function printDigests(): Promise<void> {
  const papers = await readPapers(new URL('curators.papers.jsonl', DATA).pathname)
  const cases = await readCases(new URL('dev/curators.cases.jsonl', DATA).pathname)
  const corpora = { 'its own 9,927 papers': trainCorpusModel(papers.papers), 'starter only': starterModel() }
  console.log('\n| digests | corpus model | papers a day | recall | F1 | first3 |')
  console.log(`|${' --- |'.repeat(6)}`)
  for (const [name, corpus] of Object.entries(corpora))
    for (const withLikes of [true, false]) {
      const runs = chooseDigests(papers, cases, corpus, withLikes)
      const { papersADay, recall, f1, first3 } = measureDigests(papers, cases, runs)
      const what = withLikes ? 'with likes' : 'without'
      const digits = [recall, f1, first3].map((value) => value.toFixed(3))
      console.log(`| ${what} | ${name} | ${papersADay.toFixed(2)} | ${digits.join(' | ')} |`)
    }
}

function inDigits(value: number | undefined): string {
  return value?.toFixed(4) ?? '–'
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
