import { type Kysely, sql } from 'kysely'

/** Hosts and their wishes; counts of fetch outcomes; lists in parts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE hosts (
    name text PRIMARY KEY,
    next_at timestamptz NOT NULL,
    holder text,
    held_until timestamptz,
    blocked_until timestamptz
  )`,
  `CREATE TABLE robots_files (
    origin text PRIMARY KEY,
    body text,
    problem text,
    fetched_at timestamptz NOT NULL,
    CHECK ((body IS NULL) = (problem IS NOT NULL))
  )`,
  `CREATE TABLE fetch_counts (
    source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    outcome text NOT NULL,
    fetches integer NOT NULL,
    PRIMARY KEY (source_id, outcome)
  )`,
  `ALTER TABLE fetches ADD COLUMN warning text`,
  `ALTER TABLE pages ADD COLUMN next_address text`,
]
