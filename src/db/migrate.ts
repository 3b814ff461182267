import { type Migration, Migrator } from 'kysely'
import type { Db } from './connect.ts'
import * as first from './migrations/0001_first.ts'
import * as paperMerges from './migrations/0002_paper_merges.ts'
import * as replays from './migrations/0003_replays.ts'
import * as hosts from './migrations/0004_hosts.ts'
import * as nearKeys from './migrations/0005_near_keys.ts'
import * as collectionModels from './migrations/0007_collection_models.ts'

/** All migrations by number; each runs once, in order. A released one is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_first': first,
  '0002_paper_merges': paperMerges,
  '0003_replays': replays,
  '0004_hosts': hosts,
  '0005_near_keys': nearKeys,
  '0007_collection_models': collectionModels,
}

/** Brings the database to this version's schema. Safe with several starters: one migrates, the others wait. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
