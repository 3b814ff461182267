import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { reasonOf } from '../src/errors.ts'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { readCases, readPapers } from './evalCases.ts'
import { rankCase, TASKS, type Task } from './evalTasks.ts'

/**
 * npm run -s eval:rank -- --papers P.jsonl --cases C.jsonl --task keywords|tags|likes|likes+dislikes|query --out
 * RUN.jsonl
 * Ranks each case's candidates with the product's own code. Writes a line `{"case_id","ranking"}` for each case.
 */
const {
  papers: papersPath,
  cases: casesPath,
  task,
  out,
} = parseArgs({
  options: {
    papers: { type: 'string' },
    cases: { type: 'string' },
    task: { type: 'string' },
    out: { type: 'string' },
  },
}).values

if (!papersPath || !casesPath || !out || !isTask(task)) {
  console.error(
    `Expected --papers FILE --cases FILE --task ${TASKS.join('|')} --out FILE, got ${process.argv.slice(2).join(' ')}`,
  )
  process.exitCode = 2
} else {
  try {
    await rankAll(papersPath, casesPath, task, out)
  } catch (error) {
    console.error(reasonOf(error))
    process.exitCode = 1
  }
}

async function rankAll(papersFile: string, casesFile: string, chosen: Task, outFile: string): Promise<void> {
  const papers = await readPapers(papersFile)
  const cases = await readCases(casesFile)
  const corpus = trainCorpusModel(papers.papers)
  const lines = cases.map((one) =>
    JSON.stringify({ case_id: one.case_id, ranking: rankCase(corpus, papers, one, chosen) }),
  )
  await writeFile(outFile, lines.map((line) => `${line}\n`).join(''))
}

function isTask(name: string | undefined): name is Task {
  return TASKS.some((task) => task === name)
}
