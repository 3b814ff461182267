import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely'
import type {
  DigestStatus,
  FeedbackKind,
  FetchOutcome,
  LocalDate,
  Provenance,
  Reason,
  SubscriberStatus,
} from '../../domain.ts'

/** Hand-written; tests/db/schema.test.ts holds it against the migrated database. Times are timestamptz, days are `YYYY-MM-DD`. */
export interface Database {
  sources: SourcesTable
  fetches: FetchesTable
  fetch_counts: FetchCountsTable
  hosts: HostsTable
  robots_files: RobotsFilesTable
  pages: PagesTable
  papers: PapersTable
  paper_keys: PaperKeysTable
  blocking_keys: BlockingKeysTable
  paper_merges: PaperMergesTable
  sightings: SightingsTable
  replays: ReplaysTable
  stored_batches: StoredBatchesTable
  subscribers: SubscribersTable
  topics: TopicsTable
  feedback: FeedbackTable
  taste_examples: TasteExamplesTable
  tokens: TokensTable
  digests: DigestsTable
  digest_items: DigestItemsTable
  suppressions: SuppressionsTable
  mail_events: MailEventsTable
  captured_mails: CapturedMailsTable
  audit: AuditTable
  corpus_models: CorpusModelsTable
  corpus_model_parts: CorpusModelPartsTable
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
  /** When the address was last answered: for good, or with a refusal that another try would not change. */
  fetched_at: Date
  /** What a person should know of how it was fetched. */
  warning: string | null
}

/** How many fetches of a source came to each outcome. */
export interface FetchCountsTable {
  source_id: number
  outcome: FetchOutcome
  fetches: number
}

/** Hosts that are asked at a pace; one row for what shares it (src/sources/fetching/pace.ts), over the whole installation. */
export interface HostsTable {
  name: string
  /** Nobody asks before. */
  next_at: Date
  /** Who asks just now, and until when at the latest. */
  holder: string | null
  held_until: Date | null
  /** The host wants to be left alone until then. */
  blocked_until: Date | null
}

/** robots.txt as it was last fetched; without a body it could not be had. */
export interface RobotsFilesTable {
  origin: string
  body: string | null
  problem: string | null
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
  /** Where the list goes on, where the source gives it in parts. */
  next_address: string | null
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
  year: number | null
  venue: string | null
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

/** Keys of the kinds `near:` and `nearx:`, see src/db/papers/paperKeys.ts. */
export interface BlockingKeysTable {
  code: number
  /** May be gone. */
  paper_id: number
}

export interface PaperKeysTable {
  /** `arxiv:2401.00001`, `doi:10.…`, `text:…` belong to one paper; `title:…` may be common to many. */
  key: string
  paper_id: number
}

/** An entry that was taken for a paper by its likeness, or a paper that was joined to another, and how to part them. */
export interface PaperMergesTable {
  id: GeneratedAlways<number>
  /** The paper that stayed. */
  paper_id: number
  /** The paper that went; null where it was an entry. */
  joined_id: number | null
  /** In words, for people. */
  why: string
  /** Log-odds that they are one; null where ids said so. */
  score: number | null
  /** Keys that the paper holds through this merge. */
  keys: string[]
  /** What is needed to undo it, see src/ingest/splitPaper.ts. */
  undo: ColumnType<Record<string, unknown>, string, string>
  at: Date
  undone_at: Date | null
  /** After a split, the paper that stands apart: the two are never merged again. */
  split_id: number | null
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
  /** The merge through which it came to its paper. */
  merge_id: number | null
}

/** How far the replay of a dump has come, where that takes more than one step. */
export interface ReplaysTable {
  /** Hash of the file's size, beginning and end, and of how it is read. */
  file_key: string
  name: string
  /** When it was first replayed: the time of what its data does not date, the same every time. */
  observed_at: Date
  /** Files of the archive that are done. */
  part: number
  /** Records of the next file that are done. */
  record: number
  entries: number
  new: number
  updated: number
  unchanged: number
  rejected: number
  /** Length of the list of rejects at that point. */
  rejects_bytes: number
  updated_at: Date
  finished_at: Date | null
}

/** Batches of records that were stored whole: the same again would change nothing. */
export interface StoredBatchesTable {
  /** Hash of the entries, and of all that decides how they are stored. */
  digest: Buffer
  stored_at: Date
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
  /** Share of a paper's score that upvotes decide, 0 to 1. */
  trend_weight: Generated<number>
  /** Whether one place of a digest goes to a paper from outside of the topics. */
  explore: Generated<boolean>
  /** Whether papers that were opened may teach the taste. */
  counts_opens: Generated<boolean>
  /** Stems that the taste leaves out. */
  forgotten_terms: Generated<string[]>
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

/** What a subscriber said of a paper, or that they opened it. */
export interface FeedbackTable {
  subscriber_id: number
  paper_id: number
  kind: FeedbackKind
  at: Date
}

/** Texts of papers that are not stored, from which the taste is learned too. */
export interface TasteExamplesTable {
  subscriber_id: number
  text: string
  at: Date
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
  /** JSON array of reasons; older rows hold sentences. */
  reasons: ColumnType<(Reason | string)[], string, string>
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
export interface CapturedMailsTable {
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

/** What ranking learned from many papers, by version: derived, and made again where it is missing. */
export interface CorpusModelsTable {
  id: GeneratedAlways<number>
  /** How the parts are written (src/digests/corpus/modelBytes.ts). */
  format: number
  /** Hash of the texts it was learned from. */
  input_digest: string
  papers: number
  started_at: Date
  /** Null while it is in training; of those there is at most one. */
  trained_at: Date | null
  /** When its texts were last looked at, and found to be the same. */
  checked_at: Date | null
  /** How many parts there are, and their bytes in all. */
  parts: number | null
  bytes: number | null
}

export interface CorpusModelPartsTable {
  model_id: number
  part: number
  body: Buffer
}

export type SourceRow = Selectable<SourcesTable>
export type NewSource = Insertable<SourcesTable>
export type PageRow = Selectable<PagesTable>
export type PaperRow = Selectable<PapersTable>
export type PaperUpdate = Updateable<PapersTable>
export type ReplayRow = Selectable<ReplaysTable>
export type SubscriberRow = Selectable<SubscribersTable>
export type SubscriberUpdate = Updateable<SubscribersTable>
export type TopicRow = Selectable<TopicsTable>
export type TokenRow = Selectable<TokensTable>
export type DigestRow = Selectable<DigestsTable>
export type DigestItemRow = Selectable<DigestItemsTable>
export type CapturedMailRow = Selectable<CapturedMailsTable>
