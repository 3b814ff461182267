import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../src/domain.ts'
import { INGEST_VERSION } from '../../src/ingest/replay/batchHash.ts'
import { store } from '../support/listings.ts'
import { storedRows } from '../support/storedRows.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

/** What is stored of tests/fixtures/ingest/listings.json under each version: SHA-256 of its rows in order. */
const RECORDED: Record<number, string> = {
  3: '45178e30bc104fa3f8bbe03c56ea9baca7de8deb569da1904e78d8c95a7a622a',
  4: '45178e30bc104fa3f8bbe03c56ea9baca7de8deb569da1904e78d8c95a7a622a',
}

interface StoredListing {
  format: string
  listedOn?: string
  observedAt?: string
  entries: (Omit<Entry, 'publishedAt'> & { publishedAt?: string })[]
}

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools('2026-11-20T09:00:00Z')
})
afterAll(() => test_.close())

/** Entries out of JSON, which knows no dates. */
function entriesOf({ entries }: StoredListing): Entry[] {
  return entries.map(({ publishedAt, ...entry }) => ({
    ...entry,
    ...(publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt) }),
  }))
}

test('the same entries are stored as this INGEST_VERSION always stored them', async () => {
  const file = new URL('../fixtures/ingest/listings.json', import.meta.url)
  const listings: StoredListing[] = JSON.parse(readFileSync(file, 'utf8'))
  for (const listing of listings) {
    const { format, listedOn = '2026-10-31', observedAt } = listing
    const seen = observedAt === undefined ? {} : { observedAt: new Date(observedAt) }
    await store(test_.tools, listedOn, entriesOf(listing), {
      format,
      live: observedAt !== undefined,
      ...seen,
    })
  }
  const rows = Object.entries(await storedRows(test_.tools.db)).flatMap(([table, all]) =>
    all.map((row) => `${table} ${JSON.stringify(row)}`),
  )
  const hash = createHash('sha256').update(rows.sort().join('\n')).digest('hex')
  expect(
    hash,
    `Entries are stored otherwise than INGEST_VERSION ${INGEST_VERSION} stored them: raise it in src/ingest/replay/batchHash.ts, so that dumps replayed before are looked at again, and record ${hash} under the new version here`,
  ).toBe(RECORDED[INGEST_VERSION])
})
