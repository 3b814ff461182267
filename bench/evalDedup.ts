import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Entry } from '../src/domain.ts'
import { entryKeys } from '../src/papers/keys/entryKeys.ts'
import { planIngest } from '../src/papers/planning/plan.ts'
import { readRecords } from './dedupRecords.ts'

/**
 * Runs the code that ingest runs (keys, candidates, matching, joining) over bibliographic records, as if they came in
 * one listing. Writes every pair of one paper as a line `idA,idB`.
 */

const USAGE = 'npm run -s eval:dedup -- --records RECORDS.jsonl --out PAIRS.csv'
const { values } = parseArgs({ options: { records: { type: 'string' }, out: { type: 'string' } } })
if (values.records === undefined || values.out === undefined) {
  console.error(`expected --records and --out: ${USAGE}`)
  process.exit(2)
}

const records = readRecords(values.records)
const keyed = records.map(({ entry }) => ({ entry, keys: entryKeys(entry) }))
const sourceOf = new Map(records.map(({ source, entry }) => [entry, source]))
const seenOf = (entry: Entry) => ({ format: `records-${sourceOf.get(entry)}`, at: null })
const plan = planIngest(keyed, seenOf, { papers: [], keys: [], merges: [], apart: [] })

const clusters = new Map<number, string[]>()
plan.paperOf.forEach((paper, index) => {
  clusters.set(paper, [...(clusters.get(paper) ?? []), records[index]!.id])
})
const pairs = [...clusters.values()].flatMap((ids) =>
  ids.flatMap((id, index) => ids.slice(index + 1).map((other) => `${id},${other}`)),
)
writeFileSync(values.out, pairs.map((pair) => `${pair}\n`).join(''))
console.log(JSON.stringify({ records: records.length, papers: clusters.size, pairs: pairs.length }))
