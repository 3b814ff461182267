import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { trainCollection } from '../src/ranking/collection.ts'
import { readCases, readPapers } from './evalCases.ts'
import { rankCase, TASKS, type Task } from './evalTasks.ts'

/**
 * npm run -s eval:rank -- --papers P.jsonl --cases C.jsonl --task keywords|tags|likes|likes+dislikes|query --out RUN.jsonl
 * Ranks each case's candidates with the product's own code; a line `{"case_id","ranking"}` each.
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
  const papers = await readPapers(papersPath)
  const collection = trainCollection(papers.papers)
  const lines = (await readCases(casesPath)).map((one) =>
    JSON.stringify({ case_id: one.case_id, ranking: rankCase(collection, papers, one, task) }),
  )
  await writeFile(out, `${lines.join('\n')}\n`)
}

function isTask(name: string | undefined): name is Task {
  return TASKS.some((task) => task === name)
}
