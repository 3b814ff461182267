import { sql } from 'kysely'
import type { DigestItem, DigestPaper, Reason } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { PAPER_COLUMNS } from '../papers/paperColumns.ts'

/** The papers chosen for one digest. */
export interface NewDigestItems {
  digestId: number
  subscriberId: number
  items: DigestItem[]
}

/**
 * Stores the items of digests and reserves their papers for the subscribers; a unique index allows each paper once.
 * Rows are written in the order of papers, the order in which joining papers locks them.
 */
export async function insertDigestItems(tx: Tx, digests: NewDigestItems[]): Promise<void> {
  const rows = digests.flatMap(({ digestId, subscriberId, items }) =>
    items.map((item, index) => ({
      digest_id: digestId,
      position: index + 1,
      paper_id: item.paperId,
      topic: item.topic,
      score: item.score,
      reasons: item.reasons,
      reserved_for: subscriberId,
    })),
  )
  await sql`
    INSERT INTO digest_items (digest_id, position, paper_id, topic, score, reasons, reserved_for)
    SELECT digest_id, position, paper_id, topic, score, reasons, reserved_for
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS item (
      digest_id bigint, position integer, paper_id bigint, topic text, score double precision, reasons jsonb,
      reserved_for bigint)
    ORDER BY paper_id`.execute(tx)
}

/** Lists a digest's items in their order, without papers that were hidden since. */
export async function listDigestItems(db: Db, digestId: number): Promise<DigestPaper[]> {
  const rows = await db
    .selectFrom('digest_items')
    .innerJoin('papers', 'papers.id', 'digest_items.paper_id')
    .select([...PAPER_COLUMNS, 'topic', 'score', 'reasons'])
    .where('digest_id', '=', digestId)
    .where('papers.hidden_at', 'is', null)
    .orderBy('position')
    .execute()
  return rows.map(({ topic, score, reasons, ...paper }) => ({
    paperId: paper.id,
    topic,
    score,
    reasons: readReasons(reasons),
    paper,
  }))
}

/** A chosen paper as a digest's row has it, and when the paper last changed. */
export interface StoredItem {
  digest_id: number
  paper_id: number
  topic: string
  score: number
  reasons: Reason[]
  updated_at: Date
}

/** Lists the items of several digests, each digest's in its order, without hidden papers. */
export async function listItemsOf(db: Db, digestIds: number[]): Promise<StoredItem[]> {
  const rows = await db
    .selectFrom('digest_items')
    .innerJoin('papers', 'papers.id', 'digest_items.paper_id')
    .select(['digest_id', 'paper_id', 'topic', 'score', 'reasons', 'papers.updated_at'])
    .where('digest_id', '=', sql<number>`ANY(${digestIds})`)
    .where('papers.hidden_at', 'is', null)
    .orderBy('digest_id')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, reasons: readReasons(row.reasons) }))
}

/** Reads stored reasons; older rows have sentences. */
export function readReasons(stored: (Reason | string)[]): Reason[] {
  return stored.map((reason) => (typeof reason === 'string' ? { kind: 'text', text: reason } : reason))
}

/** For each of these subscribers, the papers that were sent or are about to be sent. */
export async function listTakenPapers(
  db: Db,
  subscriberIds: number[],
  paperIds: number[],
): Promise<Map<number, Set<number>>> {
  const rows = await db
    .selectFrom('digest_items')
    .select(['reserved_for', 'paper_id'])
    .where('reserved_for', '=', sql<number>`ANY(${subscriberIds})`)
    .where('paper_id', '=', sql<number>`ANY(${paperIds})`)
    .execute()
  const taken = new Map<number, Set<number>>(subscriberIds.map((id) => [id, new Set()]))
  for (const row of rows) taken.get(row.reserved_for!)?.add(row.paper_id)
  return taken
}

/** Releases the papers of a digest that was certainly not delivered, so that a later digest may bring them. */
export async function releaseItems(tx: Tx, digestId: number): Promise<void> {
  await tx.updateTable('digest_items').set({ reserved_for: null }).where('digest_id', '=', digestId).execute()
}
