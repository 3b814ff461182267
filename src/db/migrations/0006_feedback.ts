import { type Kysely, sql } from 'kysely'

/** What subscribers say about papers, what else teaches their taste, and how much taste and upvotes count. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE feedback (
    subscriber_id bigint NOT NULL REFERENCES subscribers ON DELETE CASCADE,
    paper_id bigint NOT NULL REFERENCES papers ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('more', 'less', 'saved', 'opened')),
    at timestamptz NOT NULL,
    PRIMARY KEY (subscriber_id, paper_id, kind)
  )`,
  // For the cascade, and for joining papers.
  `CREATE INDEX feedback_paper ON feedback (paper_id)`,
  `CREATE TABLE taste_examples (
    subscriber_id bigint NOT NULL REFERENCES subscribers ON DELETE CASCADE,
    text text NOT NULL,
    at timestamptz NOT NULL
  )`,
  // The index has a hash, because a text may be longer than an index row.
  `CREATE UNIQUE INDEX taste_examples_text ON taste_examples (subscriber_id, md5(text))`,
  `ALTER TABLE subscribers
    ADD COLUMN trend_weight real NOT NULL DEFAULT 0.15 CHECK (trend_weight >= 0 AND trend_weight <= 1),
    ADD COLUMN explore boolean NOT NULL DEFAULT true,
    ADD COLUMN counts_opens boolean NOT NULL DEFAULT true,
    ADD COLUMN forgotten_terms text[] NOT NULL DEFAULT '{}'`,
]
