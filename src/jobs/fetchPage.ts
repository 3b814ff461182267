import { z } from 'zod'
import type { PageRow, SourceRow } from '../db/engine/schema.ts'
import { type FetchRow, listFetches, markOutcome, upsertFetch } from '../db/fetching/fetches.ts'
import { findPage, storePage } from '../db/fetching/pages.ts'
import { recordFetch } from '../db/fetching/pastFetches.ts'
import { findSource, markSourceOutcome } from '../db/fetching/sources.ts'
import type { LocalDate } from '../domain.ts'
import { PermanentError } from '../errors.ts'
import {
  judgePage,
  LayoutChangedError,
  type Verdict,
  verdictOf,
  withWarning,
} from '../ingest/fetchOutcome.ts'
import { addressFor, daysDue } from '../sources/datedSource.ts'
import { isTurnedAway } from '../sources/fetching/answerError.ts'
import type { FetchedPage } from '../sources/fetching/fetch.ts'
import { MOST_PARTS } from '../sources/nextPart.ts'
import type { NextJob, Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const payload = z.object({
  sourceId: z.number().int(),
  /** The time of the timer's tick, ISO. */
  slot: z.iso.datetime(),
  /** For a list in parts: the page after which to continue, and the number of the part. */
  after: z.number().int().optional(),
  part: z.number().int().optional(),
})

const MINUTE = 60_000

type Payload = z.infer<typeof payload>

/** The result of fetching one address: a job for the stored page, or a verdict. */
type Result = { next: NextJob } | { verdict: Verdict }

/**
 * Fetches what is due of one source: its address, the address of each due day if it has a `{date}`, or the next part
 * of a list. A changed page is stored as received; the next step parses it. A day that fails does not stop the
 * others.
 */
export const fetchPage = defineStep({
  name: 'fetchPage',
  payload,
  key: ({ sourceId, slot, after }) =>
    `${sourceId}-${slot.replace(/\D/g, '')}${after === undefined ? '' : `-after-${after}`}`,
  timed: 'slot',
  attempts: 4,
  concurrency: 2,
  async run(payload, tools) {
    const source = await findSource(tools.db, payload.sourceId)
    if (!source?.enabled || source.address === null) return []
    if (payload.after !== undefined) return fetchNextPart(source, payload, tools)
    const before = await listFetches(tools.db, source.id)
    if (isSuperseded(source, payload, before)) return []
    const results: Result[] = []
    const errors: unknown[] = []
    for (const address of addressesDue(source, before, tools.now())) {
      try {
        results.push(await fetchAddress(source, address, before, payload.slot, tools))
      } catch (error) {
        errors.push(error)
        await recordFailure(source, address, error, tools)
        // If the server is away or refuses us, ask for no other day now. The next attempt continues here.
        if (!(error instanceof PermanentError) || isTurnedAway(error)) break
      }
    }
    await tellSource(source, results, errors, tools)
    const next = results.flatMap((result) => ('next' in result ? [result.next] : []))
    // Stored pages are parsed even if a day failed. The sweep would find them too, but later.
    if (errors.length > 0 && next.length === 0) throw errors[0]
    return next
  },
})

/**
 * Whether a later tick has fetched since. A host's wish to wait can delay many ticks, and they must not all ask at
 * once.
 */
function isSuperseded(source: SourceRow, { slot }: Payload, before: FetchRow[]): boolean {
  const nextTick = Date.parse(slot) + source.every_minutes * MINUTE
  return before.some((fetch) => fetch.fetched_at.getTime() >= nextTick)
}

/** Writes the outcome of the whole fetch on the source's row, unless parsing the stored pages will tell it. */
async function tellSource(
  { id }: SourceRow,
  results: Result[],
  errors: unknown[],
  { db, now }: Tools,
): Promise<void> {
  const told = results.flatMap((result) => ('verdict' in result ? [result.verdict] : []))
  // Most days are unchanged, so the first other outcome says more.
  const first = told.find(({ outcome }) => outcome !== 'unchanged') ?? told[0]
  const verdict = errors.length > 0 ? verdictOf(errors[0]) : first
  if (verdict === undefined || (errors.length === 0 && told.length < results.length)) return
  await markSourceOutcome(db, id, verdict.outcome, verdict.detail, now())
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
  slot: string,
  tools: Tools,
): Promise<Result> {
  const last = before.find((fetch) => fetch.address === address)
  const answer = await tools.fetcher.get(address, validatorsOf(last))
  const record = { source_id: source.id, address, fetched_at: tools.now(), warning: answer.warning ?? null }
  if (answer.kind === 'unchanged') return recordVerdict(record, { outcome: 'unchanged', detail: null }, tools)
  const headers = {
    etag: answer.etag ?? null,
    last_modified: answer.lastModified ?? null,
  }
  const stored = await storeAnswer(source, address, answer, tools)
  if (stored.ingested_at === null) {
    await upsertFetch(tools.db, { ...record, ...headers, outcome: 'stored', detail: null })
    // A page that could not be read before is read again, so that the fault is reported until it is fixed.
    const again = stored.error === null ? {} : { again: slot }
    const label = `${source.name}, ${slot.slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')}`
    return { next: { name: 'ingestPage', payload: { pageId: stored.id }, label, ...again } }
  }
  const verdict = judgeKnown(source, address, stored, last)
  if (verdict.outcome === 'layout changed')
    throw new LayoutChangedError(withWarning(verdict, answer.warning).detail!)
  return recordVerdict({ ...record, ...headers, entries: stored.entries }, verdict, tools)
}

/**
 * Validators for a conditional request; none after a page that could not be read, because "unchanged" would hide that
 * it still cannot be read.
 */
function validatorsOf(last: FetchRow | undefined): { etag?: string; lastModified?: string } {
  if (last === undefined || last.outcome === 'layout changed' || last.outcome === 'blocked') return {}
  return { etag: last.etag ?? undefined, lastModified: last.last_modified ?? undefined }
}

/** Stores an answer as received, or finds the same bytes stored before. */
async function storeAnswer(
  source: SourceRow,
  address: string,
  answer: FetchedPage,
  tools: Tools,
): Promise<PageRow> {
  const { id } = await storePage(tools.db, {
    sourceId: source.id,
    address,
    body: answer.body,
    contentType: answer.contentType,
    observedAt: tools.now(),
    listedOnHint: null,
  })
  return (await findPage(tools.db, id))!
}

/** The verdict on an answer whose bytes are stored already, from this address or from another of the source. */
function judgeKnown(source: SourceRow, address: string, page: PageRow, last: FetchRow | undefined): Verdict {
  const contents = { address, format: page.format, entries: page.entries ?? 0, rejected: page.rejected ?? 0 }
  if (contents.entries === 0) return judgePage(contents, last?.entries ?? 0)
  if (page.address !== address && source.address!.includes('{date}')) {
    return { outcome: 'moved to another day', detail: `${address} gives the list of ${page.address}` }
  }
  return { outcome: 'unchanged', detail: null }
}

type FetchRecord = Omit<Parameters<typeof upsertFetch>[1], 'outcome' | 'detail'>

async function recordVerdict(record: FetchRecord, plain: Verdict, { db }: Tools): Promise<Result> {
  const verdict = withWarning(plain, record.warning)
  await upsertFetch(db, { ...record, ...verdict })
  const { source_id, address, fetched_at: at } = record
  const entries = record.entries ?? null
  await recordFetch(db, { source_id, address, at, entries, ...verdict })
  return { verdict }
}

/** Records a failure. Only a final answer counts as fetched; a day that another try may give stays due. */
async function recordFailure(
  source: SourceRow,
  address: string,
  error: unknown,
  { db, now }: Tools,
): Promise<void> {
  const verdict = verdictOf(error)
  if (error instanceof PermanentError) {
    await upsertFetch(db, { source_id: source.id, address, ...verdict, fetched_at: now() })
  } else {
    await markOutcome(db, source.id, address, verdict)
  }
  await recordFetch(db, { source_id: source.id, address, at: now(), ...verdict })
}

/**
 * Fetches a list's next part. Parts after the first have a new address at every fetch, so they are stored but their
 * fetch is not remembered.
 */
async function fetchNextPart(source: SourceRow, payload: Payload, tools: Tools): Promise<NextJob[]> {
  const { sourceId, slot, after, part = 2 } = payload
  const before = await findPage(tools.db, after!)
  const address = before?.next_address ?? null
  if (address === null) return []
  try {
    const answer = await tools.fetcher.get(address)
    if (answer.kind === 'unchanged') return []
    const page = await storeAnswer(source, address, answer, tools)
    if (page.ingested_at === null) return [{ name: 'ingestPage', payload: { pageId: page.id, part } }]
    // An unchanged part may be followed by a changed one. If the part is the one before, the list goes round in a
    // circle.
    const isLast = page.next_address === null || part >= MOST_PARTS || page.id === after
    return isLast ? [] : [{ name: 'fetchPage', payload: { sourceId, slot, after: page.id, part: part + 1 } }]
  } catch (error) {
    const { outcome, detail } = verdictOf(error)
    await markSourceOutcome(tools.db, source.id, outcome, detail, tools.now())
    await recordFetch(tools.db, { source_id: source.id, address, at: tools.now(), outcome, detail })
    throw error
  }
}
