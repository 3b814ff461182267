import type pg from 'pg'

/** A table as a backup reads and writes it. */
export interface BackupTable {
  name: string
  /** Without generated columns, which the database computes again. */
  columns: string[]
  /** The tables that its rows refer to. */
  needs: string[]
}

/** Derived or passing: learned, asked or reported again by themselves. */
const LEFT_OUT = [
  'corpus_models',
  'corpus_model_parts',
  'hosts',
  'robots_files',
  'workers',
  'alerts',
  'mail_pauses',
  'mail_limits',
  'admin_sessions',
  'replay_files',
  'search_texts',
  'thumbnails',
]

/** Lists the tables of the schema in which a backup keeps rows, each after those that it refers to. */
export async function listBackupTables(client: pg.ClientBase): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(`
    SELECT class.relname AS name,
      (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
      (SELECT coalesce(array_agg(DISTINCT confrelid::regclass::text), '{}') FROM pg_constraint
        WHERE conrelid = class.oid AND contype = 'f' AND confrelid <> class.oid) AS needs
    FROM pg_class AS class
    WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r'
      AND class.relname NOT LIKE 'kysely_%'
    ORDER BY class.relname`)
  return inOrder(rows.filter(({ name }) => !LEFT_OUT.includes(name)))
}

function inOrder(tables: BackupTable[]): BackupTable[] {
  const sorted: BackupTable[] = []
  const names = new Set(tables.map(({ name }) => name))
  while (sorted.length < tables.length) {
    const done = new Set(sorted.map(({ name }) => name))
    const ready = tables.filter(
      ({ name, needs }) => !done.has(name) && needs.every((need) => done.has(need) || !names.has(need)),
    )
    if (ready.length === 0) throw new Error('expected tables that do not refer to each other in a circle')
    sorted.push(...ready)
  }
  return sorted
}
