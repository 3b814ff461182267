-- The schema all migrations add up to. Made by `npm run schema`; a test holds it to the migrations.

CREATE TABLE address_changes (
  subscriber_id bigint NOT NULL,
  email text NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  old_sent_at timestamp with time zone,
  new_sent_at timestamp with time zone,
  old_confirmed_at timestamp with time zone,
  new_confirmed_at timestamp with time zone,
  CONSTRAINT address_changes_pkey PRIMARY KEY (subscriber_id)
);

CREATE TABLE admin_sessions (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  hash text NOT NULL,
  role text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  address text NOT NULL,
  agent text NOT NULL,
  CONSTRAINT admin_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT admin_sessions_hash_key UNIQUE (hash)
);

CREATE TABLE alerts (
  key text NOT NULL,
  severity text NOT NULL,
  title text NOT NULL,
  reason text NOT NULL,
  since timestamp with time zone NOT NULL,
  cleared_at timestamp with time zone,
  told_at timestamp with time zone,
  clear_told_at timestamp with time zone,
  claimed_until timestamp with time zone,
  tries integer NOT NULL DEFAULT 0,
  set_aside_at timestamp with time zone,
  CONSTRAINT alerts_pkey PRIMARY KEY (key)
);

CREATE TABLE audit (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text,
  details jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT audit_pkey PRIMARY KEY (id)
);

CREATE TABLE backups (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL,
  bytes bigint NOT NULL,
  CONSTRAINT backups_pkey PRIMARY KEY (id)
);

CREATE TABLE blocking_keys (
  code integer NOT NULL,
  paper_id bigint NOT NULL,
  CONSTRAINT blocking_keys_pkey PRIMARY KEY (code, paper_id)
);

CREATE TABLE captured_mails (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  received_at timestamp with time zone NOT NULL,
  mail_from text NOT NULL,
  rcpt_to text[] NOT NULL,
  subject text NOT NULL,
  raw bytea NOT NULL,
  CONSTRAINT captured_mails_pkey PRIMARY KEY (id)
);

CREATE TABLE corpus_model_parts (
  model_id bigint NOT NULL,
  part integer NOT NULL,
  body bytea NOT NULL,
  CONSTRAINT corpus_model_parts_pkey PRIMARY KEY (model_id, part)
);

CREATE TABLE corpus_models (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  format integer NOT NULL,
  input_digest text NOT NULL,
  papers integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  trained_at timestamp with time zone,
  checked_at timestamp with time zone,
  parts integer,
  bytes bigint,
  CONSTRAINT corpus_models_pkey PRIMARY KEY (id),
  CONSTRAINT corpus_models_check CHECK (((trained_at IS NULL) = (parts IS NULL))),
  CONSTRAINT corpus_models_check1 CHECK (((trained_at IS NULL) = (bytes IS NULL)))
);

CREATE TABLE digest_items (
  digest_id bigint NOT NULL,
  position integer NOT NULL,
  paper_id bigint NOT NULL,
  topic text NOT NULL,
  score double precision NOT NULL,
  reasons jsonb NOT NULL,
  reserved_for bigint,
  CONSTRAINT digest_items_pkey PRIMARY KEY (digest_id, "position"),
  CONSTRAINT digest_items_digest_id_paper_id_key UNIQUE (digest_id, paper_id)
);

CREATE TABLE digests (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  subscriber_id bigint NOT NULL,
  local_date date NOT NULL,
  status text NOT NULL DEFAULT 'planned'::text,
  reason text,
  due_at timestamp with time zone NOT NULL,
  composed_at timestamp with time zone,
  handed_at timestamp with time zone,
  attempts integer NOT NULL DEFAULT 0,
  message_id text,
  sent_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  claim integer NOT NULL DEFAULT 0,
  claimed_until timestamp with time zone,
  doubts integer NOT NULL DEFAULT 0,
  late boolean NOT NULL DEFAULT false,
  retry_at timestamp with time zone,
  turn_at timestamp with time zone,
  catch_up_from date,
  CONSTRAINT digests_pkey PRIMARY KEY (id),
  CONSTRAINT digests_subscriber_id_local_date_key UNIQUE (subscriber_id, local_date),
  CONSTRAINT digests_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'composing'::text, 'sending'::text, 'sent'::text, 'skipped'::text, 'failed'::text, 'suppressed'::text, 'held'::text])))
);

CREATE TABLE feedback (
  subscriber_id bigint NOT NULL,
  paper_id bigint NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT feedback_pkey PRIMARY KEY (subscriber_id, paper_id, kind),
  CONSTRAINT feedback_kind_check CHECK ((kind = ANY (ARRAY['more'::text, 'less'::text, 'saved'::text, 'opened'::text])))
);

CREATE TABLE fetch_counts (
  source_id bigint NOT NULL,
  outcome text NOT NULL,
  fetches integer NOT NULL,
  CONSTRAINT fetch_counts_pkey PRIMARY KEY (source_id, outcome)
);

CREATE TABLE fetches (
  source_id bigint NOT NULL,
  address text NOT NULL,
  etag text,
  last_modified text,
  outcome text NOT NULL,
  detail text,
  entries integer,
  fetched_at timestamp with time zone NOT NULL,
  warning text,
  CONSTRAINT fetches_pkey PRIMARY KEY (source_id, address)
);

CREATE TABLE hosts (
  name text NOT NULL,
  next_at timestamp with time zone NOT NULL,
  holder text,
  held_until timestamp with time zone,
  blocked_until timestamp with time zone,
  CONSTRAINT hosts_pkey PRIMARY KEY (name)
);

CREATE TABLE mail_allowances (
  mailbox_hash text NOT NULL,
  mailed timestamp with time zone[] NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT mail_allowances_pkey PRIMARY KEY (mailbox_hash)
);

CREATE TABLE mail_events (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  digest_id bigint,
  subscriber_id bigint,
  kind text NOT NULL,
  detail text,
  at timestamp with time zone NOT NULL,
  source text NOT NULL DEFAULT 'relay'::text,
  status text,
  report text,
  CONSTRAINT mail_events_pkey PRIMARY KEY (id),
  CONSTRAINT mail_events_kind_check CHECK ((kind = ANY (ARRAY['accepted'::text, 'deferred'::text, 'rejected'::text, 'unknown'::text, 'our fault'::text, 'delivered'::text, 'delayed'::text, 'bounced'::text, 'complained'::text, 'unsubscribed'::text, 'suppressed'::text, 'lifted'::text])))
);

CREATE TABLE mail_limits (
  name text NOT NULL,
  next_at timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
  counts integer[] NOT NULL DEFAULT '{}'::integer[],
  counted_at bigint NOT NULL DEFAULT 0,
  granted integer NOT NULL DEFAULT 0,
  blocked_until timestamp with time zone,
  reason text,
  tries integer NOT NULL DEFAULT 0,
  CONSTRAINT mail_limits_pkey PRIMARY KEY (name)
);

CREATE TABLE mail_pauses (
  id smallint NOT NULL DEFAULT 1,
  reason text NOT NULL,
  since timestamp with time zone NOT NULL,
  until timestamp with time zone NOT NULL,
  tries integer NOT NULL DEFAULT 1,
  CONSTRAINT mail_pauses_pkey PRIMARY KEY (id),
  CONSTRAINT mail_pauses_id_check CHECK ((id = 1))
);

CREATE TABLE mail_requests (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  email text NOT NULL,
  wish jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT mail_requests_pkey PRIMARY KEY (id),
  CONSTRAINT mail_requests_kind_check CHECK ((kind = ANY (ARRAY['sign-up'::text, 'preferences'::text])))
);

CREATE TABLE pages (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  source_id bigint NOT NULL,
  address text NOT NULL,
  content_hash text NOT NULL,
  content_type text,
  body bytea,
  observed_at timestamp with time zone NOT NULL,
  listed_on_hint date,
  format text,
  entries integer,
  rejected integer,
  ingested_at timestamp with time zone,
  error text,
  next_address text,
  CONSTRAINT pages_pkey PRIMARY KEY (id),
  CONSTRAINT pages_source_id_content_hash_key UNIQUE (source_id, content_hash)
);

CREATE TABLE paper_keys (
  key text NOT NULL,
  paper_id bigint NOT NULL,
  CONSTRAINT paper_keys_pkey PRIMARY KEY (key, paper_id)
);

CREATE TABLE paper_merges (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  paper_id bigint NOT NULL,
  joined_id bigint,
  why text NOT NULL,
  score double precision,
  keys text[] NOT NULL,
  undo jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  undone_at timestamp with time zone,
  split_id bigint,
  approved_at timestamp with time zone,
  CONSTRAINT paper_merges_pkey PRIMARY KEY (id)
);

CREATE TABLE papers (
  id bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  title text NOT NULL,
  abstract text,
  authors text[] NOT NULL DEFAULT '{}'::text[],
  arxiv_id text,
  doi text,
  url text,
  published_at timestamp with time zone,
  categories text[] NOT NULL DEFAULT '{}'::text[],
  organization text,
  code_url text,
  project_url text,
  thumbnail_url text,
  ai_summary text,
  keywords text[] NOT NULL DEFAULT '{}'::text[],
  upvotes integer,
  comments integer,
  stars integer,
  provenance jsonb NOT NULL DEFAULT '{}'::jsonb,
  first_seen_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  year integer,
  venue text,
  hidden_at timestamp with time zone,
  CONSTRAINT papers_pkey PRIMARY KEY (id),
  CONSTRAINT papers_title_check CHECK ((title <> ''::text))
);

CREATE TABLE past_fetches (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  source_id bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  address text NOT NULL,
  outcome text NOT NULL,
  detail text,
  entries integer,
  page_id bigint,
  CONSTRAINT past_fetches_pkey PRIMARY KEY (id)
);

CREATE TABLE replay_files (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  path text NOT NULL,
  rejects_folder text NOT NULL,
  is_upload boolean NOT NULL,
  bytes bigint NOT NULL,
  listed_on date,
  columns text,
  status text NOT NULL DEFAULT 'waiting'::text,
  read_bytes bigint NOT NULL DEFAULT 0,
  entries bigint NOT NULL DEFAULT 0,
  new bigint NOT NULL DEFAULT 0,
  updated bigint NOT NULL DEFAULT 0,
  unchanged bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  rejects_path text,
  remarks text[] NOT NULL DEFAULT '{}'::text[],
  added_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  claim text,
  claimed_until timestamp with time zone,
  CONSTRAINT replay_files_pkey PRIMARY KEY (id),
  CONSTRAINT replay_files_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'stopping'::text, 'cancelled'::text, 'done'::text, 'failed'::text])))
);

CREATE TABLE replays (
  file_key text NOT NULL,
  name text NOT NULL,
  observed_at timestamp with time zone NOT NULL,
  part integer NOT NULL,
  record bigint NOT NULL,
  entries bigint NOT NULL,
  new bigint NOT NULL,
  updated bigint NOT NULL,
  unchanged bigint NOT NULL,
  rejected bigint NOT NULL,
  rejects_bytes bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT replays_pkey PRIMARY KEY (file_key)
);

CREATE TABLE robots_files (
  origin text NOT NULL,
  body text,
  problem text,
  fetched_at timestamp with time zone NOT NULL,
  CONSTRAINT robots_files_pkey PRIMARY KEY (origin),
  CONSTRAINT robots_files_check CHECK (((body IS NULL) = (problem IS NOT NULL)))
);

CREATE TABLE search_texts (
  paper_id bigint NOT NULL,
  words tsvector NOT NULL,
  indexed_at timestamp with time zone NOT NULL,
  title_words tsvector NOT NULL DEFAULT ''::tsvector,
  CONSTRAINT search_texts_pkey PRIMARY KEY (paper_id)
);

CREATE TABLE second_factors (
  role text NOT NULL,
  sealed_secret bytea NOT NULL,
  made_at timestamp with time zone NOT NULL,
  confirmed_at timestamp with time zone,
  last_step bigint NOT NULL DEFAULT 0,
  recovery_hashes text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT second_factors_pkey PRIMARY KEY (role)
);

CREATE TABLE sightings (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  paper_id bigint NOT NULL,
  source_id bigint NOT NULL,
  page_id bigint,
  listed_on date,
  observed_at timestamp with time zone NOT NULL,
  day date NOT NULL GENERATED ALWAYS AS (COALESCE(listed_on, ((observed_at AT TIME ZONE 'UTC'::text))::date)) STORED,
  rank integer,
  upvotes integer,
  comments integer,
  stars integer,
  merge_id bigint,
  CONSTRAINT sightings_pkey PRIMARY KEY (id)
);

CREATE TABLE sign_up_hours (
  hour timestamp with time zone NOT NULL,
  sign_ups integer NOT NULL,
  CONSTRAINT sign_up_hours_pkey PRIMARY KEY (hour)
);

CREATE TABLE sign_ups (
  subscriber_id bigint NOT NULL,
  wish jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT sign_ups_pkey PRIMARY KEY (subscriber_id)
);

CREATE TABLE sources (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  address text,
  every_minutes integer NOT NULL DEFAULT 60,
  lookback_days integer NOT NULL DEFAULT 0,
  enabled boolean NOT NULL DEFAULT true,
  builtin boolean NOT NULL DEFAULT false,
  outcome text,
  outcome_detail text,
  outcome_at timestamp with time zone,
  failures integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  failing_since timestamp with time zone,
  CONSTRAINT sources_pkey PRIMARY KEY (id),
  CONSTRAINT sources_name_key UNIQUE (name),
  CONSTRAINT sources_every_minutes_check CHECK ((every_minutes > 0)),
  CONSTRAINT sources_lookback_days_check CHECK ((lookback_days >= 0))
);

CREATE TABLE stored_batches (
  digest bytea NOT NULL,
  stored_at timestamp with time zone NOT NULL,
  CONSTRAINT stored_batches_pkey PRIMARY KEY (digest)
);

CREATE TABLE subscribers (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  email text NOT NULL,
  email_key text NOT NULL,
  status text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC'::text,
  send_at text NOT NULL DEFAULT '08:00'::text,
  weekdays smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}'::smallint[],
  max_papers smallint NOT NULL DEFAULT 10,
  next_digest_at timestamp with time zone,
  confirmation_asked_at timestamp with time zone,
  confirmation_sent_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  consent_source text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  trend_weight real NOT NULL DEFAULT 0.15,
  explore boolean NOT NULL DEFAULT true,
  counts_opens boolean NOT NULL DEFAULT true,
  forgotten_terms text[] NOT NULL DEFAULT '{}'::text[],
  paused_until timestamp with time zone,
  catch_up_from date,
  CONSTRAINT subscribers_pkey PRIMARY KEY (id),
  CONSTRAINT subscribers_email_key_key UNIQUE (email_key),
  CONSTRAINT subscribers_max_papers_check CHECK (((max_papers >= 1) AND (max_papers <= 50))),
  CONSTRAINT subscribers_send_at_check CHECK ((send_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  CONSTRAINT subscribers_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'paused'::text, 'unsubscribed'::text]))),
  CONSTRAINT subscribers_trend_weight_check CHECK (((trend_weight >= (0)::double precision) AND (trend_weight <= (1)::double precision)))
);

CREATE TABLE suppressions (
  address_hash text NOT NULL,
  reason text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  cause text NOT NULL DEFAULT 'bounce'::text,
  CONSTRAINT suppressions_pkey PRIMARY KEY (address_hash),
  CONSTRAINT suppressions_cause_check CHECK ((cause = ANY (ARRAY['bounce'::text, 'complaint'::text, 'never'::text, 'operator'::text])))
);

CREATE TABLE taste_examples (
  subscriber_id bigint NOT NULL,
  text text NOT NULL,
  at timestamp with time zone NOT NULL
);

CREATE TABLE thumbnails (
  paper_id bigint NOT NULL,
  address text NOT NULL,
  fetched_at timestamp with time zone NOT NULL,
  picture bytea,
  fault text,
  CONSTRAINT thumbnails_pkey PRIMARY KEY (paper_id)
);

CREATE TABLE tokens (
  hash text NOT NULL,
  purpose text NOT NULL,
  subscriber_id bigint NOT NULL,
  digest_id bigint,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT tokens_pkey PRIMARY KEY (hash),
  CONSTRAINT tokens_purpose_check CHECK ((purpose = ANY (ARRAY['confirm'::text, 'manage'::text, 'unsubscribe'::text, 'view'::text, 'session'::text, 'feed'::text, 'old address'::text, 'new address'::text])))
);

CREATE TABLE topics (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  subscriber_id bigint NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  quota smallint,
  pickiness text NOT NULL DEFAULT 'balanced'::text,
  CONSTRAINT topics_pkey PRIMARY KEY (id),
  CONSTRAINT topics_subscriber_id_name_key UNIQUE (subscriber_id, name),
  CONSTRAINT topics_pickiness_check CHECK ((pickiness = ANY (ARRAY['surely'::text, 'balanced'::text, 'more'::text]))),
  CONSTRAINT topics_quota_check CHECK ((quota > 0))
);

CREATE TABLE workers (
  id text NOT NULL,
  host text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  stopped_at timestamp with time zone,
  CONSTRAINT workers_pkey PRIMARY KEY (id)
);

ALTER TABLE address_changes ADD CONSTRAINT address_changes_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE corpus_model_parts ADD CONSTRAINT corpus_model_parts_model_id_fkey FOREIGN KEY (model_id) REFERENCES corpus_models(id) ON DELETE CASCADE;
ALTER TABLE digest_items ADD CONSTRAINT digest_items_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digests(id) ON DELETE CASCADE;
ALTER TABLE digest_items ADD CONSTRAINT digest_items_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE digest_items ADD CONSTRAINT digest_items_reserved_for_fkey FOREIGN KEY (reserved_for) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE digests ADD CONSTRAINT digests_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE feedback ADD CONSTRAINT feedback_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE feedback ADD CONSTRAINT feedback_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE fetch_counts ADD CONSTRAINT fetch_counts_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE;
ALTER TABLE fetches ADD CONSTRAINT fetches_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE;
ALTER TABLE mail_events ADD CONSTRAINT mail_events_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digests(id) ON DELETE SET NULL;
ALTER TABLE mail_events ADD CONSTRAINT mail_events_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE SET NULL;
ALTER TABLE pages ADD CONSTRAINT pages_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE;
ALTER TABLE paper_merges ADD CONSTRAINT paper_merges_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE paper_merges ADD CONSTRAINT paper_merges_split_id_fkey FOREIGN KEY (split_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE past_fetches ADD CONSTRAINT past_fetches_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id) ON DELETE SET NULL;
ALTER TABLE past_fetches ADD CONSTRAINT past_fetches_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE;
ALTER TABLE search_texts ADD CONSTRAINT search_texts_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE sightings ADD CONSTRAINT sightings_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES paper_merges(id) ON DELETE SET NULL;
ALTER TABLE sightings ADD CONSTRAINT sightings_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id) ON DELETE SET NULL;
ALTER TABLE sightings ADD CONSTRAINT sightings_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id) ON DELETE CASCADE;
ALTER TABLE sign_ups ADD CONSTRAINT sign_ups_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE taste_examples ADD CONSTRAINT taste_examples_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE thumbnails ADD CONSTRAINT thumbnails_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id) ON DELETE CASCADE;
ALTER TABLE tokens ADD CONSTRAINT tokens_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digests(id) ON DELETE CASCADE;
ALTER TABLE tokens ADD CONSTRAINT tokens_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;
ALTER TABLE topics ADD CONSTRAINT topics_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES subscribers(id) ON DELETE CASCADE;

CREATE INDEX audit_subject ON audit USING btree (subject, id);
CREATE UNIQUE INDEX corpus_models_training ON corpus_models USING btree ((true)) WHERE (trained_at IS NULL);
CREATE UNIQUE INDEX digest_items_once ON digest_items USING btree (reserved_for, paper_id) WHERE (reserved_for IS NOT NULL);
CREATE INDEX digest_items_paper ON digest_items USING btree (paper_id);
CREATE INDEX digests_held ON digests USING btree (id) WHERE (status = 'held'::text);
CREATE INDEX digests_local_date ON digests USING btree (local_date, status);
CREATE INDEX digests_open ON digests USING btree (updated_at) WHERE (status = ANY (ARRAY['planned'::text, 'composing'::text, 'sending'::text]));
CREATE INDEX feedback_paper ON feedback USING btree (paper_id);
CREATE INDEX mail_events_digest ON mail_events USING btree (digest_id);
CREATE UNIQUE INDEX mail_events_report ON mail_events USING btree (report);
CREATE INDEX mail_events_subscriber ON mail_events USING btree (subscriber_id);
CREATE INDEX pages_news ON pages USING btree (source_id, observed_at) WHERE (entries > 0);
CREATE INDEX pages_to_ingest ON pages USING btree (id) WHERE ((ingested_at IS NULL) AND (error IS NULL));
CREATE UNIQUE INDEX paper_keys_identity ON paper_keys USING btree (key) WHERE ((key !~~ 'title:%'::text) AND (key !~~ 'near%'::text));
CREATE INDEX paper_keys_paper ON paper_keys USING btree (paper_id);
CREATE INDEX paper_merges_doubtful ON paper_merges USING btree (score) WHERE ((undone_at IS NULL) AND (approved_at IS NULL));
CREATE INDEX paper_merges_joined ON paper_merges USING btree (joined_id) WHERE (joined_id IS NOT NULL);
CREATE INDEX paper_merges_paper ON paper_merges USING btree (paper_id);
CREATE INDEX paper_merges_split ON paper_merges USING btree (split_id) WHERE (split_id IS NOT NULL);
CREATE INDEX papers_hidden ON papers USING btree (hidden_at) WHERE (hidden_at IS NOT NULL);
CREATE INDEX past_fetches_page ON past_fetches USING btree (page_id) WHERE (page_id IS NOT NULL);
CREATE INDEX past_fetches_source ON past_fetches USING btree (source_id, id);
CREATE INDEX search_texts_title_words ON search_texts USING gin (title_words);
CREATE INDEX search_texts_words ON search_texts USING gin (words);
CREATE INDEX sightings_day ON sightings USING btree (day, paper_id);
CREATE INDEX sightings_merge ON sightings USING btree (merge_id) WHERE (merge_id IS NOT NULL);
CREATE UNIQUE INDEX sightings_once ON sightings USING btree (paper_id, source_id, COALESCE(listed_on, '-infinity'::date), observed_at, COALESCE(merge_id, (0)::bigint));
CREATE INDEX sightings_page ON sightings USING btree (page_id) WHERE (page_id IS NOT NULL);
CREATE INDEX subscribers_due ON subscribers USING btree (next_digest_at) WHERE (status = 'active'::text);
CREATE INDEX subscribers_paused_until ON subscribers USING btree (paused_until) WHERE (paused_until IS NOT NULL);
CREATE UNIQUE INDEX taste_examples_text ON taste_examples USING btree (subscriber_id, md5(text));
CREATE INDEX thumbnails_fetched_at ON thumbnails USING btree (fetched_at);
CREATE INDEX tokens_digest ON tokens USING btree (digest_id);
CREATE INDEX tokens_expiry ON tokens USING btree (expires_at);
CREATE INDEX tokens_subscriber ON tokens USING btree (subscriber_id);
