import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely'
import type { DigestStatus, FetchOutcome, LocalDate, Provenance, SubscriberStatus } from '../domain.ts'

/** Hand-written; tests/db/schema.test.ts holds it against the migrated database. Times are timestamptz, days are `YYYY-MM-DD`. */
export interface Database {
  sources: SourcesTable
  fetches: FetchesTable
  pages: PagesTable
  papers: PapersTable
  paper_keys: PaperKeysTable
  sightings: SightingsTable
  subscribers: SubscribersTable
  topics: TopicsTable
  tokens: TokensTable
  digests: DigestsTable
  digest_items: DigestItemsTable
  suppressions: SuppressionsTable
  mail_events: MailEventsTable
  caught_mails: CaughtMailsTable
  audit: AuditTable
}

/** Set by the database on insert, never changed. */
type CreatedAt = ColumnType<Date, Date | undefined, never>

export interface SourcesTable {
  id: GeneratedAlways<number>
  /** Short, unique, for people: `hf-daily`. Dumps have one a format: `replay-hf-page`. */
  name: string
  /** Address to fetch; `{date}` stands for the listing's day. Null for dumps. */
  address: string | null
  every_minutes: Generated<number>
  /** How many days back a dated address is fetched again. */
  lookback_days: Generated<number>
  enabled: Generated<boolean>
  builtin: Generated<boolean>
  outcome: FetchOutcome | null
  outcome_detail: string | null
  outcome_at: Date | null
  failures: Generated<number>
  created_at: CreatedAt
}

/** The last fetch of each address of a source: what a conditional request needs. */
export interface FetchesTable {
  source_id: number
  address: string
  etag: string | null
  last_modified: string | null
  content_hash: string | null
  outcome: FetchOutcome
  detail: string | null
  entries: number | null
  fetched_at: Date
}

export interface PagesTable {
  id: GeneratedAlways<number>
  source_id: number
  address: string
  /** sha256 of the bytes as received, hex. */
  content_hash: string
  /** As the server named it, for its charset. */
  content_type: string | null
  /** The bytes as received, gzipped. */
  body: Buffer | null
  observed_at: Date
  /** The day given from outside (option, file name), used where the page's own data says none. */
  listed_on_hint: LocalDate | null
  format: string | null
  entries: number | null
  rejected: number | null
  ingested_at: Date | null
  error: string | null
}

export interface PapersTable {
  /** Reserved before the insert, so that keys and sightings can be written with it. */
  id: Generated<number>
  title: string
  abstract: string | null
  authors: Generated<string[]>
  arxiv_id: string | null
  doi: string | null
  url: string | null
  published_at: Date | null
  categories: Generated<string[]>
  organization: string | null
  code_url: string | null
  project_url: string | null
  thumbnail_url: string | null
  ai_summary: string | null
  keywords: Generated<string[]>
  upvotes: number | null
  comments: number | null
  stars: number | null
  /** Per field: which format gave the value and when it was observed. */
  provenance: Generated<Provenance>
  first_seen_at: CreatedAt
  updated_at: Generated<Date>
}

export interface PaperKeysTable {
  /** `arxiv:2401.00001`, `doi:10.…`, `title:…`. All but title keys belong to one paper. */
  key: string
  paper_id: number
}

export interface SightingsTable {
  id: GeneratedAlways<number>
  paper_id: number
  source_id: number
  page_id: number | null
  listed_on: LocalDate | null
  observed_at: Date
  /** The listing's day, else the UTC day of observation. */
  day: GeneratedAlways<LocalDate>
  rank: number | null
  upvotes: number | null
  comments: number | null
  stars: number | null
}

export interface SubscribersTable {
  id: GeneratedAlways<number>
  email: string
  /** The address as compared: lower case. */
  email_key: string
  status: SubscriberStatus
  time_zone: Generated<string>
  /** Local wall-clock time of the digest, `HH:MM`. */
  send_at: Generated<string>
  /** ISO weekdays, 1 Monday … 7 Sunday. */
  weekdays: Generated<number[]>
  max_papers: Generated<number>
  /** When the next digest is due; null while not active. */
  next_digest_at: Date | null
  /** When a confirmation mail was last asked for, and when it was sent. */
  confirmation_asked_at: Date | null
  confirmation_sent_at: Date | null
  confirmed_at: Date | null
  /** Where the consent came from: `web`, `command line`. */
  consent_source: string
  created_at: CreatedAt
  updated_at: Generated<Date>
}

export interface TopicsTable {
  id: GeneratedAlways<number>
  subscriber_id: number
  position: number
  name: string
  query: string
  quota: number | null
}

export type TokenPurpose = 'confirm' | 'manage' | 'unsubscribe' | 'view'

export interface TokensTable {
  /** sha256 of the token, hex. */
  hash: string
  purpose: TokenPurpose
  subscriber_id: number
  digest_id: number | null
  expires_at: Date | null
  used_at: Date | null
  created_at: CreatedAt
}

export interface DigestsTable {
  id: GeneratedAlways<number>
  subscriber_id: number
  local_date: LocalDate
  status: Generated<DigestStatus>
  reason: string | null
  due_at: Date
  composed_at: Date | null
  /** A sender took it; another may only after the lease. */
  claimed_at: Date | null
  /** Set before the message is handed to the mail server, cleared when the server surely did not take it. */
  handed_at: Date | null
  attempts: Generated<number>
  message_id: string | null
  sent_at: Date | null
  created_at: CreatedAt
  updated_at: Generated<Date>
}

export interface DigestItemsTable {
  digest_id: number
  position: number
  paper_id: number
  topic: string
  score: number
  /** JSON array of sentences. */
  reasons: ColumnType<string[], string, string>
  /** The subscriber for whom this paper is taken (unique with paper_id); null once a digest surely was not delivered. */
  reserved_for: number | null
}

export interface SuppressionsTable {
  /** HMAC of the address, hex: outlives the subscriber's deletion. */
  address_hash: string
  reason: string
  created_at: CreatedAt
}

export interface MailEventsTable {
  id: GeneratedAlways<number>
  digest_id: number | null
  subscriber_id: number | null
  kind: 'accepted' | 'deferred' | 'rejected' | 'unknown'
  detail: string | null
  at: Date
}

/** Mails caught by the in-process SMTP server where no SMTP_URL is set: the inbox page. */
export interface CaughtMailsTable {
  id: GeneratedAlways<number>
  received_at: Date
  mail_from: string
  rcpt_to: string[]
  subject: string
  raw: Buffer
}

export interface AuditTable {
  id: GeneratedAlways<number>
  at: Date
  actor: string
  action: string
  subject: string | null
  details: ColumnType<Record<string, unknown>, string | undefined, never>
}

export type SourceRow = Selectable<SourcesTable>
export type NewSource = Insertable<SourcesTable>
export type PageRow = Selectable<PagesTable>
export type PaperRow = Selectable<PapersTable>
export type PaperUpdate = Updateable<PapersTable>
export type SubscriberRow = Selectable<SubscribersTable>
export type SubscriberUpdate = Updateable<SubscribersTable>
export type TopicRow = Selectable<TopicsTable>
export type TokenRow = Selectable<TokensTable>
export type DigestRow = Selectable<DigestsTable>
export type DigestItemRow = Selectable<DigestItemsTable>
export type CaughtMailRow = Selectable<CaughtMailsTable>
