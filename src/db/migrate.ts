import { type Migration, Migrator } from 'kysely'
import type { Db } from './connect.ts'
import * as first from './migrations/0001_first.ts'

/** All migrations by number; each runs once, in order. A released one is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_first': first,
}

/** Brings the database to this version's schema. Safe with several starters: one migrates, the others wait. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
