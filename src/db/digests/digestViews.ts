import type { DigestStatus, LocalDate, Reason } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'
import { readReasons } from './digestItems.ts'

/** One digest in a subscriber's archive. */
export interface DigestSummary {
  id: number
  localDate: LocalDate
  status: DigestStatus
  reason: string | null
  sentAt: Date | null
  papers: number
}

/** Lists a subscriber's digests, the newest first. */
export function listDigestsOf(db: Db, subscriberId: number, limit: number): Promise<DigestSummary[]> {
  return db
    .selectFrom('digests')
    .select((eb) => [
      'id',
      'local_date as localDate',
      'status',
      'reason',
      'sent_at as sentAt',
      eb
        .selectFrom('digest_items')
        .select((items) => items.fn.countAll<number>().as('papers'))
        .whereRef('digest_items.digest_id', '=', 'digests.id')
        .as('papers'),
    ])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('local_date', 'desc')
    .limit(limit)
    .execute() as Promise<DigestSummary[]>
}

/** A paper that was sent to a subscriber, for the export of their data: the papers of each digest in order. */
export interface SentPaper {
  localDate: LocalDate
  paperId: number
  title: string
  topic: string
  score: number
  reasons: Reason[]
}

export async function listPapersChosenFor(db: Db, subscriberId: number): Promise<SentPaper[]> {
  const rows = await db
    .selectFrom('digests')
    .innerJoin('digest_items', 'digest_items.digest_id', 'digests.id')
    .innerJoin('papers', 'papers.id', 'digest_items.paper_id')
    .select([
      'digests.local_date as localDate',
      'papers.id as paperId',
      'papers.title',
      'digest_items.topic',
      'digest_items.score',
      'digest_items.reasons',
    ])
    .where('digests.subscriber_id', '=', subscriberId)
    .orderBy('digests.local_date', 'desc')
    .orderBy('digest_items.position')
    .execute()
  return rows.map((row) => ({ ...row, reasons: readReasons(row.reasons) }))
}

/** Lists the digests that brought a subscriber this paper, the newest first. */
export async function listSendingsOf(
  db: Db,
  subscriberId: number,
  paperId: number,
): Promise<{ digestId: number; localDate: LocalDate; topic: string; reasons: Reason[] }[]> {
  const rows = await db
    .selectFrom('digest_items')
    .innerJoin('digests', 'digests.id', 'digest_items.digest_id')
    .select([
      'digests.id as digestId',
      'digests.local_date as localDate',
      'digest_items.topic',
      'digest_items.reasons',
    ])
    .where('digest_items.paper_id', '=', paperId)
    .where('digests.subscriber_id', '=', subscriberId)
    .orderBy('digests.local_date', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, reasons: readReasons(row.reasons) }))
}
