import { expect, test } from 'vitest'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { findOwn, findText, type Match } from '../../../src/ranking/score/match.ts'
import { subjectPapers } from '../subjects.ts'

const corpus = trainCorpusModel(subjectPapers(120, 1))
const index = buildIndex(subjectPapers(40, 5001), corpus)
const expansion = index.expansion!

test('each word has the papers that hold it, and those that get a twentieth of its value from their neighbours', () => {
  for (const stem of corpus.index.terms.keys()) {
    const own = findOwn(index, [[stem]])
    const found = entriesOf(findText(index, [[stem]]))
    const expected = expanded(stem, own)
    expect([...found.docs]).toEqual(expected.map(({ doc }) => doc))
    for (const [at, { weight }] of expected.entries()) expect(found.weights[at]!).toBeCloseTo(weight, 4)
    const fieldBits = [...found.docs].map((doc) => own.fieldBits[own.docs.indexOf(doc)] ?? 0)
    expect([...found.fieldBits]).toEqual(fieldBits)
  }
})

function entriesOf({ docs, weights, fieldBits, from, to }: Match) {
  const [ofDocs, ofWeights] = [docs.subarray(from, to), weights.subarray(from, to)]
  return { docs: ofDocs, weights: ofWeights, fieldBits: fieldBits.subarray(from, to) }
}

function expanded(stem: string, own: ReturnType<typeof findOwn>): { doc: number; weight: number }[] {
  const neighbours = findOwn(corpus.index, [[stem]])
  const ceiling = own.ceiling || neighbours.ceiling
  const sums = new Float64Array(index.papers.length)
  own.docs.forEach((doc, at) => {
    sums[doc] = own.weights[at]!
  })
  neighbours.docs.forEach((neighbour, at) => {
    const weight = (ceiling / neighbours.ceiling) * neighbours.weights[at]!
    for (let k = expansion.starts[neighbour]!; k < expansion.starts[neighbour + 1]!; k++)
      sums[expansion.columns[k]!]! += weight * expansion.values[k]!
  })
  return [...sums].flatMap((weight, doc) => {
    if (own.docs.includes(doc)) return [{ doc, weight: Math.max(weight, 0.05 * ceiling) }]
    return weight >= 0.05 * ceiling ? [{ doc, weight }] : []
  })
}
