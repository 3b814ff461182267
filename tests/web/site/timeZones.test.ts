import { expect, test } from 'vitest'
import { isTimeZone } from '../../../src/calendar.ts'
import { zoneGroups } from '../../../src/web/site/timeZones.ts'

const names = (chosen: string) => zoneGroups(chosen).flatMap((group) => group.zones.map((zone) => zone.name))

test('every zone is one that digests can be planned in, once, under the name people know', () => {
  const all = names('UTC')
  expect(all.filter((name) => !isTimeZone(name))).toEqual([])
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(400)
  const known = [
    'Europe/Berlin',
    'Asia/Kolkata',
    'Europe/Kyiv',
    'Asia/Ho_Chi_Minh',
    'America/Argentina/Buenos_Aires',
    'Australia/Lord_Howe',
  ]
  expect(known.filter((name) => !all.includes(name))).toEqual([])
  expect([all[0], all.includes('Asia/Calcutta')]).toEqual(['UTC', false])
})

test('a zone chosen under an older name stays chosen', () => {
  expect(names('Asia/Calcutta')).toContain('Asia/Calcutta')
})

test('places are grouped by their part of the world', () => {
  const america = zoneGroups('UTC').find((group) => group.region === 'America')
  expect(america?.zones).toContainEqual({
    name: 'America/Argentina/Buenos_Aires',
    label: 'Argentina – Buenos Aires',
  })
})
