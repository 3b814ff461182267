import { describe, expect, test } from 'vitest'
import { addressFor, daysDue } from '../../src/sources/datedSource.ts'

const HOUR = 3_600_000
const now = new Date('2026-03-02T12:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * HOUR)

test('addresses of a day', () => {
  expect(addressFor('https://x.example/{date}?d={date}', '2026-03-02')).toBe(
    'https://x.example/2026-03-02?d=2026-03-02',
  )
  expect(addressFor('https://x.example/papers', '2026-03-02')).toBe('https://x.example/papers')
})

describe('days due', () => {
  test('at first all of the lookback, newest first, across the end of February', () => {
    expect(daysDue('2026-03-02', 4, () => undefined, now)).toEqual([
      '2026-03-02',
      '2026-03-01',
      '2026-02-28',
      '2026-02-27',
      '2026-02-26',
    ])
  })

  test('today each time, the others not again at once', () => {
    expect(daysDue('2026-03-02', 14, () => now, now)).toEqual(['2026-03-02'])
  })

  test('nothing but today without lookback', () => {
    expect(daysDue('2026-03-02', 0, () => undefined, now)).toEqual(['2026-03-02'])
  })

  test.each([
    ['yesterday after three hours', '2026-03-01', 3, 2.5],
    ['two days back after twelve', '2026-02-28', 12, 11],
    ['three days back after twelve', '2026-02-27', 12, 11],
    ['four days back after a day', '2026-02-26', 24, 23],
    ['two weeks back after a day', '2026-02-16', 24, 23],
  ])('%s', (_name, day, dueAfter, notAfter) => {
    const due = (hours: number) =>
      daysDue('2026-03-02', 14, (other) => (other === day ? ago(hours) : now), now)
    expect(due(dueAfter)).toContain(day)
    expect(due(dueAfter - 0.2)).toContain(day)
    expect(due(notAfter)).not.toContain(day)
  })
})
