import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { integerArray, selectRows, textArray, type Write } from '../engine/rows.ts'

export interface PaperKey {
  /** Text; or a number, for a blocking key (table blocking_keys). */
  key: string | number
  paperId: number
}

/**
 * Finds which papers have which of these keys. A paper that a number names may be deleted already. The query forces
 * one index search for each key: given a list, PostgreSQL's planner reads the whole table once it has a few hundred
 * thousand rows, at ten times the cost. OFFSET 0 keeps the inner query as it is.
 */
export async function findPaperKeys(db: Db | Tx, keys: (string | number)[]): Promise<PaperKey[]> {
  if (keys.length === 0) return []
  const texts = keys.filter((key) => typeof key === 'string')
  const codes = keys.filter((key) => typeof key === 'number')
  const { rows } = await sql<{ key: string | null; code: number | null; paperId: number }>`
    SELECT found.key, NULL::integer AS code, found.paper_id AS "paperId"
    FROM unnest(${textArray(texts)}::text[]) AS asked (key),
      LATERAL (SELECT key, paper_id FROM paper_keys WHERE key = asked.key OFFSET 0) AS found
    UNION ALL
    SELECT NULL, found.code, found.paper_id
    FROM unnest(${integerArray(codes)}::integer[]) AS asked (code),
      LATERAL (SELECT code, paper_id FROM blocking_keys WHERE code = asked.code OFFSET 0) AS found
    ORDER BY "paperId"`.execute(db)
  return rows.map(({ key, code, paperId }) => ({ key: key ?? code!, paperId }))
}

/** Adds keys. A key that a paper has already stays with that paper. */
export async function insertPaperKeys(tx: Tx, keys: PaperKey[]): Promise<void> {
  for (const write of keyInserts(keys)) await write.execute(tx)
}

export function keyInserts(keys: PaperKey[]): Write[] {
  return insertsOf(keys, sql`ON CONFLICT DO NOTHING`)
}

/** Adds keys that are known to be new, so PostgreSQL need not check them, which takes a third of the time. */
export function newKeyInserts(keys: PaperKey[]): Write[] {
  return insertsOf(keys, sql``)
}

function insertsOf(keys: PaperKey[], onConflict: RawBuilder<unknown>): Write[] {
  const texts = keys.filter(({ key }) => typeof key === 'string')
  const codes = keys.filter(({ key }) => typeof key === 'number')
  const writes: Write[] = []
  if (texts.length > 0) {
    const rows = selectRows(texts, { key: 'text', paperId: 'bigint' })
    writes.push(sql`INSERT INTO paper_keys (key, paper_id) ${rows} ${onConflict}`)
  }
  if (codes.length > 0) {
    const rows = selectRows(codes, { key: 'integer', paperId: 'bigint' })
    writes.push(sql`INSERT INTO blocking_keys (code, paper_id) ${rows} ${onConflict}`)
  }
  return writes
}
