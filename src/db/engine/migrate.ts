import { type Migration, Migrator } from 'kysely'
import { PermanentError, reasonOf } from '../../errors.ts'
import * as first from '../migrations/0001_first.ts'
import * as paperMerges from '../migrations/0002_paper_merges.ts'
import * as replays from '../migrations/0003_replays.ts'
import * as hosts from '../migrations/0004_hosts.ts'
import * as nearKeys from '../migrations/0005_near_keys.ts'
import * as feedback from '../migrations/0006_feedback.ts'
import * as collectionModels from '../migrations/0007_collection_models.ts'
import * as bulkRows from '../migrations/0008_bulk_rows.ts'
import * as leanIndexes from '../migrations/0009_lean_indexes.ts'
import * as names from '../migrations/0010_names.ts'
import * as claims from '../migrations/0011_claims.ts'
import * as signUps from '../migrations/0012_sign_ups.ts'
import * as returnedMail from '../migrations/0013_returned_mail.ts'
import * as health from '../migrations/0014_health.ts'
import * as mailRequests from '../migrations/0015_mail_requests.ts'
import * as sessionsAndFeeds from '../migrations/0016_sessions_and_feeds.ts'
import * as pickiness from '../migrations/0017_pickiness.ts'
import * as retries from '../migrations/0018_retries.ts'
import * as adminSessions from '../migrations/0019_admin_sessions.ts'
import * as pausedUntil from '../migrations/0020_paused_until.ts'
import * as hiddenPapers from '../migrations/0021_hidden_papers.ts'
import * as thumbnails from '../migrations/0022_thumbnails.ts'
import * as mailLimits from '../migrations/0023_mail_limits.ts'
import * as replayFiles from '../migrations/0024_replay_files.ts'
import * as addressChanges from '../migrations/0025_address_changes.ts'
import * as searchTexts from '../migrations/0026_search_texts.ts'
import * as unreadHashes from '../migrations/0027_unread_hashes.ts'
import * as catchUp from '../migrations/0028_catch_up.ts'
import * as secondFactors from '../migrations/0029_second_factors.ts'
import * as titleWords from '../migrations/0030_title_words.ts'
import type { Db } from './connect.ts'

/** All migrations by number. Each runs once, in order. A released migration is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_first': first,
  '0002_paper_merges': paperMerges,
  '0003_replays': replays,
  '0004_hosts': hosts,
  '0005_near_keys': nearKeys,
  '0006_feedback': feedback,
  '0007_collection_models': collectionModels,
  '0008_bulk_rows': bulkRows,
  '0009_lean_indexes': leanIndexes,
  '0010_names': names,
  '0011_claims': claims,
  '0012_sign_ups': signUps,
  '0013_returned_mail': returnedMail,
  '0014_health': health,
  '0015_mail_requests': mailRequests,
  '0016_sessions_and_feeds': sessionsAndFeeds,
  '0017_pickiness': pickiness,
  '0018_retries': retries,
  '0019_admin_sessions': adminSessions,
  '0020_paused_until': pausedUntil,
  '0021_hidden_papers': hiddenPapers,
  '0022_thumbnails': thumbnails,
  '0023_mail_limits': mailLimits,
  '0024_replay_files': replayFiles,
  '0025_address_changes': addressChanges,
  '0026_search_texts': searchTexts,
  '0027_unread_hashes': unreadHashes,
  '0028_catch_up': catchUp,
  '0029_second_factors': secondFactors,
  '0030_title_words': titleWords,
}

/**
 * Brings the database to this version's schema. If several processes start, one migrates and the others wait.
 * @throws PermanentError if a newer version has migrated the database.
 */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw newerSchema(error) ?? error
}

/** The newest schema that this version knows, such as `0014_health`. */
export const NEWEST_SCHEMA = Object.keys(MIGRATIONS).at(-1)!

/** Brings an empty database to an older schema, to load a backup of it. @throws Error for a schema nobody knows. */
export async function migrateTo(db: Db, schema: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateTo(schema)
  if (error) throw error
}

/** Whether this version knows a schema. */
export function knowsSchema(schema: string): boolean {
  return schema in MIGRATIONS
}

/** Recognises a newer Paperboy's schema: Kysely names an executed migration that is not among ours. */
function newerSchema(error: unknown): PermanentError | undefined {
  const [, unknown] = /previously executed migration (\S+) is missing/.exec(reasonOf(error)) ?? []
  if (unknown === undefined) return undefined
  return new PermanentError(
    `expected a database of schema ${NEWEST_SCHEMA} or older, got one with ${unknown}, made by a newer Paperboy; start that version, or use another database`,
    { cause: error },
  )
}
