import { expect, test } from 'vitest'
import { trainCorpusModel } from '../../../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../../../src/ranking/index/paperIndex.ts'
import { findOwn, findText, type Match } from '../../../src/ranking/score/match.ts'
import { subjectPapers } from '../subjects.ts'

const corpus = trainCorpusModel(subjectPapers(120, 1))
const index = buildIndex(subjectPapers(40, 5001), corpus)
const { pool, lends } = index.neighbourhood!

test('each word has the papers that hold it, and those to which their neighbours lend a twentieth of its value', () => {
  for (const stem of pool.terms.keys()) {
    const own = findOwn(index, [[stem]])
    const found = entriesOf(findText(index, [[stem]]))
    const expected = borrowed(stem, own)
    expect([...found.docs]).toEqual(expected.map(({ doc }) => doc))
    for (const [at, { weight }] of expected.entries()) expect(found.weights[at]!).toBeCloseTo(weight, 4)
    const places = [...found.docs].map((doc) => own.places[own.docs.indexOf(doc)] ?? 0)
    expect([...found.places]).toEqual(places)
  }
})

function entriesOf({ docs, weights, places, from, to }: Match) {
  const [ofDocs, ofWeights] = [docs.subarray(from, to), weights.subarray(from, to)]
  return { docs: ofDocs, weights: ofWeights, places: places.subarray(from, to) }
}

function borrowed(stem: string, own: ReturnType<typeof findOwn>): { doc: number; weight: number }[] {
  const lenders = findOwn(pool, [[stem]])
  const ceiling = own.ceiling || lenders.ceiling
  const sums = new Float64Array(index.papers.length)
  own.docs.forEach((doc, at) => {
    sums[doc] = own.weights[at]!
  })
  lenders.docs.forEach((lender, at) => {
    const weight = (ceiling / lenders.ceiling) * lenders.weights[at]!
    for (let k = lends.starts[lender]!; k < lends.starts[lender + 1]!; k++)
      sums[lends.columns[k]!]! += weight * lends.values[k]!
  })
  return [...sums].flatMap((weight, doc) => {
    if (own.docs.includes(doc)) return [{ doc, weight: Math.max(weight, 0.05 * ceiling) }]
    return weight >= 0.05 * ceiling ? [{ doc, weight }] : []
  })
}
