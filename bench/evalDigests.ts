import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { starterModel } from '../src/digests/corpus/starter.ts'
import { reasonOf } from '../src/errors.ts'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { chooseDigests } from './digestRuns.ts'
import { readCases, readPapers } from './evalCases.ts'

/**
 * npm run -s eval:digests -- --papers P.jsonl --cases C.jsonl --out RUN.jsonl [--without-likes] [--starter-only]
 * Chooses each case's digests, a listing day at a time, with the product's own selection (digestRuns.ts). With --starter-only ranking
 * knows the starter model alone, as on an installation's first day. Papers need a `date`. Writes a line
 * `{"case_id","days":[{"date","sent":[ids, best first]}]}` for each case.
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
  const cases = await readCases(casesFile)
  const corpus = options['starter-only'] ? starterModel() : trainCorpusModel(papers.papers)
  const runs = chooseDigests(papers, cases, corpus, !options['without-likes'])
  const lines = cases.map(({ case_id }, at) => `${JSON.stringify({ case_id, days: runs[at] })}\n`)
  await writeFile(outFile, lines.join(''))
}
