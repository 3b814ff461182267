import { describe, expect, test } from 'vitest'
import { PICKINESS, type Pickiness } from '../../../src/domain.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { tuneTopic } from '../../../src/ranking/choose/tuning.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { paper } from '../papers.ts'

const ON = '2026-11-20'
/** Papers on radiology are rare; imaging and language stand in many. */
const SUBJECTS = [
  [
    'Imaging with diffusion',
    'A generator of pictures for imaging, trained on photographs of streets and faces.',
  ],
  ['Language models that plan', 'A language model answers questions and writes code with tools.'],
  ['Robots that grasp', 'A robot arm learns to grasp cups from demonstrations with language.'],
  ['Speech in noise', 'Recognition of speech by phones in noisy rooms; imaging is not needed.'],
]
const RARE = [
  'Radiology reports from chest imaging',
  'Medical imaging of lungs: radiology in clinics, with doctors.',
]
const pool = Array.from({ length: 600 }, (_, at) => {
  const [title = '', abstract = ''] = at % 60 === 0 ? RARE : SUBJECTS[at % SUBJECTS.length]!
  return paper(at + 1, `${title}, study ${at}`, { abstract })
})
const corpus = trainCorpusModel(pool)
const listing = [
  paper(1001, 'Radiology of the chest', { abstract: 'Medical imaging for radiology in clinics.', day: ON }),
  ...Array.from({ length: 7 }, (_, at) =>
    paper(1002 + at, `Imaging of scene ${at}`, {
      abstract: `Pictures of street number ${at + 30}, photographs in town ${at + 90}, by a generator.`,
      day: ON,
    }),
  ),
]
const today = buildIndex(listing, corpus)

const sent = (query: string, pickiness?: Pickiness) =>
  selectDigest(today, [{ name: 'mine', query, quota: null, pickiness }], { max: 10 }).items.map(
    ({ paperId }) => paperId,
  )

describe('a digest holds what fits', () => {
  test('and is not filled up with papers that have one common word of the topic', () => {
    expect(sent('medical imaging radiology')).toEqual([1001])
  })

  test('more of them the less picky the topic is, and never others', () => {
    const [surely, balanced, more] = PICKINESS.map((level) => sent('medical imaging radiology', level))
    expect(balanced).toEqual(expect.arrayContaining(surely!))
    expect(more).toEqual(expect.arrayContaining(balanced!))
    expect(balanced).toEqual(sent('medical imaging radiology'))
  })

  test('a topic of that common word alone is sent what has it', () => {
    expect(sent('imaging').length).toBeGreaterThan(1)
  })

  test('words side by side belong together, a comma or OR makes them alternatives', () => {
    const talks = buildIndex(
      [
        paper(2001, 'Speech in rooms', { abstract: 'Recognition of speech by phones.', day: ON }),
        paper(2002, 'Robots that listen', { abstract: 'A robot arm grasps cups by speech.', day: ON }),
      ],
      corpus,
    )
    const sentOf = (query: string) =>
      selectDigest(talks, [{ name: 'mine', query, quota: null }], { max: 10 })
        .items.map(({ paperId }) => paperId)
        .sort()
    expect(sentOf('speech robot')).toEqual([2002])
    expect(sentOf('speech, robot')).toEqual([2001, 2002])
    expect(sentOf('speech OR robot')).toEqual([2001, 2002])
  })

  test('without a corpus model nothing is known of what is common, and the floor alone decides', () => {
    const { items } = selectDigest(buildIndex(listing), [{ name: 'mine', query: 'imaging', quota: null }], {
      max: 10,
    })
    expect(items).toHaveLength(8)
  })
})

describe('trying a topic', () => {
  const tune = (query: string, on = ON) => tuneTopic({ month: today, today }, query, { on })

  test('tells for each level how many papers a day it would bring', () => {
    const tuned = tune('medical imaging radiology')
    if (!tuned.readable) throw new Error(tuned.advice)
    const { surely, balanced, more } = tuned.papersADay
    expect(surely).toBeLessThanOrEqual(balanced)
    expect(balanced).toBeLessThanOrEqual(more)
    expect(tuned.quiet).toBeUndefined()
  })

  test('says that a week brought nothing, with what came nearest', () => {
    expect(tune('+tractors radiology')).toHaveProperty(
      'quiet',
      expect.objectContaining({
        why: 'Nothing in the last 7 days.',
        misses: expect.arrayContaining([expect.objectContaining({ title: 'Radiology of the chest' })]),
      }),
    )
    expect(tune('radiology', '2026-12-15')).toHaveProperty('quiet', {
      why: 'Nothing in the last 7 days.',
      misses: [],
    })
  })
})
