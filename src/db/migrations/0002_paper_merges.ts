import { type Kysely, sql } from 'kysely'

/** Papers that were found to be one: why, and what it takes to part them again. Keys by which likeness is found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `ALTER TABLE papers ADD COLUMN year integer, ADD COLUMN venue text`,
  `DROP INDEX paper_keys_identity`,
  // Titles and likeness may be common to many papers; every other key belongs to one.
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
  // What two entries of one listing said stays two observations when they are one paper, so that they can be parted.
  `DROP INDEX sightings_once`,
  `CREATE UNIQUE INDEX sightings_once
    ON sightings (paper_id, source_id, coalesce(listed_on, '-infinity'::date), observed_at, coalesce(merge_id, 0))`,
  `CREATE INDEX sightings_merge ON sightings (merge_id) WHERE merge_id IS NOT NULL`,
]
