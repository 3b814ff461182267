import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { STARTER_FILE } from '../src/digests/corpus/starter.ts'
import { learnAcronyms } from '../src/ranking/corpus/acronyms.ts'
import { trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { paperOfWords, type RankablePaper } from '../src/ranking/index/paperIndex.ts'
import { packStarter } from './packStarter.ts'

/**
 * npm run learn:starter -- [--corpus FILE.jsonl.gz] [--before 2026-04-01] [--papers 12000]
 * Learns the starter model that the package brings along (models/starter.bin.gz) from papers listed before a day: an even sample
 * of them, and the acronyms of all. Each line of the corpus is `{"title","abstract","date"}`. The same corpus gives the same bytes.
 */
const { corpus, before, papers } = parseArgs({
  options: {
    corpus: { type: 'string', default: '../shared/corpus/arxiv-cs-2025-2026.jsonl.gz' },
    before: { type: 'string', default: '2026-04-01' },
    papers: { type: 'string', default: '12000' },
  },
}).values

const all = await readCorpus(corpus, before)
const wanted = Math.min(Number(papers), all.length)
const sample = all.filter((_, at) => (at * wanted) % all.length < wanted)
const bytes = packStarter(trainCorpusModel(sample), learnAcronyms(all))
await mkdir(dirname(STARTER_FILE), { recursive: true })
await writeFile(STARTER_FILE, bytes)
console.log(JSON.stringify({ corpus: all.length, papers: sample.length, bytes: bytes.length }))

async function readCorpus(file: string, until: string): Promise<RankablePaper[]> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) })
  const found: RankablePaper[] = []
  for await (const line of lines) {
    const { title, abstract, date } = JSON.parse(line) as { title: string; abstract: string; date: string }
    if (date < until) found.push(paperOfWords({ id: found.length + 1, title, abstract }))
  }
  return found
}
