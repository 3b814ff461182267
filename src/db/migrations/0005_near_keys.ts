import { type Kysely, sql } from 'kysely'

/**
 * Keys by which likeness is found, as numbers: a paper has several, and as rows of paper_keys they would take most of
 * the time that storing a paper takes. No foreign key and no second index: what is left of a paper that is gone says
 * nothing, for nobody finds the paper.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`CREATE TABLE near_keys (
    code integer NOT NULL,
    paper_id bigint NOT NULL,
    PRIMARY KEY (code, paper_id)
  )`)
    .execute(db)
}
