import { type Kysely, sql } from 'kysely'

/** How much a paper must fit a topic to be sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE topics ADD pickiness text NOT NULL DEFAULT 'balanced'
      CHECK (pickiness IN ('surely', 'balanced', 'more'))`.execute(db)
}
