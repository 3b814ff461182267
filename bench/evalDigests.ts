import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { starterModel } from '../src/digests/corpus/starter.ts'
import { reasonOf } from '../src/errors.ts'
import { selectDigest } from '../src/ranking/choose/selectDigest.ts'
import type { CorpusModel, RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { trainTaste } from '../src/ranking/score/taste.ts'
import { candidatesOf, type EvalCase, type EvalPapers, placesOf, readCases, readPapers } from './evalCases.ts'
import { wordsFor } from './evalTasks.ts'

/**
 * npm run -s eval:digests -- --papers P.jsonl --cases C.jsonl --out RUN.jsonl [--without-likes] [--starter-only]
 * Chooses each case's digests, a listing day at a time, with the product's own selection: at most ten papers, nothing
 * sent twice. With --starter-only ranking knows the starter model alone, as on an installation's first day. Papers need a `date`. Writes a line `{"case_id","days":[{"date","sent":[ids, best first]}]}` for each case.
 */
const options = parseArgs({
  options: {
    papers: { type: 'string' },
    cases: { type: 'string' },
    out: { type: 'string' },
    'without-likes': { type: 'boolean', default: false },
    'starter-only': { type: 'boolean', default: false },
  },
}).values

const MAX = 10

if (!options.papers || !options.cases || !options.out) {
  console.error(
    `Expected --papers FILE --cases FILE --out FILE [--without-likes] [--starter-only], got ${process.argv.slice(2).join(' ')}`,
  )
  process.exitCode = 2
} else {
  try {
    await digestsOfAll(options.papers, options.cases, options.out)
  } catch (error) {
    console.error(reasonOf(error))
    process.exitCode = 1
  }
}

async function digestsOfAll(papersFile: string, casesFile: string, outFile: string): Promise<void> {
  const papers = await readPapers(papersFile)
  const dates = await readDates(papersFile)
  const corpus = options['starter-only'] ? starterModel() : trainCorpusModel(papers.papers)
  const days = indexesByDay(papers, dates, corpus)
  const lines = (await readCases(casesFile)).map((one) => {
    const wanted = [...new Set(candidatesOf(papers, one).map((place) => dates[place]!))].sort()
    const chosen = digestsOf(one, papers, corpus, wanted, days)
    return `${JSON.stringify({ case_id: one.case_id, days: chosen })}\n`
  })
  await writeFile(outFile, lines.join(''))
}

/** The digests of one case for these listing days, in their order. */
function digestsOf(
  one: EvalCase,
  papers: EvalPapers,
  corpus: CorpusModel,
  wanted: readonly string[],
  days: ReadonlyMap<string, RankingIndex>,
): { date: string; sent: string[] }[] {
  const candidates = new Set(candidatesOf(papers, one))
  const likes = placesOf(papers, one.likes).map((place) => papers.papers[place]!)
  const taste = options['without-likes'] ? undefined : trainTaste(corpus, likes)
  const query = wordsFor(one, 'keywords')
  const sent = new Set<number>()
  return wanted.map((date) => {
    const { items } = selectDigest(days.get(date)!, [{ name: 'topic', query, quota: null }], {
      max: MAX,
      trendWeight: 0,
      exclude: (paper) => sent.has(paper) || !candidates.has(paper),
      ...(taste === undefined ? {} : { taste }),
    })
    for (const { paperId } of items) sent.add(paperId)
    return { date, sent: items.map(({ paperId }) => papers.ids[paperId]!) }
  })
}

function indexesByDay(
  papers: EvalPapers,
  dates: readonly string[],
  corpus: CorpusModel,
): Map<string, RankingIndex> {
  const places = new Map<string, number[]>()
  for (const [place, date] of dates.entries()) places.set(date, [...(places.get(date) ?? []), place])
  return new Map(
    [...places].map(([date, all]) => [
      date,
      buildIndex(
        all.map((place) => papers.papers[place]!),
        corpus,
      ),
    ]),
  )
}

async function readDates(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => (JSON.parse(line) as { date: string }).date)
}
