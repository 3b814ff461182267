import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from './connect.ts'
import { selectRows, textArray } from './rows.ts'

export interface PaperKey {
  key: string
  paperId: number
}

/**
 * Which papers hold which of these keys. Keys of the kinds `near:` and `nearx:` are kept as numbers of 32 bits
 * (table near_keys); for those who ask there is no difference, but that a paper they name may be gone.
 */
export async function findPaperKeys(db: Db | Tx, keys: string[]): Promise<PaperKey[]> {
  const [near, plain] = parted(keys, isNear)
  return [...(await findPlainKeys(db, plain)), ...(await findNearKeys(db, near))]
}

/**
 * One search in the index for each key, whatever the planner thinks: given the list as a whole it reads the whole table
 * where that has a few hundred thousand rows, at ten times the cost. OFFSET 0 keeps the inner query as it is.
 */
async function findPlainKeys(db: Db | Tx, keys: string[]): Promise<PaperKey[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<PaperKey>`
    SELECT found.key, found.paper_id AS "paperId" FROM unnest(${textArray(keys)}::text[]) AS asked (key),
      LATERAL (SELECT key, paper_id FROM paper_keys WHERE key = asked.key OFFSET 0) AS found
    ORDER BY found.paper_id`.execute(db)
  return rows
}

async function findNearKeys(db: Db | Tx, keys: string[]): Promise<PaperKey[]> {
  if (keys.length === 0) return []
  const byCode = new Map<number, string[]>()
  for (const key of keys) {
    const code = codeOf(key)
    const others = byCode.get(code)
    if (others === undefined) byCode.set(code, [key])
    else others.push(key)
  }
  const { rows } = await sql<{ code: number; paperId: number }>`
    SELECT found.code, found.paper_id AS "paperId" FROM unnest(${textArray([...byCode.keys()].map(String))}::text[]::integer[]) AS asked (code),
      LATERAL (SELECT code, paper_id FROM near_keys WHERE code = asked.code OFFSET 0) AS found
    ORDER BY found.paper_id`.execute(db)
  return rows.flatMap(({ code, paperId }) => byCode.get(code)!.map((key) => ({ key, paperId })))
}

/** Adds keys; one that a paper holds already stays with it. */
export function insertPaperKeys(tx: Tx, keys: PaperKey[]): Promise<void> {
  return insertKeys(tx, keys, sql`ON CONFLICT DO NOTHING`)
}

/** Adds keys of which none is there: PostgreSQL need not look, which takes it a third of the time. */
export function insertNewPaperKeys(tx: Tx, keys: PaperKey[]): Promise<void> {
  return insertKeys(tx, keys, sql``)
}

async function insertKeys(tx: Tx, keys: PaperKey[], onConflict: RawBuilder<unknown>): Promise<void> {
  const [near, plain] = parted(keys, ({ key }) => isNear(key))
  if (plain.length > 0) {
    const rows = selectRows(plain, { key: 'text', paperId: 'bigint' })
    await sql`INSERT INTO paper_keys (key, paper_id) ${rows} ${onConflict}`.execute(tx)
  }
  if (near.length > 0) {
    const codes = near.map(({ key, paperId }) => ({ code: codeOf(key), paperId }))
    const rows = selectRows(codes, { code: 'integer', paperId: 'bigint' })
    await sql`INSERT INTO near_keys (code, paper_id) ${rows} ${onConflict}`.execute(tx)
  }
}

function isNear(key: string): boolean {
  return key.startsWith('near:') || key.startsWith('nearx:')
}

/** The number of a key such as `nearx:1z141z`, whose code has 31 bits in base 36 (src/papers/nearKeys.ts); the sign tells both kinds apart. */
function codeOf(key: string): number {
  const at = key.indexOf(':')
  const code = Number.parseInt(key.slice(at + 1), 36)
  return at === 'nearx'.length ? -code - 1 : code
}

function parted<T>(items: T[], isFirst: (item: T) => boolean): [first: T[], second: T[]] {
  const first: T[] = []
  const second: T[] = []
  for (const item of items) (isFirst(item) ? first : second).push(item)
  return [first, second]
}
