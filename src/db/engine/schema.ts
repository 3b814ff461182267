import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely'
import type {
  DigestStatus,
  FeedbackKind,
  FetchOutcome,
  LocalDate,
  Paper,
  PaperField,
  Pickiness,
  Provenance,
  Reason,
  SubscriberStatus,
} from '../../domain.ts'

/**
 * Hand-written; tests/db/schema.test.ts compares it with the migrated database. Times are timestamptz, days are
 * `YYYY-MM-DD`.
 */
export interface Database {
  sources: SourcesTable
  fetches: FetchesTable
  fetch_counts: FetchCountsTable
  past_fetches: PastFetchesTable
  hosts: HostsTable
  robots_files: RobotsFilesTable
  pages: PagesTable
  papers: PapersTable
  paper_keys: PaperKeysTable
  blocking_keys: BlockingKeysTable
  paper_merges: PaperMergesTable
  sightings: SightingsTable
  replays: ReplaysTable
  replay_files: ReplayFilesTable
  stored_batches: StoredBatchesTable
  subscribers: SubscribersTable
  sign_ups: SignUpsTable
  topics: TopicsTable
  feedback: FeedbackTable
  taste_examples: TasteExamplesTable
  tokens: TokensTable
  digests: DigestsTable
  digest_items: DigestItemsTable
  address_changes: AddressChangesTable
  mail_requests: MailRequestsTable
  mail_allowances: MailAllowancesTable
  sign_up_hours: SignUpHoursTable
  suppressions: SuppressionsTable
  mail_events: MailEventsTable
  mail_pauses: MailPausesTable
  mail_limits: MailLimitsTable
  captured_mails: CapturedMailsTable
  audit: AuditTable
  admin_sessions: AdminSessionsTable
  second_factors: SecondFactorsTable
  thumbnails: ThumbnailsTable
  search_texts: SearchTextsTable
  workers: WorkersTable
  alerts: AlertsTable
  backups: BackupsTable
  corpus_models: CorpusModelsTable
  corpus_model_parts: CorpusModelPartsTable
}

/** Set by the database on insert, never changed. */
type CreatedAt = ColumnType<Date, Date | undefined, never>

export interface SourcesTable {
  id: GeneratedAlways<number>
  /** Short, unique, for people: `hf-daily`. Dumps have one source per format: `replay-hf-page`. */
  name: string
  /** Address to fetch; `{date}` stands for the listing's day. Null for dumps. */
  address: string | null
  every_minutes: Generated<number>
  /** For how many days a dated address is fetched again. */
  lookback_days: Generated<number>
  enabled: Generated<boolean>
  builtin: Generated<boolean>
  outcome: FetchOutcome | null
  outcome_detail: string | null
  outcome_at: Date | null
  failures: Generated<number>
  /** When the first of these failures was; null while there is none. */
  failing_since: Date | null
  created_at: CreatedAt
}

/** The last fetch of each address of a source. A conditional request needs it. */
export interface FetchesTable {
  source_id: number
  address: string
  etag: string | null
  last_modified: string | null
  outcome: FetchOutcome
  detail: string | null
  entries: number | null
  /** When the address last gave a final answer: a page, or a refusal that another try would not change. */
  fetched_at: Date
  /** A note for people about how the page was fetched. */
  warning: string | null
}

/** Counts the fetches of a source by outcome. */
export interface FetchCountsTable {
  source_id: number
  outcome: FetchOutcome
  fetches: number
}

/** Every fetch of the last weeks with its outcome, for people. */
export interface PastFetchesTable {
  id: GeneratedAlways<number>
  source_id: number
  at: Date
  address: string
  outcome: FetchOutcome
  detail: string | null
  entries: number | null
  /** The page that was stored or recognised. */
  page_id: number | null
}

/**
 * Hosts with a pace, for the whole installation. A row stands for everything that shares a pace
 * (src/sources/fetching/pace.ts).
 */
export interface HostsTable {
  name: string
  /** No request may start before this time. */
  next_at: Date
  /** Who holds the turn at the host now. */
  holder: string | null
  held_until: Date | null
  /** The host wants no requests until then. */
  blocked_until: Date | null
}

/** robots.txt as last fetched. Without a body it could not be fetched. */
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
  /** As the server sent it; it names the charset. */
  content_type: string | null
  /** The bytes as received, gzipped. */
  body: Buffer | null
  observed_at: Date
  /** The day from an option or a file name, used if the page's own data has no day. */
  listed_on_hint: LocalDate | null
  format: string | null
  entries: number | null
  rejected: number | null
  ingested_at: Date | null
  error: string | null
  /** The address of the list's next part, if the source gives its list in parts. */
  next_address: string | null
}

/** The column of a paper's field: `arxiv_id` of `arxivId`. */
export type PaperColumn<Field extends string> = Field extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${PaperColumn<Rest>}`
  : ''

type PaperColumns = {
  [Field in PaperField as PaperColumn<Field>]: Paper[Field] extends string[]
    ? Generated<string[]>
    : Paper[Field]
}

/** A column for each field of PAPER_FIELDS (src/domain.ts), and these. */
export interface PapersTable extends PaperColumns {
  /** Reserved before the insert, so that keys and sightings can use it. */
  id: Generated<number>
  /** For each field: which format gave the value and when it was observed. */
  provenance: Generated<Provenance>
  first_seen_at: CreatedAt
  updated_at: Generated<Date>
  /** Since when an admin keeps it out of every list, digest, search and feed; null: it is shown. */
  hidden_at: Date | null
}

/** Blocking keys as numbers, see src/db/papers/paperKeys.ts. */
export interface BlockingKeysTable {
  code: number
  /** The paper may be deleted already. */
  paper_id: number
}

export interface PaperKeysTable {
  /** `arxiv:2401.00001`, `doi:10.…`, `text:…` belong to one paper; several papers may share a `title:…`. */
  key: string
  paper_id: number
}

/**
 * An entry that was merged into a paper by likeness, or a paper that was joined to another, with what is needed to
 * split them.
 */
export interface PaperMergesTable {
  id: GeneratedAlways<number>
  /** The paper that stayed. */
  paper_id: number
  /** The paper that was joined and is gone; null for an entry. */
  joined_id: number | null
  /** The reason, for people. */
  why: string
  /** Log-odds that they are one paper; null if ids decided. */
  score: number | null
  /** The keys that the paper has through this merge. */
  keys: string[]
  /** The data to undo the merge, see src/ingest/splitPaper.ts. */
  undo: ColumnType<Record<string, unknown>, string, string>
  at: Date
  undone_at: Date | null
  /** After a split: the paper that was split off. The two are never merged again. */
  split_id: number | null
  /** When an admin looked at it and found it right. */
  approved_at: Date | null
}

export interface SightingsTable {
  id: GeneratedAlways<number>
  paper_id: number
  source_id: number
  page_id: number | null
  listed_on: LocalDate | null
  observed_at: Date
  /** The listing's day; if there is none, the UTC day of observation. */
  day: GeneratedAlways<LocalDate>
  rank: number | null
  upvotes: number | null
  comments: number | null
  stars: number | null
  /** The merge that brought the sighting to its paper. */
  merge_id: number | null
}

/** How far the replay of a dump has come, if the dump takes more than one step. */
export interface ReplaysTable {
  /** Hash of the file's size, beginning and end, and of the way it is read. */
  file_key: string
  name: string
  /** When the dump was first replayed. What its data does not date gets this time, in every replay. */
  observed_at: Date
  /** How many files of the archive are done. */
  part: number
  /** How many records of the next file are done. */
  record: number
  entries: number
  new: number
  updated: number
  unchanged: number
  rejected: number
  /** The length of the rejects file at that point. */
  rejects_bytes: number
  updated_at: Date
  finished_at: Date | null
}

/** A file that the desk was given to replay, and how far that has come. */
export interface ReplayFilesTable {
  id: GeneratedAlways<number>
  /** As its owner called it. */
  name: string
  /** Where it is, for the worker. */
  path: string
  /** Where the folder `rejects` is made. */
  rejects_folder: string
  /** An upload is removed when it is done. */
  is_upload: boolean
  bytes: number
  listed_on: LocalDate | null
  /** As `--map` takes it: `title=Name,…`. */
  columns: string | null
  status: Generated<'waiting' | 'running' | 'stopping' | 'cancelled' | 'done' | 'failed'>
  read_bytes: Generated<number>
  entries: Generated<number>
  new: Generated<number>
  updated: Generated<number>
  unchanged: Generated<number>
  rejected: Generated<number>
  rejects_path: string | null
  /** What else is to be said, a line each. */
  remarks: Generated<string[]>
  added_at: Date
  started_at: Date | null
  finished_at: Date | null
  /** Which worker holds it, and until when. */
  claim: string | null
  claimed_until: Date | null
}

/** Batches of records that were stored whole. The same batch again would change nothing. */
export interface StoredBatchesTable {
  /** Hash of the entries and of everything that decides how they are stored. */
  digest: Buffer
  stored_at: Date
}

export interface SubscribersTable {
  id: GeneratedAlways<number>
  email: string
  /** The address in lower case, for comparisons. */
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
  /** When a confirmation mail was last requested, and when it was sent. */
  confirmation_asked_at: Date | null
  confirmation_sent_at: Date | null
  confirmed_at: Date | null
  /** When a pause ends by itself. */
  paused_until: Date | null
  /** The local day on which a pause began, until a digest makes up for that pause. */
  catch_up_from: LocalDate | null
  /** Where consent was given: `web`, `command line`, `import: …` in the words of the list. */
  consent_source: string
  /** The share of a paper's score that upvotes decide, 0 to 1. */
  trend_weight: Generated<number>
  /** Whether one place of a digest goes to a paper from outside the topics. */
  explore: Generated<boolean>
  /** Whether papers that were opened may teach the taste. */
  counts_opens: Generated<boolean>
  /** Stems that the taste ignores. */
  forgotten_terms: Generated<string[]>
  created_at: CreatedAt
  updated_at: Generated<Date>
}

/** What was typed into the sign-up form for an address, until its mailbox confirms it. */
export interface SignUpsTable {
  subscriber_id: number
  /** Preferences (src/subscribers/preferences.ts). */
  wish: ColumnType<object, string, string>
  at: Date
}

/** The address that a subscriber wants to have, until both mailboxes have confirmed it. */
export interface AddressChangesTable {
  subscriber_id: number
  email: string
  asked_at: Date
  /** When the letter to each mailbox was handed to the mail server. */
  old_sent_at: Date | null
  new_sent_at: Date | null
  old_confirmed_at: Date | null
  new_confirmed_at: Date | null
}
export type AddressChangeRow = Selectable<AddressChangesTable>

export interface TopicsTable {
  id: GeneratedAlways<number>
  subscriber_id: number
  position: number
  name: string
  query: string
  quota: number | null
  pickiness: Generated<Pickiness>
}

/** What a subscriber said about a paper, or that they opened it. */
export interface FeedbackTable {
  subscriber_id: number
  paper_id: number
  kind: FeedbackKind
  at: Date
}

/** Texts of papers that are not stored, which teach the taste too. */
export interface TasteExamplesTable {
  subscriber_id: number
  text: string
  at: Date
}

export type TokenPurpose =
  | 'confirm'
  | 'manage'
  | 'unsubscribe'
  | 'view'
  | 'session'
  | 'feed'
  | 'old address'
  | 'new address'

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
  /** How often it was taken for composing or sending. Whoever writes to it proves that the last claim is theirs. */
  claim: Generated<number>
  /** Until then, by the database's clock, nobody else takes it. Renewed while work goes on. */
  claimed_until: Date | null
  /** The mail server did not take it: nobody tries again before then, by the database's clock. */
  retry_at: Date | null
  /** Its turn at a recipient domain that has a limit of mails; null without a turn. */
  turn_at: Date | null
  /** Set before the first byte of the message goes to the mail server, cleared when the server surely did not take it. */
  handed_at: Date | null
  /** How often it was unknown whether the mail server had taken it. */
  doubts: Generated<number>
  /** It was planned after its hour had passed by. */
  late: Generated<boolean>
  /** The local day on which a pause began that this digest makes up for; null for an ordinary digest. */
  catch_up_from: LocalDate | null
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
  /**
   * The subscriber for whom this paper is reserved (unique with paper_id); null once a digest was certainly not
   * delivered.
   */
  reserved_for: number | null
}

export type MailRequestKind = 'sign-up' | 'preferences'

/** What was typed into a form that asks for a mail, until a job takes it. */
export interface MailRequestsTable {
  id: GeneratedAlways<number>
  kind: MailRequestKind
  email: string
  wish: ColumnType<object, string, string>
  at: Date
}

/** When a mailbox was mailed lately because somebody typed its address. */
export interface MailAllowancesTable {
  /** HMAC of the mailbox, hex: without a tag after `+`. */
  mailbox_hash: string
  mailed: Date[]
  updated_at: Date
}

/** How many sign-ups were taken in an hour. */
export interface SignUpHoursTable {
  hour: Date
  sign_ups: number
}

export interface SuppressionsTable {
  /** HMAC of the address, hex. It outlives the subscriber's deletion. */
  address_hash: string
  reason: string
  cause: Generated<SuppressionCause>
  created_at: CreatedAt
}

/** `never`: whoever has the mailbox asked for no mail at all; `operator`: set by hand. */
export type SuppressionCause = 'bounce' | 'complaint' | 'never' | 'operator'

/**
 * What became of a mail. The first five are the mail server's answers when it was handed over (`our fault`: it refused
 * the sender, not the recipient); the next five came back later; the last two are changes of the suppression.
 */
export type MailEventKind =
  | 'accepted'
  | 'deferred'
  | 'rejected'
  | 'unknown'
  | 'our fault'
  | 'delivered'
  | 'delayed'
  | 'bounced'
  | 'complained'
  | 'unsubscribed'
  | 'suppressed'
  | 'lifted'

export interface MailEventsTable {
  id: GeneratedAlways<number>
  digest_id: number | null
  subscriber_id: number | null
  kind: MailEventKind
  detail: string | null
  at: Date
  /** Who told: `relay` when the mail was handed over, `report` for mail that came back, or the provider's name. */
  source: Generated<string>
  /** Enhanced status code (RFC 3463). */
  status: string | null
  /** Names the report, so that it counts once however often it comes. */
  report: string | null
}

/** At most one row: sending waits, because the mail server refuses every mail or is away. */
export interface MailPausesTable {
  id: Generated<number>
  /** For people: what the mail server said. */
  reason: string
  since: Date
  /** The next try, by the database's clock. */
  until: Date
  /** Tries that failed in a row. */
  tries: Generated<number>
}

/** What a relay or a recipient domain takes, for all processes together. Read and written by src/db/mail/mailLimits.ts alone. */
export interface MailLimitsTable {
  /** `relay …` or `domain …`. */
  name: string
  /** The next free turn. */
  next_at: Generated<Date>
  /** Mails in pieces of five minutes, the newest first; and the number of the newest piece since 1970. */
  counts: Generated<number[]>
  counted_at: Generated<number>
  /** Turns that were given last. */
  granted: Generated<number>
  /** A domain that refused mail for now: until when it is left alone, its answer, and tries that failed in a row. */
  blocked_until: Date | null
  reason: string | null
  tries: Generated<number>
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

/** What ranking learned from many papers, by version. It is derived data and is made again if it is missing. */
export interface CorpusModelsTable {
  id: GeneratedAlways<number>
  /** The format of the parts (src/digests/corpus/modelBytes.ts). */
  format: number
  /** Hash of the texts that taught the model. */
  input_digest: string
  papers: number
  started_at: Date
  /** Null while the model is in training. At most one row is. */
  trained_at: Date | null
  /** When its texts were last checked and found unchanged. */
  checked_at: Date | null
  /** The number of parts and their total size in bytes. */
  parts: number | null
  bytes: number | null
}

export interface CorpusModelPartsTable {
  model_id: number
  part: number
  body: Buffer
}

/** Processes that fetch, compose and send. Each reports several times a minute. */
export interface WorkersTable {
  id: string
  host: string
  started_at: Date
  seen_at: Date
  /** Set by a process that stopped in order. */
  stopped_at: Date | null
}

/** What needed a person, told once until it clears (src/health/alerts). */
export interface AlertsTable {
  /** The same trouble has the same key: `layout changed: hf-daily`. */
  key: string
  severity: 'bad' | 'warning'
  title: string
  reason: string
  since: Date
  cleared_at: Date | null
  told_at: Date | null
  clear_told_at: Date | null
  /** Until then, by the database's clock, one process tells it. */
  claimed_until: Date | null
  /** Tries to tell it that failed. */
  tries: Generated<number>
  /** An admin has seen it and wants it off the list until it clears. */
  set_aside_at: Date | null
}

/** Who is logged in to the desk. */
export interface AdminSessionsTable {
  id: GeneratedAlways<number>
  /** sha256 of the secret in the cookie, hex. */
  hash: string
  role: 'admin' | 'viewer'
  opened_at: Date
  seen_at: Date
  expires_at: Date
  address: string
  /** The browser, as it names itself. */
  agent: string
}

/** The second factor of the desk's login, if one was set up. */
export interface SecondFactorsTable {
  role: 'admin'
  /** The secret of RFC 6238, sealed with a key made from SECRET. */
  sealed_secret: Buffer
  made_at: Date
  /** When it began to count; null while it is being set up. */
  confirmed_at: Date | null
  /** The step of thirty seconds whose code was used last: no code works twice. */
  last_step: Generated<number>
  /** Keyed hashes of the recovery codes that are left. */
  recovery_hashes: Generated<string[]>
}

/** What full-text search finds papers by. */
export interface SearchTextsTable {
  paper_id: number
  /** A tsvector. */
  words: string
  /** A tsvector of the title alone, unstemmed. */
  title_words: Generated<string>
  indexed_at: Date
}

/** Small pictures of papers. Without a picture, `fault` says why. */
export interface ThumbnailsTable {
  paper_id: number
  /** Where the source says the picture is. */
  address: string
  fetched_at: Date
  /** WebP. */
  picture: Buffer | null
  fault: string | null
}

/** When a backup was made. */
export interface BackupsTable {
  id: GeneratedAlways<number>
  at: Date
  bytes: number
}

export type SourceRow = Selectable<SourcesTable>
export type NewSource = Insertable<SourcesTable>
export type PageRow = Selectable<PagesTable>
export type PaperUpdate = Updateable<PapersTable>
export type ReplayRow = Selectable<ReplaysTable>
export type SubscriberRow = Selectable<SubscribersTable>
export type SubscriberUpdate = Updateable<SubscribersTable>
export type TokenRow = Selectable<TokensTable>
export type DigestRow = Selectable<DigestsTable>
export type CapturedMailRow = Selectable<CapturedMailsTable>
