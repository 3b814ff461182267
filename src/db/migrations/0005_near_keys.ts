import { type Kysely, sql } from 'kysely'

/**
 * Blocking keys as numbers. A paper has several; as rows of paper_keys they would take most of the time of storing a
 * paper. There is no foreign key and no second index. Rows of a deleted paper do no harm, because the look-up of the
 * paper finds nothing.
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
