import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { integerArray, selectRows, textArray, type Write } from '../engine/rows.ts'

export interface PaperKey {
  /** Text; or a number, for a blocking key (table blocking_keys). */
  key: string | number
  paperId: number
}

/** At most this many papers of a key are listed. There is room for papers that are deleted but still have blocking keys. */
const MOST_LISTED = 60

/** Papers by their keys. */
export interface FoundKeys {
  keys: PaperKey[]
  /** Keys of more papers than are listed. For a blocking key that is crowded, no paper is listed. */
  crowded: PaperKey['key'][]
}

/** As findPaperKeys; of a key that very many papers have, only the papers with the lowest ids. */
export async function findFirstPaperKeys(db: Db | Tx, keys: (string | number)[]): Promise<FoundKeys> {
  const found = await findPaperKeys(db, keys, MOST_LISTED + 1)
  const counts = new Map<PaperKey['key'], number>()
  for (const { key } of found) counts.set(key, (counts.get(key) ?? 0) + 1)
  const crowded = [...counts].flatMap(([key, count]) => (count > MOST_LISTED ? [key] : []))
  const dropped = new Set(crowded.filter((key) => typeof key === 'number'))
  return { keys: found.filter(({ key }) => !dropped.has(key as number)), crowded }
}

/**
 * Finds which papers have which of these keys; of each key at most `most` papers. A paper that a number names may be deleted already. The query forces
 * one index search for each key: given a list, PostgreSQL's planner reads the whole table once it has a few hundred
 * thousand rows, at ten times the cost. OFFSET 0 keeps the inner query as it is.
 */
export async function findPaperKeys(
  db: Db | Tx,
  keys: (string | number)[],
  most?: number,
): Promise<PaperKey[]> {
  if (keys.length === 0) return []
  const texts = keys.filter((key) => typeof key === 'string')
  const codes = keys.filter((key) => typeof key === 'number')
  const first = most === undefined ? sql`OFFSET 0` : sql`ORDER BY paper_id LIMIT ${most}`
  const { rows } = await sql<{ key: string | null; code: number | null; paperId: number }>`
    SELECT found.key, NULL::integer AS code, found.paper_id AS "paperId"
    FROM unnest(${textArray(texts)}::text[]) AS asked (key),
      LATERAL (SELECT key, paper_id FROM paper_keys WHERE key = asked.key ${first}) AS found
    UNION ALL
    SELECT NULL, found.code, found.paper_id
    FROM unnest(${integerArray(codes)}::integer[]) AS asked (code),
      LATERAL (SELECT code, paper_id FROM blocking_keys WHERE code = asked.code ${first}) AS found
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
