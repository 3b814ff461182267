import { sql } from 'kysely'
import type { LocalDate, SubscriberStatus } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'
import type { MailEventKind } from '../engine/schema.ts'

/** A subscriber in a list for the operator. */
export interface ListedSubscriber {
  id: number
  email: string
  status: SubscriberStatus
  createdAt: Date
  confirmedAt: Date | null
  nextDigestAt: Date | null
  /** When the last digest was sent. */
  lastSentAt: Date | null
  /** What was last told of their mail, and when. */
  lastEvent: MailEventKind | null
  lastEventAt: Date | null
}

export interface SubscriberQuery {
  /** A part of the address. */
  search?: string
  status?: SubscriberStatus
  /** Only subscribers with a smaller id: the next page. */
  before?: number
  limit: number
}

/** Lists subscribers, the newest first. */
export async function listSubscriberPage(db: Db, query: SubscriberQuery): Promise<ListedSubscriber[]> {
  const pattern = `%${(query.search ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<ListedSubscriber>`
    SELECT id, email, status, created_at AS "createdAt", confirmed_at AS "confirmedAt",
      next_digest_at AS "nextDigestAt",
      (SELECT max(sent_at) FROM digests WHERE subscriber_id = page.id) AS "lastSentAt",
      last.kind AS "lastEvent", last.at AS "lastEventAt"
    FROM (
      SELECT * FROM subscribers
      WHERE email_key LIKE ${pattern}
        AND (${query.status ?? null}::text IS NULL OR status = ${query.status ?? null})
        AND (${query.before ?? null}::bigint IS NULL OR id < ${query.before ?? null})
      ORDER BY id DESC LIMIT ${query.limit}) AS page
    LEFT JOIN LATERAL (
      SELECT kind, at FROM mail_events WHERE subscriber_id = page.id ORDER BY id DESC LIMIT 1) AS last ON true
    ORDER BY id DESC`.execute(db)
  return rows
}

/** One thing that happened to a subscriber or their mail. */
export interface TimelineEntry {
  at: Date
  /** What happened, in a word or two: a mail event's kind, an action of the audit, or `digest skipped` and the like. */
  what: string
  /** Who told or did it: `relay`, `report`, a provider, `subscriber`, `command line`. */
  who: string
  detail: string | null
  /** Enhanced status code (RFC 3463) of a refusal or a bounce. */
  status: string | null
  /** The digest it concerns. */
  digestId: number | null
  localDate: LocalDate | null
}

/**
 * Lists what happened to a subscriber, the newest first: the mail server's answers, what came back, what they or the
 * operator changed, and digests that were not sent.
 */
export async function listTimeline(db: Db, subscriberId: number, limit: number): Promise<TimelineEntry[]> {
  const { rows } = await sql<TimelineEntry>`
    SELECT at, what, who, detail, status, "digestId", "localDate" FROM (
      SELECT at, kind AS what, source AS who, detail, mail_events.status, digest_id AS "digestId",
        local_date AS "localDate", 2 AS place, mail_events.id
      FROM mail_events LEFT JOIN digests ON digests.id = digest_id
      WHERE mail_events.subscriber_id = ${subscriberId}
      UNION ALL
      SELECT at, action, actor, details->>'reason', NULL, NULL, NULL, 1, id
      FROM audit WHERE subject = ${`subscriber ${subscriberId}`}
      UNION ALL
      SELECT updated_at, 'digest ' || status, 'paperboy', reason, NULL, id, local_date, 3, id
      FROM digests WHERE subscriber_id = ${subscriberId} AND status <> 'sent'
    ) AS everything
    ORDER BY at DESC, place DESC, id DESC LIMIT ${limit}`.execute(db)
  return rows
}

/** A mail event for the export of a subscriber's own data. */
export interface OwnMailEvent {
  at: Date
  kind: MailEventKind
  source: string
  status: string | null
  detail: string | null
}

/** Lists everything that was told of a subscriber's mail, the newest first. */
export function listMailEventsOf(db: Db, subscriberId: number): Promise<OwnMailEvent[]> {
  return db
    .selectFrom('mail_events')
    .select(['at', 'kind', 'source', 'status', 'detail'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .execute()
}
