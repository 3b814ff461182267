import { z } from 'zod'
import type { Db } from '../db/connect.ts'
import { type FetchRow, listFetches, upsertFetch } from '../db/fetches.ts'
import { contentHash, storePage } from '../db/pages.ts'
import type { SourceRow } from '../db/schema.ts'
import { findSource, markSourceOutcome } from '../db/sources.ts'
import type { LocalDate } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import { addressFor, daysDue } from '../sources/address.ts'
import { defineStep, type NextJob, type Tools } from './step.ts'

const payload = z.object({
  sourceId: z.number().int(),
  /** The time of the timer's tick, ISO. */
  slot: z.iso.datetime(),
})

/**
 * Fetches what is due of one source: its address, or, where that has a `{date}`, the address of each day that is due.
 * A page that changed is stored as it came; parsing is the next step's. One day that fails does not hold back others.
 */
export const fetchPage = defineStep({
  name: 'fetchPage',
  payload,
  key: ({ sourceId, slot }) => `${sourceId}-${slot.replace(/\D/g, '')}`,
  timed: 'slot',
  attempts: 4,
  concurrency: 2,
  async run({ sourceId }, tools) {
    const source = await findSource(tools.db, sourceId)
    if (!source?.enabled || source.address === null) return []
    const before = await listFetches(tools.db, source.id)
    const next: NextJob[] = []
    const errors: unknown[] = []
    for (const address of addressesDue(source, before, tools.now())) {
      try {
        next.push(...(await fetchAddress(source, address, before, tools)))
      } catch (error) {
        errors.push(error)
        await recordFailure(tools.db, source, address, error, tools.now())
        // A server that is away or asks for a pause is asked for no other day now: the next attempt goes on here.
        if (!(error instanceof PermanentError)) break
      }
    }
    await tellOutcome(tools.db, source, next.length, errors, tools.now())
    // What was stored goes on even when a day failed: the sweep would find it, but only later.
    if (errors.length > 0 && next.length === 0) throw errors[0]
    return next
  },
})

/** What the whole fetch came to, unless parsing what it stored will tell. */
async function tellOutcome(
  db: Db,
  source: SourceRow,
  stored: number,
  errors: unknown[],
  now: Date,
): Promise<void> {
  if (errors.length > 0) await markSourceOutcome(db, source.id, 'failed', reasonOf(errors[0]), now)
  else if (stored === 0) await markSourceOutcome(db, source.id, 'unchanged', null, now)
}

function addressesDue(source: SourceRow, before: FetchRow[], now: Date): string[] {
  const template = source.address!
  const today = now.toISOString().slice(0, 10) as LocalDate
  const fetchedAt = new Map(before.map((fetch) => [fetch.address, fetch.fetched_at]))
  if (!template.includes('{date}')) return [template]
  const days = daysDue(today, source.lookback_days, (day) => fetchedAt.get(addressFor(template, day)), now)
  return days.map((day) => addressFor(template, day))
}

async function fetchAddress(
  source: SourceRow,
  address: string,
  before: FetchRow[],
  tools: Tools,
): Promise<NextJob[]> {
  const last = before.find((fetch) => fetch.address === address)
  const validators = { etag: last?.etag ?? undefined, lastModified: last?.last_modified ?? undefined }
  const answer = await tools.fetcher.get(address, validators)
  const now = tools.now()
  const record = { source_id: source.id, address, fetched_at: now, detail: null }
  if (answer.kind === 'unchanged') return recordUnchanged(tools.db, record)
  const stored = await storePage(tools.db, {
    sourceId: source.id,
    address,
    body: answer.body,
    contentType: answer.contentType,
    observedAt: now,
    listedOnHint: null,
  })
  const headers = {
    etag: answer.etag ?? null,
    last_modified: answer.lastModified ?? null,
    content_hash: contentHash(answer.body),
  }
  if (!stored.isNew) return recordUnchanged(tools.db, { ...record, ...headers })
  await upsertFetch(tools.db, { ...record, ...headers, outcome: 'stored' })
  return [{ name: 'ingestPage', payload: { pageId: stored.id } }]
}

async function recordUnchanged(
  db: Db,
  record: { source_id: number; address: string; fetched_at: Date; detail: null },
): Promise<NextJob[]> {
  await upsertFetch(db, { ...record, outcome: 'unchanged' })
  return []
}

async function recordFailure(
  db: Db,
  source: SourceRow,
  address: string,
  error: unknown,
  now: Date,
): Promise<void> {
  const detail = reasonOf(error)
  await upsertFetch(db, { source_id: source.id, address, outcome: 'failed', detail, fetched_at: now })
}
