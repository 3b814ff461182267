import { type Kysely, sql } from 'kysely'

/** Versions of what ranking learns from many papers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE collection_models (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    format integer NOT NULL,
    input_digest text NOT NULL,
    papers integer NOT NULL,
    started_at timestamptz NOT NULL,
    trained_at timestamptz,
    checked_at timestamptz,
    parts integer,
    bytes bigint,
    CHECK ((trained_at IS NULL) = (parts IS NULL)),
    CHECK ((trained_at IS NULL) = (bytes IS NULL))
  )`,
  // At most one model is in training in the whole installation. Its row is the claim.
  `CREATE UNIQUE INDEX collection_models_training ON collection_models ((true)) WHERE trained_at IS NULL`,
  `CREATE TABLE collection_model_parts (
    model_id bigint NOT NULL REFERENCES collection_models ON DELETE CASCADE,
    part integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (model_id, part)
  )`,
  // The body is compressed already; without this PostgreSQL would try again at every write.
  `ALTER TABLE collection_model_parts ALTER COLUMN body SET STORAGE EXTERNAL`,
]
