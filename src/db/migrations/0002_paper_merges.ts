import { type Kysely, sql } from 'kysely'

/** Merged papers: why they were merged and how to split them. Keys by which similar papers are found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `ALTER TABLE papers ADD COLUMN year integer, ADD COLUMN venue text`,
  `DROP INDEX paper_keys_identity`,
  // Several papers may share a title or a blocking key; every other key belongs to one paper.
  `CREATE UNIQUE INDEX paper_keys_identity ON paper_keys (key) WHERE key NOT LIKE 'title:%' AND key NOT LIKE 'near%'`,
  `CREATE TABLE paper_merges (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    paper_id bigint NOT NULL REFERENCES papers ON DELETE CASCADE,
    joined_id bigint,
    why text NOT NULL,
    score double precision,
    keys text[] NOT NULL,
    undo jsonb NOT NULL,
    at timestamptz NOT NULL,
    undone_at timestamptz,
    split_id bigint REFERENCES papers ON DELETE CASCADE
  )`,
  `CREATE INDEX paper_merges_paper ON paper_merges (paper_id)`,
  `CREATE INDEX paper_merges_joined ON paper_merges (joined_id) WHERE joined_id IS NOT NULL`,
  `CREATE INDEX paper_merges_split ON paper_merges (split_id) WHERE split_id IS NOT NULL`,
  `ALTER TABLE sightings ADD COLUMN merge_id bigint REFERENCES paper_merges ON DELETE SET NULL`,
  // If two entries of one listing are one paper, they stay two observations, so that they can be split.
  `DROP INDEX sightings_once`,
  `CREATE UNIQUE INDEX sightings_once
    ON sightings (paper_id, source_id, coalesce(listed_on, '-infinity'::date), observed_at, coalesce(merge_id, 0))`,
  `CREATE INDEX sightings_merge ON sightings (merge_id) WHERE merge_id IS NOT NULL`,
]
