import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../../../src/calendar.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { type Tuned, type TuningOptions, tuneTopic } from '../../../src/ranking/choose/tuning.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { thorough } from '../../support/thorough.ts'
import { paper } from '../papers.ts'

const ON = '2026-11-20'
const SUBJECTS = [
  ['Graph neural networks (GNNs)', 'Message passing on molecules, with a node embedding for each atom.'],
  ['Message passing on graphs', 'Graph neural networks (GNN) learn a node embedding of molecules.'],
  ['Whale songs', 'What whales sing in the ocean, recorded by hydrophones.'],
  ['Volcanoes under ice', 'Lava meets glaciers; the ocean rises.'],
  ['Jazz harmony', 'Chords of pianists, transcribed from records.'],
] as const
const papers = Array.from({ length: 60 }, (_, at) => {
  const [title, abstract] = SUBJECTS[at % SUBJECTS.length]!
  const day = addDays(ON, -(at % 30))
  return paper(at + 1, `${title}, part ${at + 100}`, { abstract, day, authors: ['Ada Byron'] })
})
const corpus = trainCorpusModel(papers)
const month = buildIndex(papers, corpus)
const isRecent = ({ day }: { day: string | null }) => day! > addDays(ON, -7)
const today = buildIndex(papers.filter(isRecent), corpus)

function tune(query: string, options: Partial<TuningOptions> = {}): Tuned {
  const answer = tuneTopic({ month, today }, query, { on: ON, ...options })
  if (!answer.readable) throw new Error(answer.advice)
  return answer
}

describe('a query that can be read', () => {
  test('is answered with the digest it would give today', () => {
    const { digest, reason } = tune('whales', { max: 3 })
    const topic = { name: 'this topic', query: 'whales', quota: null }
    const { items } = selectDigest(today, [topic], { max: 3 })
    expect(digest.map(({ title, ...item }) => item)).toEqual(items)
    expect(digest[0]!.title).toMatch(/^Whale songs/)
    expect(reason).toBeUndefined()
  })

  test('is answered with how many papers of each day it matches, days without any too', () => {
    const { perDay } = tune('+hydrophones')
    expect(perDay).toHaveLength(30)
    expect([perDay[0]!.day, perDay[29]!.day]).toEqual(['2026-10-22', ON])
    for (const { day, papers: count } of perDay)
      expect(count).toBe(
        papers.filter((one) => one.day === day && one.abstract!.includes('hydrophones')).length,
      )
    expect(tune('+hydrophones', { days: 7 }).perDay).toEqual(perDay.slice(-7))
  })

  test('tells the terms that no paper has, as typed; an acronym has those of its long form', () => {
    const { unknown } = tune('whales zebras "ocean whales" GNNs author:Turing cat:cs.CL^2 -unicorns')
    expect(unknown).toEqual(['zebras', 'ocean whales', 'by Turing', 'in cs.CL'])
  })

  test('says what to write instead of a field that no paper has', () => {
    const listed = [
      paper(1, 'Maps', { categories: ['cs.CL', 'cs.AI'], authors: ['Ada Byron'], venue: 'ICLR 2026' }),
      paper(2, 'Roads', { categories: ['cs.CL', 'q-bio.NC'], organization: 'Google DeepMind' }),
    ].map((one) => ({ ...one, day: ON }))
    const index = buildIndex(listed)
    const hintsOf = (query: string) => {
      const tuned = tuneTopic({ month: index, today: index }, query, { on: ON })
      return tuned.readable ? tuned.hints : tuned.advice
    }
    expect(hintsOf('maps cat:cs.CLL')).toEqual([
      'no paper of these days is in cs.CLL: write for example cat:cs.CL',
    ])
    expect(hintsOf('maps cat:cs.XYZQW')).toEqual([
      'no paper of these days is in cs.XYZQW: write for example cat:cs.CL or cat:cs.AI or cat:q-bio.NC',
    ])
    expect(hintsOf('maps author:Biron')).toEqual([
      'no paper of these days is by Biron: write for example author:"Ada Byron"',
    ])
    expect(hintsOf('maps org:"Gogle Deepmind" venue:ICML')).toEqual([
      'no paper of these days is from Gogle Deepmind: write for example org:"Google DeepMind"',
      'no paper of these days is at ICML: check the spelling, or leave it out',
    ])
    expect(hintsOf('maps since:2050')).toEqual([
      'no paper of these days came out since 2050: choose another time, or leave it out',
    ])
    expect(hintsOf('maps cat:cs -cat:math author:Byron year:2026')).toEqual([])
  })

  test('is answered with words of the corpus to add: none typed, none ruled out, none without a subject', () => {
    const { suggestions } = tune('GNN molecules -atom')
    const words = suggestions.map(({ word }) => word)
    expect(words).toEqual(expect.arrayContaining(['message', 'node', 'embedding']))
    expect(words.join(' ')).not.toMatch(/\b(?:GNN|graph|molecules?|atoms?|for|with|an?|of|on)\b/i)
    for (const { papers: count } of suggestions) expect(count).toBeGreaterThan(0)
  })

  test('says why the digest would be empty, with what came near', () => {
    const { digest, reason, perDay } = tune('whales min:50')
    expect(digest).toEqual([])
    expect(reason).toMatch(
      /^None of \d+ papers matched “this topic”\. Nearest: “Whale songs, part \d+” \(fewer than 50 upvotes\)/,
    )
    expect(perDay.every((day) => day.papers === 0)).toBe(true)
  })

  test('works where nothing has been learned, and where there is no paper', () => {
    const plain = { month: buildIndex(papers), today: buildIndex(papers.filter(isRecent)) }
    expect(tuneTopic(plain, 'whales', { on: ON })).toMatchObject({
      readable: true,
      suggestions: [],
      unknown: [],
    })
    const none = { month: buildIndex([]), today: buildIndex([]) }
    expect(tuneTopic(none, 'whales', { on: ON })).toMatchObject({
      digest: [],
      reason: 'No new papers were listed.',
      unknown: ['whales'],
    })
  })
})

describe('a query that cannot be read is answered with where and what to do', () => {
  test.each([
    ['an open quote', '"graph neural', 0],
    ['an open quote later', 'whales "open', 7],
    ['a field without value', 'whales cat:', 11],
    ['nothing', '', 0],
    ['function words alone', 'the of and', 0],
    ['12,000 characters', 'whale '.repeat(2000), 4000],
  ])('%s', (_, query, position) => {
    const answer = tuneTopic({ month, today }, query, { on: ON })
    expect(answer).toEqual({ readable: false, position, advice: expect.stringMatching(/^Expected .*: .+/) })
  })
})

test('whatever is typed, there is an answer of finite numbers, the same each time', () => {
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          'whale',
          '"',
          '-',
          '+',
          '^',
          'cat:',
          'min:',
          'GNN',
          '.*',
          '(a+)+$',
          '鲸',
          'حوت',
          '🐋',
          ' ',
          '1e9',
        ),
      )
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(typed, (query) => {
      const answer = tuneTopic({ month, today }, query, { on: ON })
      expect(tuneTopic({ month, today }, query, { on: ON })).toEqual(answer)
      expect(JSON.stringify(answer)).not.toMatch(/NaN|undefined|Infinity|:null/)
      if (!answer.readable) expect(answer.position).toBeLessThanOrEqual(query.length)
    }),
    { numRuns: thorough(100) },
  )
})
