import { expect, test } from 'vitest'
import { isTimeZone } from '../../../src/calendar.ts'
import { ZONE_NAMES, zoneNamed } from '../../../src/web/site/timeZones.ts'

test('every zone is one that digests can be planned in, once, under the name people know', () => {
  expect(ZONE_NAMES.filter((name) => !isTimeZone(name))).toEqual([])
  expect(new Set(ZONE_NAMES).size).toBe(ZONE_NAMES.length)
  expect(ZONE_NAMES.length).toBeGreaterThan(400)
  const known = [
    'Europe/Berlin',
    'Asia/Kolkata',
    'Europe/Kyiv',
    'Asia/Ho_Chi_Minh',
    'America/Argentina/Buenos_Aires',
    'Australia/Lord_Howe',
  ]
  expect(known.filter((name) => !ZONE_NAMES.includes(name))).toEqual([])
  expect([ZONE_NAMES[0], ZONE_NAMES.includes('Asia/Calcutta')]).toEqual(['UTC', false])
})

test.each([
  ['Berlin', 'Europe/Berlin'],
  ['europe / berlin', 'Europe/Berlin'],
  ['new york', 'America/New_York'],
  ['UTC', 'UTC'],
  ['Atlantis', undefined],
])('%s is %s', (typed, zone) => {
  expect(zoneNamed(typed)).toBe(zone)
})
