import { describe, expect, test } from 'vitest'
import type { SourceRow } from '../../src/db/engine/schema.ts'
import type { Facts, QueueState, SourceFacts } from '../../src/health/facts.ts'
import { judgeSource } from '../../src/health/sourceState.ts'
import { CHECKS, judge } from '../../src/health/verdict.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ago = (ms: number) => new Date(NOW.getTime() - ms)
const NONE = { count: 0, since: null, reason: null }

const QUEUE: QueueState = {
  step: 'sendDigests',
  ...{ waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 },
  paused: false,
  oldest: undefined,
  nextRuns: {},
}

const WELL: Facts = {
  now: NOW,
  sources: [],
  digests: { held: NONE, late: NONE, unplanned: NONE, failed: [] },
  pause: undefined,
  domains: [],
  queues: [QUEUE],
  workers: { alive: 1, lastSeen: NOW, expected: true },
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  database: { bytes: 1e9, limitBytes: undefined },
  backup: { last: undefined, everyHours: undefined },
  doubtfulMerges: { count: 0, since: null },
  setAside: [],
}

const ROW: SourceRow = {
  id: 7,
  name: 'hf-trending',
  address: 'https://source.example/papers',
  every_minutes: 30,
  lookback_days: 0,
  enabled: true,
  builtin: true,
  outcome: 'stored',
  outcome_detail: null,
  outcome_at: ago(12 * MINUTE),
  failures: 0,
  failing_since: null,
  created_at: ago(1000 * HOUR),
}

function source(row: Partial<SourceRow>, more: Partial<SourceFacts> = {}): SourceFacts {
  const rhythm = { sourceId: 7, lastNews: ago(12 * MINUTE), pages: 20, longestGapMs: 60 * HOUR }
  return { row: { ...ROW, ...row }, rhythm, days: [], ...more }
}

const kinds = (facts: Partial<Facts>) => judge({ ...WELL, ...facts }).items.map(({ kind }) => kind)

describe('the list of checks', () => {
  test('finds nothing where all is well, and says what is', () => {
    const { items, well } = judge({ ...WELL, sources: [source({})] })
    expect(items).toEqual([])
    expect(well.map(({ words }) => words)).toEqual([
      '1 of 1 sources fresh',
      'no mail waits',
      'all take mail',
      'no digest late, held or failed',
      '0 waiting, 0 active, 0 failed',
      '1 worker',
      'database 1.0 GB, 50.0 GB free on disk',
      'no backup made yet',
      'no merge in doubt',
    ])
  })

  const domain = { domain: 'slow.example', reason: '421 4.7.0 too many', waitMs: 80_000, tries: 5 }
  const broken = { count: 6, since: ago(HOUR), reason: 'the connection ended before the answer' }
  const pause = { reason: '550 5.7.1 no', since: ago(HOUR), until: NOW, lasts: false }
  test.each<[string, Partial<Facts>]>([
    ['layout changed', { sources: [source({ outcome: 'layout changed', failures: 1 })] }],
    ['merges in doubt', { doubtfulMerges: { count: 2, since: ago(HOUR) } }],
    ['source failing', { sources: [source({ outcome: 'failed', failures: 3 })] }],
    ['source failing', { sources: [source({ outcome_at: ago(3 * HOUR) })] }],
    ['mail paused', { pause }],
    ['domain refuses', { domains: [domain] }],
    ['digests held', { digests: { ...WELL.digests, held: broken } }],
    ['digests late', { digests: { ...WELL.digests, late: broken } }],
    ['digests late', { digests: { ...WELL.digests, unplanned: broken } }],
    ['digests failed', { digests: { ...WELL.digests, failed: [broken] } }],
    ['queue away', { queues: { away: 'connect ECONNREFUSED' } }],
    ['queue paused', { queues: [{ ...QUEUE, paused: true }] }],
    ['queue stuck', { queues: [{ ...QUEUE, waiting: 9, oldest: ago(HOUR) }] }],
    ['worker gone', { workers: { alive: 0, lastSeen: ago(HOUR), expected: true } }],
    ['disk full', { disk: { freeBytes: 2e9, totalBytes: 100e9 } }],
    ['database full', { database: { bytes: 19e9, limitBytes: 20e9 } }],
    ['backup old', { backup: { last: ago(30 * HOUR), everyHours: 24 } }],
    ['backup old', { backup: { last: undefined, everyHours: 24 } }],
  ])('tells "%s", with a reason, a time, and what to do', (kind, facts) => {
    const { items } = judge({ ...WELL, ...facts })
    expect(items.map((item) => item.kind)).toEqual([kind])
    for (const item of items) {
      expect([item.title, item.reason, item.advice].every((text) => text.length > 5)).toBe(true)
      expect(item.since.getTime()).toBeLessThanOrEqual(NOW.getTime())
    }
  })

  test.each<[string, Partial<Facts>]>([
    ['a source that failed once', { sources: [source({ outcome: 'failed', failures: 1 })] }],
    ['a source that is switched off', { sources: [source({ enabled: false, outcome: 'layout changed' })] }],
    ['a domain that refused once', { domains: [{ ...domain, tries: 1 }] }],
    ['jobs that have just come', { queues: [{ ...QUEUE, waiting: 9, oldest: ago(MINUTE) }] }],
    ['no worker where none has to run', { workers: { alive: 0, lastSeen: undefined, expected: false } }],
    ['a backup that is fresh enough', { backup: { last: ago(3 * HOUR), everyHours: 24 } }],
  ])('is silent about %s', (_what, facts) => {
    expect(kinds(facts)).toEqual([])
  })

  test('late digests are the pause’s own trouble while all mail waits', () => {
    expect(kinds({ pause, digests: { ...WELL.digests, late: broken } })).toEqual(['mail paused'])
  })

  test('puts what is broken before what should be looked at, and the oldest first', () => {
    const facts = {
      backup: { last: ago(300 * HOUR), everyHours: 24 },
      pause,
      workers: { alive: 0, lastSeen: ago(2 * HOUR), expected: true },
    }
    expect(kinds(facts)).toEqual(['worker gone', 'mail paused', 'backup old'])
  })

  test('gives the same trouble the same key, whatever its numbers and addresses', () => {
    const failed = (reason: string) => ({ digests: { ...WELL.digests, failed: [{ ...broken, reason }] } })
    const keyOf = (facts: Partial<Facts>) => judge({ ...WELL, ...facts }).items[0]!.key
    expect(keyOf(failed('550 <ann@a.example> 4711'))).toBe(keyOf(failed('550 <bob@b.example> 4712')))
  })

  test('leaves out what an admin has set aside, and says that it does', () => {
    const { items, aside } = judge({ ...WELL, pause, setAside: ['mail paused'] })
    expect([items, aside.map(({ key }) => key)]).toEqual([[], ['mail paused']])
  })

  test('has one name for each check', () => {
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length)
  })
})

describe('a source in a word', () => {
  const day = (back: number, papers: number) => ({
    day: ago(back * 24 * HOUR)
      .toISOString()
      .slice(0, 10) as `${number}-${number}-${number}`,
    papers,
  })
  const rhythm = (lastNews: Date, longestGapMs: number | null, pages = 20) => ({
    rhythm: { sourceId: 7, lastNews, longestGapMs, pages },
  })
  test.each<[string, string, SourceFacts]>([
    ['fresh', '12 min', source({})],
    ['fresh', '3 days', source({}, rhythm(ago(72 * HOUR), 60 * HOUR))],
    [
      'silent',
      'nothing new for 5 days; its longest pause before was 3 days',
      source({}, rhythm(ago(120 * HOUR), 60 * HOUR)),
    ],
    ['silent', 'nothing new for 5 days', source({}, rhythm(ago(120 * HOUR), null, 1))],
    ['new', 'not fetched yet', source({ outcome: null, outcome_at: null, created_at: ago(MINUTE) })],
    [
      'overdue',
      'added 30 h ago and never fetched',
      source({ outcome: null, outcome_at: null, created_at: ago(30 * HOUR) }),
    ],
    ['blocked', 'a challenge page', source({ outcome: 'blocked', outcome_detail: 'a challenge page' })],
    ['off', 'switched off', source({ enabled: false })],
    [
      'few papers',
      '5 papers on 2026-11-19, where 50 are usual',
      source({}, { days: [day(8, 40), day(7, 50), day(3, 60), day(2, 50), day(1, 5), day(0, 1)] }),
    ],
    ['fresh', '12 min', source({}, { days: [day(8, 40), day(7, 50), day(3, 60), day(2, 50), day(0, 1)] })],
  ])('%s: %s', (word, detail, facts) => {
    expect(judgeSource(facts, NOW)).toMatchObject({ word, detail })
  })
})
