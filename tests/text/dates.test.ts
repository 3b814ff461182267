import { expect, test } from 'vitest'
import { absoluteTime, longDay, longTime, shortDay } from '../../src/text/dates.ts'

const AT = new Date('2026-07-24T22:30:00Z')

test.each([
  ['a day', longDay('2026-11-23'), 'Monday, 23 November 2026'],
  ['a day, short', shortDay('2026-11-03'), '3 Nov 2026'],
  ['a time', absoluteTime(AT), '24 Jul 2026, 22:30'],
  ['a time in a zone', absoluteTime(AT, 'Asia/Tokyo'), '25 Jul 2026, 07:30'],
  ['a time, long', longTime(AT), '24 July 2026 at 22:30 UTC'],
])('%s', (_name, written, expected) => {
  expect(written).toBe(expected)
})
