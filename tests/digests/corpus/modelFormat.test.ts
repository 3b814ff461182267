import { existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { CORPUS_FORMAT, packCorpusModel, unpackCorpusModel } from '../../../src/digests/corpus/modelBytes.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { paper } from '../../ranking/papers.ts'
import { subjectPapers } from '../../ranking/subjects.ts'

/** What a stored corpus model is made of, a line for each place in it: `.saturation.columns Int32Array`. */
function shapeOf(corpus: unknown): string[] {
  const lines = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (value: unknown, place: string) => {
    lines.add(`${place} ${kindOf(value)}`)
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return
    seen.add(value)
    if (value instanceof Map) {
      for (const [key, item] of value) {
        visit(key, `${place}{key}`)
        visit(item, `${place}{}`)
      }
    } else if (Array.isArray(value) || value instanceof Set) {
      for (const item of value) visit(item, `${place}[]`)
    } else {
      for (const [name, item] of Object.entries(value)) visit(item, `${place}.${name}`)
    }
  }
  visit(corpus, '')
  return [...lines].sort()
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? value.constructor.name
    : value === null
      ? 'null'
      : typeof value
}

/** Enough papers, with enough words in common, for everything that a corpus model may hold. */
function papers(): RankablePaper[] {
  const word = (number: number) =>
    `${'bdfgklmnprst'[number % 12]}${'aeiou'[number % 5]}${'bdfgklmnprst'[(number * 7) % 12]}o${'bdfgklmnprst'[Math.floor(number / 12) % 12]}ur`
  const worded = Array.from({ length: 400 }, (_, at) =>
    paper(at + 1, `On ${word(at)} and ${word(at + 1)}`, {
      abstract: `Multi-modal multimodal ${Array.from({ length: 9 }, (_, n) => word(at + n * 3)).join(' ')}.`,
      authors: [`Author ${at}`],
      upvotes: at,
    }),
  )
  return [
    ...worded,
    ...subjectPapers(100, 5001),
    paper(9001, 'Graph neural networks (GNNs) for molecules', { abstract: 'Message passing between atoms.' }),
    paper(9002, 'Deep graph neural networks (GNN)', { abstract: 'Message passing over nodes, made deep.' }),
  ]
}

test('a corpus is stored as this CORPUS_FORMAT always stored it', async () => {
  const packed = packCorpusModel(trainCorpusModel(papers()))
  const shape = shapeOf(await unpackCorpusModel(Readable.from([packed])))
  const file = new URL(`../../fixtures/ranking/corpus-model-${CORPUS_FORMAT}.json`, import.meta.url)
  const recorded = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  expect(
    shape,
    `Collections are made otherwise than CORPUS_FORMAT ${CORPUS_FORMAT} says: raise it in src/digests/corpus/modelBytes.ts, so that stored ones are trained anew and not read wrongly, and record this in ${file.pathname}: ${JSON.stringify(shape)}`,
  ).toEqual(recorded)
})
