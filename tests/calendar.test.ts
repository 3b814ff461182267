import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  type DigestTime,
  daysBetween,
  instantOf,
  isLocalDate,
  isTimeZone,
  localDateAt,
  nextDigestAt,
} from '../src/calendar.ts'
import { PermanentError } from '../src/errors.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const ZONES = Intl.supportedValuesOf('timeZone')

/** The next digests after an instant, as ISO strings. */
function nextDigests(time: DigestTime, after: string, count: number): string[] {
  const digests: string[] = []
  let last = new Date(after)
  while (digests.length < count) {
    last = nextDigestAt(time, last)!
    digests.push(last.toISOString())
  }
  return digests
}

describe('isTimeZone', () => {
  test.each([
    'UTC',
    'Europe/Berlin',
    'europe/berlin',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
    'US/Eastern',
  ])('%j is one', (zone) => {
    expect(isTimeZone(zone)).toBe(true)
  })
  test.each([
    '',
    ' ',
    '+01:00',
    'Z',
    'Mars/Phobos',
    'Europe/Berlin ',
    'Europe',
    '../etc/passwd',
    'UTC[u-ca=iso8601]',
    'x'.repeat(9999),
  ])('%j is none', (zone) => {
    expect(isTimeZone(zone)).toBe(false)
  })
  test('every zone that the platform lists is one', () => {
    expect(ZONES.length).toBeGreaterThan(400)
    expect(ZONES.filter((zone) => !isTimeZone(zone))).toEqual([])
  })
})

describe('localDateAt', () => {
  test.each([
    ['2026-01-01T00:30:00Z', 'UTC', '2026-01-01'],
    ['2026-01-01T00:30:00Z', 'America/New_York', '2025-12-31'],
    ['2026-01-01T10:30:00Z', 'Pacific/Kiritimati', '2026-01-02'],
    ['2025-12-31T23:30:00Z', 'Europe/Berlin', '2026-01-01'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
  ])('%s in %s is %s', (instant, zone, expected) => {
    expect(localDateAt(new Date(instant), zone)).toBe(expected)
  })

  test('says what it expected', () => {
    expect(() => localDateAt(new Date(0), 'Mars/Phobos')).toThrow(
      new PermanentError('expected an IANA time zone such as Europe/Berlin, got "Mars/Phobos"'),
    )
    expect(() => localDateAt(new Date('never'), 'UTC')).toThrow(PermanentError)
  })
})

describe('days', () => {
  test.each(['2026-01-01', '2024-02-29', '2000-02-29', '1999-12-31'])('%j is a day', (text) => {
    expect(isLocalDate(text)).toBe(true)
  })
  test.each([
    '',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '26-01-01',
    '2026-01-01T00:00',
    ' 2026-01-01',
    '２０２６-01-01',
  ])('%j is none', (text) => {
    expect(isLocalDate(text)).toBe(false)
  })
  test.each([
    ['2026-01-31', 1, '2026-02-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-29', 7, '2026-04-05'],
    ['2026-01-01', 0, '2026-01-01'],
    ['2025-12-31', 366, '2027-01-01'],
  ])('%s plus %d is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected)
    expect(daysBetween(date, expected)).toBe(days)
    expect(daysBetween(expected, date)).toBe(days === 0 ? 0 : -days)
  })
  test('a day that does not exist is refused', () => {
    const refusal = new PermanentError('expected a day YYYY-MM-DD, got "2026-02-30"')
    expect(() => addDays('2026-02-30', 1)).toThrow(refusal)
    expect(() => daysBetween('2026-02-01', '2026-02-30')).toThrow(refusal)
  })
})

describe('nextDigestAt', () => {
  const berlin = { zone: 'Europe/Berlin', sendAt: '08:00', weekdays: EVERY_DAY }

  test('is strictly after', () => {
    expect(nextDigests(berlin, '2026-01-05T06:59:59.999Z', 1)).toEqual(['2026-01-05T07:00:00.000Z'])
    expect(nextDigests(berlin, '2026-01-05T07:00:00Z', 1)).toEqual(['2026-01-06T07:00:00.000Z'])
  })

  test('keeps the hour on the wall when the clocks change', () => {
    expect(nextDigests(berlin, '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-03-28T07:00:00.000Z',
      '2026-03-29T06:00:00.000Z',
    ])
  })

  test('only on the weekdays chosen', () => {
    const workdays = { ...berlin, weekdays: [5, 1] }
    expect(nextDigests(workdays, '2026-01-01T12:00:00Z', 3)).toEqual([
      '2026-01-02T07:00:00.000Z',
      '2026-01-05T07:00:00.000Z',
      '2026-01-09T07:00:00.000Z',
    ])
  })

  test('undefined where no weekday is chosen', () => {
    expect(nextDigestAt({ ...berlin, weekdays: [] }, new Date(0))).toBeUndefined()
    expect(nextDigestAt({ ...berlin, weekdays: [0, 8] }, new Date(0))).toBeUndefined()
  })

  test.each(['8:00', '24:00', '08:60', '08:00:00', '', 'noon'])('refuses the time %j', (sendAt) => {
    expect(() => nextDigestAt({ ...berlin, sendAt }, new Date(0))).toThrow(
      new PermanentError(`expected a time of day HH:MM, got ${JSON.stringify(sendAt)}`),
    )
  })

  test.each<[string, string, string, string, string[]]>([
    // 02:00 → 03:00: the first instant after the gap
    [
      'spring in Berlin',
      'Europe/Berlin',
      '02:30',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    // 03:00 → 02:00: the first of both, once
    [
      'autumn in Berlin',
      'Europe/Berlin',
      '02:30',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    // asked between both
    [
      'autumn in Berlin, late',
      'Europe/Berlin',
      '02:30',
      '2026-10-25T00:45:00Z',
      ['2026-10-26T01:30:00.000Z', '2026-10-27T01:30:00.000Z'],
    ],
    // 02:00 → 02:30, half an hour
    [
      'spring on Lord Howe',
      'Australia/Lord_Howe',
      '02:15',
      '2026-10-03T10:00:00Z',
      ['2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
    ],
    [
      'autumn on Lord Howe',
      'Australia/Lord_Howe',
      '01:45',
      '2026-04-04T10:00:00Z',
      ['2026-04-04T14:45:00.000Z', '2026-04-05T15:15:00.000Z'],
    ],
    // back for Ramadan, and forward after it
    [
      'Ramadan in Casablanca',
      'Africa/Casablanca',
      '02:30',
      '2026-02-14T12:00:00Z',
      ['2026-02-15T01:30:00.000Z', '2026-02-16T02:30:00.000Z'],
    ],
    [
      'after Ramadan in Casablanca',
      'Africa/Casablanca',
      '02:30',
      '2026-03-21T12:00:00Z',
      ['2026-03-22T02:00:00.000Z', '2026-03-23T01:30:00.000Z'],
    ],
    // 00:00 → 01:00: the day begins at one
    [
      'spring in Havana',
      'America/Havana',
      '00:30',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T05:00:00.000Z', '2026-03-09T04:30:00.000Z'],
    ],
    // 00:00 → 23:00 of the day before
    [
      'autumn in Asunción 2023',
      'America/Asuncion',
      '23:30',
      '2023-03-25T12:00:00Z',
      ['2023-03-26T02:30:00.000Z', '2023-03-27T03:30:00.000Z'],
    ],
    // 23:00 → 24:00: the last minute of the evening that was there
    [
      'spring in Nuuk',
      'America/Nuuk',
      '23:30',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T00:59:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    // 30 December was not
    [
      'Samoa crosses the date line',
      'Pacific/Apia',
      '08:00',
      '2011-12-29T12:00:00Z',
      ['2011-12-29T18:00:00.000Z', '2011-12-30T18:00:00.000Z'],
    ],
  ])('%s', (_what, zone, sendAt, after, expected) => {
    expect(nextDigests({ zone, sendAt, weekdays: EVERY_DAY }, after, 2)).toEqual(expected)
  })

  test('a Friday that the zone skipped comes again a week later', () => {
    const fridays = { zone: 'Pacific/Apia', sendAt: '08:00', weekdays: [5] }
    expect(nextDigests(fridays, '2011-12-24T00:00:00Z', 1)).toEqual(['2012-01-05T18:00:00.000Z'])
  })
})

describe('instantOf', () => {
  test.each([
    ['2026-01-05', '08:00', 'Europe/Berlin', '2026-01-05T07:00:00.000Z'],
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2011-12-30', '08:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s %s in %s is %s', (date, time, zone, expected) => {
    expect(instantOf(date, time, zone).toISOString()).toBe(expected)
  })
  test.each([
    ['2026-02-30', '08:00', 'UTC'],
    ['2026-01-05', '8', 'UTC'],
    ['2026-01-05', '08:00', 'Nowhere'],
  ])('refuses %s %s in %s', (date, time, zone) => {
    expect(() => instantOf(date, time, zone)).toThrow(PermanentError)
  })
})

describe('in every zone of the world', () => {
  const minutes = fc.constantFrom(0, 1, 15, 30, 45, 59)
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), minutes)
    .map((parts) => parts.map((part) => `${part}`.padStart(2, '0')).join(':'))

  test('one digest a local day at most, each later than the last', () => {
    const start = fc.date({ min: new Date('1990-01-01'), max: new Date('2037-12-31'), noInvalidDate: true })
    const property = (zone: string) =>
      fc.property(times, fc.subarray(EVERY_DAY, { minLength: 1 }), start, (sendAt, weekdays, start) => {
        const digests = nextDigests({ zone, sendAt, weekdays }, start.toISOString(), 3)
        expect([start.toISOString(), ...digests].sort()).toEqual([
          ...new Set([start.toISOString(), ...digests]),
        ])
        const dates = digests.map((digest) => localDateAt(new Date(digest), zone))
        expect(dates).toEqual([...new Set(dates)].sort())
        expect(dates.map((date) => instantOf(date, sendAt, zone).toISOString())).toEqual(digests)
        expect(dates.filter((date) => !weekdays.includes(new Date(date).getUTCDay() || 7))).toEqual([])
      })
    for (const zone of ZONES) fc.assert(property(zone), { numRuns: 2 })
  })

  test('no local day without its digest when the clocks change', () => {
    for (const zone of ZONES) {
      for (const { wall, before } of clockChanges(zone, '2025-06-01T00:00:00Z', '2027-06-01T00:00:00Z')) {
        const digests = nextDigests({ zone, sendAt: wall, weekdays: EVERY_DAY }, before, 4)
        const dates = digests.map((digest) => localDateAt(new Date(digest), zone))
        expect(dates, `${zone} ${wall} after ${before}`).toEqual(dates.map((_, n) => addDays(dates[0]!, n)))
      }
    }
  })
})

/** Wall-clock times that a zone skips or has twice in a period, each with an instant two days before. */
function clockChanges(zone: string, from: string, to: string): { wall: string; before: string }[] {
  const changes: { wall: string; before: string }[] = []
  let change = Temporal.Instant.from(from).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
  while (change && change.epochMilliseconds < Date.parse(to)) {
    const before = change.subtract({ hours: 48 }).toInstant().toString()
    const end = change.subtract({ nanoseconds: 1 }).toPlainDateTime().round('minute')
    for (const shift of [-30, 0, 15, 30]) {
      changes.push({ wall: end.add({ minutes: shift }).toPlainTime().toString().slice(0, 5), before })
    }
    change = change.getTimeZoneTransition('next')
  }
  return changes
}
