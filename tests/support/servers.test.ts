import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BACKEND_FOLDERS, describeBackends, QUEUE_SUITES } from './backends.ts'
import { databaseUrl, isLeftover, newRunName } from './servers.ts'

describe('what an earlier run left behind', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  const yesterday = new Date('2026-11-22T11:59:00Z')
  const names: [name: string, left: boolean][] = [
    [newRunName(yesterday), true],
    [`${newRunName(yesterday)}_0a1b2c3d`, true],
    [newRunName(new Date('2026-11-22T12:01:00Z')), false],
    [newRunName(now), false],
    ['paperboy', false],
    ['paperboy_test', false],
    ['paperboy_test_20200101', false],
    ['paperboy_test_20200101000000_notours', false],
    ['my_paperboy_test_20200101000000_0a1b2c', false],
    ['postgres', false],
  ]
  test.each(names)('%s: %s', (name, left) => {
    expect(isLeftover(name, now)).toBe(left)
  })
})

describe('the address of a database beside the given one', () => {
  const addresses: [given: string, expected: string][] = [
    ['postgresql://u:p@db:5432/postgres', 'postgresql://u:p@db:5432/mine'],
    ['postgresql://u@db:5432/postgres?sslmode=require', 'postgresql://u@db:5432/mine?sslmode=require'],
    ['postgresql://db', 'postgresql://db/mine'],
    ['postgresql://u@/postgres?host=%2Frun%2Fpg', 'postgresql://u@/mine?host=%2Frun%2Fpg'],
  ]
  test.each(addresses)('%s', (given, expected) => {
    expect(databaseUrl(given, 'mine')).toBe(expected)
  })
})

describe('the line that says which backends ran', () => {
  test('embedded alone', () => {
    expect(describeBackends(new Set(['unit', 'embedded']), {})).toBe(
      'Backends: embedded ran, PostgreSQL skipped (DATABASE_URL_TEST is not set), PostgreSQL with Redis skipped (DATABASE_URL_TEST is not set).',
    )
  })
  test('PostgreSQL without Redis', () => {
    const env = { DATABASE_URL_TEST: 'postgresql://db' }
    expect(describeBackends(new Set(['postgres']), env)).toBe(
      'Backends: embedded skipped (no suite chosen needs it), PostgreSQL ran, PostgreSQL with Redis skipped (REDIS_URL_TEST is not set).',
    )
  })
  test('all', () => {
    const env = { DATABASE_URL_TEST: 'postgresql://db', REDIS_URL_TEST: 'redis://cache' }
    expect(describeBackends(new Set(['embedded', 'postgres', 'redis']), env)).toBe(
      'Backends: embedded ran, PostgreSQL ran, PostgreSQL with Redis ran.',
    )
  })
})

test('the suites that open a queue are those that run with Redis', () => {
  const suites = BACKEND_FOLDERS.flatMap((folder) =>
    readdirSync(`tests/${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ).filter((name) => name.endsWith('.test.ts'))
  const opening = suites.filter((name) => readFileSync(`tests/${name}`, 'utf8').includes('openQueues('))
  expect(opening.map((name) => name.replace(/\.test\.ts$/, '')).sort()).toEqual(QUEUE_SUITES)
})
