import { type Kysely, sql } from 'kysely'

/** An admin may hide a paper, and look at a merge and leave it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE papers ADD COLUMN hidden_at timestamptz`.execute(db)
  await sql`CREATE INDEX papers_hidden ON papers (hidden_at) WHERE hidden_at IS NOT NULL`.execute(db)
  await sql`ALTER TABLE paper_merges ADD COLUMN approved_at timestamptz`.execute(db)
  await sql`CREATE INDEX paper_merges_doubtful ON paper_merges (score) WHERE undone_at IS NULL AND approved_at IS NULL`.execute(
    db,
  )
}
