import { describe, expect, test } from 'vitest'
import { hfDailyApi } from '../../../../src/sources/formats/huggingface/dailyApi.ts'
import { cuts, describeShared, readFixture, readShared } from '../../fixture.ts'

const answer = readFixture('hf-daily-api.json')

function item(id: string, submittedOnDailyAt?: unknown) {
  return { paper: { id, title: `Paper ${id}`, submittedOnDailyAt } }
}

describe('the day', () => {
  test.each([
    [
      'the UTC day of the submission',
      ['2026-05-08T23:59:59.999Z', '2026-05-08T00:00:00.000Z'],
      '2026-05-08',
      ['2026-05-08', '2026-05-08'],
    ],
    [
      'several days: each item its own',
      ['2026-05-08T10:00:00.000Z', '2026-05-07T10:00:00.000Z'],
      undefined,
      ['2026-05-08', '2026-05-07'],
    ],
    ['unsaid', [undefined, undefined], undefined, [undefined, undefined]],
    ['not a date', ['soon', 5], undefined, [undefined, undefined]],
  ])('%s', (_name, submitted, listedOn, perItem) => {
    const listing = hfDailyApi.parse(
      JSON.stringify(submitted.map((at, index) => item(`2605.0000${index + 1}`, at))),
    )
    expect([listing.listedOn, listing.entries.map((entry) => entry.listedOn)]).toEqual([listedOn, perItem])
  })
})

test('a day without papers is a valid, empty listing', () => {
  expect(hfDailyApi.detect(' [\n] ')).toBe(true)
  expect(hfDailyApi.parse('[]')).toEqual({
    format: 'hf-daily-api',
    listedOn: undefined,
    entries: [],
    rejects: [],
    ignored: [],
  })
})

test('an item that cannot be read is a reject and the others stay', () => {
  const listing = hfDailyApi.parse(JSON.stringify([null, item('2605.00001'), { paper: { id: '../x' } }]))
  expect(listing.entries.map((entry) => entry.arxivId)).toEqual(['2605.00001'])
  expect(listing.rejects).toEqual([
    { where: '[0]', reason: 'expected an object with a paper, got null' },
    { where: '[2]', reason: 'expected an arXiv id, got "../x"' },
  ])
})

test('an answer that is no list is refused', () => {
  expect(() => hfDailyApi.parse('{"error":"x"}')).toThrow(
    'expected the JSON array of a daily_papers answer, got an object',
  )
})

test.each(['[1, 2]', '[{"a": 1}]', '[{"paper": "a word"}]', '{"paper": {}}', 'paper'])(
  '%s is not claimed',
  (page) => {
    expect(hfDailyApi.detect(page)).toBe(false)
  },
)

test('cut anywhere it is refused as truncated', () => {
  for (const cut of cuts(answer.trimEnd()))
    expect(() => hfDailyApi.parse(cut)).toThrow(/got truncated JSON at line \d+|at character 0/)
})

describeShared('a real answer', () => {
  const page = () => readShared('fixtures/hf_api/daily_papers-2026-05-08.json')

  test('37 papers, all of 2026-05-08', () => {
    const listing = hfDailyApi.parse(page())
    expect([listing.entries.length, listing.listedOn, listing.rejects]).toEqual([37, '2026-05-08', []])
    expect(new Set(listing.entries.map((entry) => entry.listedOn))).toEqual(new Set(['2026-05-08']))
    expect(listing.entries.filter((entry) => entry.aiSummary).length).toBe(35)
    expect(listing.entries.filter((entry) => entry.organization).length).toBe(23)
  })

  test('cut anywhere it is refused as truncated', () => {
    for (const cut of cuts(page().trimEnd()))
      expect(() => hfDailyApi.parse(cut)).toThrow(/got truncated JSON at /)
  })
})
