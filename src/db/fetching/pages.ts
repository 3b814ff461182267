import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { sql } from 'kysely'
import type { LocalDate } from '../../domain.ts'
import { deleteInBatches } from '../engine/batches.ts'
import type { Db, Tx } from '../engine/connect.ts'
import type { PageRow } from '../engine/schema.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

export interface NewPage {
  sourceId: number
  address: string
  /** As received. */
  body: Buffer
  contentType?: string
  observedAt: Date
  listedOnHint: LocalDate | null
}

/** sha256 of a page's bytes, hex. */
function contentHash(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}

/** Stores a raw page, or finds the same bytes from the same source; `isNew` says which. */
export async function storePage(db: Db | Tx, page: NewPage): Promise<{ id: number; isNew: boolean }> {
  const hash = contentHash(page.body)
  const known = await findPageByHash(db, page.sourceId, hash)
  if (known) return { id: known.id, isNew: false }
  const inserted = await db
    .insertInto('pages')
    .values({
      source_id: page.sourceId,
      address: page.address,
      content_hash: hash,
      content_type: page.contentType ?? null,
      body: await compress(page.body),
      observed_at: page.observedAt,
      listed_on_hint: page.listedOnHint,
    })
    .onConflict((oc) => oc.columns(['source_id', 'content_hash']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return { id: inserted.id, isNew: true }
  const other = await findPageByHash(db, page.sourceId, hash)
  return { id: other!.id, isNew: false }
}

function findPageByHash(db: Db | Tx, sourceId: number, hash: string): Promise<{ id: number } | undefined> {
  return db
    .selectFrom('pages')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('content_hash', '=', hash)
    .executeTakeFirst()
}

export function findPage(db: Db | Tx, id: number): Promise<PageRow | undefined> {
  return db.selectFrom('pages').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Lists the ids of stored pages above `after`, in order. */
export async function listPageIds(db: Db | Tx, after: number, limit: number): Promise<number[]> {
  const pages = db.selectFrom('pages').select('id').where('id', '>', after).orderBy('id').limit(limit)
  return (await pages.execute()).map((page) => page.id)
}

/** Reads the bytes of a stored page as they were received. */
export async function pageBody(page: PageRow): Promise<Buffer | undefined> {
  return page.body === null ? undefined : decompress(page.body)
}

export async function markPageIngested(
  db: Db | Tx,
  id: number,
  result: { format: string; entries: number; rejected: number; at: Date },
): Promise<void> {
  const { at, ...counts } = result
  await db
    .updateTable('pages')
    .set({ ...counts, ingested_at: at, error: null })
    .where('id', '=', id)
    .execute()
}

/** Marks a page as unreadable. It stays for a later parser; the sweep ignores it. */
export async function markPageFailed(db: Db, id: number, error: string): Promise<void> {
  await db.updateTable('pages').set({ error }).where('id', '=', id).execute()
}

/** Stores the address of a list's next part. */
export async function setNextAddress(db: Db | Tx, id: number, address: string): Promise<void> {
  await db.updateTable('pages').set({ next_address: address }).where('id', '=', id).execute()
}

/** Lists pages from before `before` that were never parsed: a crash came between storing and enqueuing. */
export async function listForgottenPages(db: Db, before: Date, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('pages')
    .select('id')
    .where('ingested_at', 'is', null)
    .where('error', 'is', null)
    .where('observed_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/**
 * Lists pages, parsed between two times, whose list has a next part that is not stored: a crash came before it was
 * fetched, or the source did not answer.
 */
export async function listUnfollowedPages(
  db: Db,
  parsed: { since: Date; before: Date },
  limit: number,
): Promise<{ id: number; source_id: number; observed_at: Date }[]> {
  return db
    .selectFrom('pages as page')
    .select(['page.id', 'page.source_id', 'page.observed_at'])
    .where('page.next_address', 'is not', null)
    .where('page.ingested_at', '>=', parsed.since)
    .where('page.ingested_at', '<', parsed.before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('pages as next')
            .select('next.id')
            .whereRef('next.source_id', '=', 'page.source_id')
            .whereRef('next.address', '=', 'page.next_address'),
        ),
      ),
    )
    .orderBy('page.id')
    .limit(limit)
    .execute()
}

/** A stored page without its bytes, for lists. */
export interface PageHead {
  id: number
  address: string
  observedAt: Date
  format: string | null
  entries: number | null
  rejected: number | null
  error: string | null
  /** Packed. */
  bytes: number
}

/** Lists the newest stored pages of a source. */
export function listPagesOf(db: Db, sourceId: number, limit: number): Promise<PageHead[]> {
  return db
    .selectFrom('pages')
    .select((eb) => [
      'id',
      'address',
      'observed_at as observedAt',
      'format',
      'entries',
      'rejected',
      'error',
      eb.fn.coalesce(eb.fn<number>('octet_length', ['body']), eb.lit(0)).as('bytes'),
    ])
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/**
 * Deletes raw pages that were received, and parsed, before a time. The newest page of each source stays, and so does one that
 * waits to be parsed. What they listed stays.
 */
export async function deletePagesBefore(db: Db, before: Date): Promise<void> {
  await deleteInBatches((limit) =>
    sql`
      DELETE FROM pages WHERE id IN (
        SELECT id FROM pages AS page
        WHERE greatest(observed_at, ingested_at) < ${before} AND (ingested_at IS NOT NULL OR error IS NOT NULL)
          AND EXISTS (
            SELECT FROM pages AS newer WHERE newer.source_id = page.source_id
              AND (newer.observed_at, newer.id) > (page.observed_at, page.id))
        ORDER BY id LIMIT ${limit})`.execute(db),
  )
}
