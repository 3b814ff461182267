import { sql } from 'kysely'
import type { Db, Tx } from './connect.ts'

export interface PaperKey {
  key: string
  paperId: number
}

/** Which papers hold which of these keys. */
export function findPaperKeys(db: Db | Tx, keys: string[]): Promise<PaperKey[]> {
  if (keys.length === 0) return Promise.resolve([])
  return db
    .selectFrom('paper_keys')
    .select(['key', 'paper_id as paperId'])
    .where('key', '=', sql<string>`ANY(${keys})`)
    .orderBy('paper_id')
    .execute()
}

/** Adds keys; one that a paper holds already stays with it. */
export async function insertPaperKeys(tx: Tx, keys: PaperKey[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    INSERT INTO paper_keys (key, paper_id)
    SELECT * FROM unnest(${keys.map((key) => key.key)}::text[], ${keys.map((key) => key.paperId)}::bigint[])
    ON CONFLICT DO NOTHING`.execute(tx)
}
