import { describe, expect, test } from 'vitest'
import { momentOf, shownDay, writtenDay } from '../../../../src/sources/reading/dates/dates.ts'

describe('momentOf and writtenDay', () => {
  test.each([
    ['2026-05-08T23:30:00-05:00', '2026-05-09T04:30:00.000Z', '2026-05-08'],
    ['2025-08-20T04:00:19.866337+00:00', '2025-08-20T04:00:19.866Z', '2025-08-20'],
    ['Tue, 03 Nov 2026 00:00:00 -0500', '2026-11-03T05:00:00.000Z', '2026-11-03'],
    ['Mon, 2 Apr 2007 19:18:42 GMT', '2007-04-02T19:18:42.000Z', '2007-04-02'],
    ['3 Nov 2026 00:00 EST', '2026-11-03T05:00:00.000Z', '2026-11-03'],
    ['Tue, 3 November 2026 9:05:00 Z', '2026-11-03T09:05:00.000Z', '2026-11-03'],
    ['2006-11-27', '2006-11-27T00:00:00.000Z', '2006-11-27'],
    [' 2006-11-27\n', '2006-11-27T00:00:00.000Z', '2006-11-27'],
    ['Tue, 31 Feb 2026 00:00:00 GMT', undefined, undefined],
    ['Tue, 03 Foo 2026 00:00:00 GMT', undefined, undefined],
    ['Tue, 03 Nov 2026 00:00:00 XYZ', undefined, undefined],
    ['Tue, 03 Nov 2026 25:00:00 GMT', undefined, undefined],
    ['2026-11-03 and more', undefined, undefined],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
    [20261103, undefined, undefined],
    [null, undefined, undefined],
  ])('%j', (value, moment, day) => {
    expect([momentOf(value)?.toISOString(), writtenDay(value)]).toEqual([moment, day])
  })
})

describe('shownDay', () => {
  test.each([
    ['Feb 27, 2025', undefined, '2025-02-27'],
    ['May 30', '2026-06-29', '2026-05-30'],
    ['May 30', undefined, undefined],
    ['June 3, 2024', undefined, '2024-06-03'],
    ['Feb 29', '2026-06-29', undefined],
    ['Daily', '2026-06-29', undefined],
    ['May 300, 2024', undefined, undefined],
  ])('%j read on %s', (text, readOn, day) => {
    expect(shownDay(text, readOn)).toBe(day)
  })
})
