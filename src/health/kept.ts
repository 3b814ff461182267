import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/engine/connect.ts'
import { findLastBackupSize, readTableSizes } from '../db/health/space.ts'
import type { Keep } from '../domain.ts'

/** Something that is kept, how much room it takes, and until when it is kept. */
export interface Kept {
  name: string
  bytes: number
  /** The rule by which it goes, for people. */
  rule: string
}

const FOREVER = 'kept for good'

/** The groups of tables, each with the rule by which its rows go. A table that no group names is in the last one. */
const GROUPS: { name: string; tables: readonly string[]; rule(keep: Keep): string }[] = [
  {
    name: 'papers',
    tables: [
      'papers',
      'paper_keys',
      'blocking_keys',
      'paper_merges',
      'sightings',
      'search_texts',
      'thumbnails',
    ],
    rule: () => `${FOREVER}; pictures 60 days`,
  },
  {
    name: 'raw pages',
    tables: ['pages'],
    rule: ({ pages }) => `${pages} days (KEEP_PAGES), the newest of each source for good`,
  },
  {
    name: 'fetches',
    tables: ['fetches', 'past_fetches', 'fetch_counts', 'hosts', 'robots_files', 'replay_files'],
    rule: ({ fetches }) => `${fetches} days (KEEP_FETCHES)`,
  },
  {
    name: 'replays',
    tables: ['replays', 'stored_batches'],
    rule: ({ replays }) => `${replays} days (KEEP_REPLAYS)`,
  },
  {
    name: 'digests',
    tables: ['digests', 'digest_items', 'tokens'],
    rule: () => `${FOREVER}, so that nobody is sent a paper twice; links until they expire`,
  },
  {
    name: 'mail events',
    tables: ['mail_events', 'captured_mails'],
    rule: ({ mailEvents }) => `${mailEvents} days (KEEP_MAIL_EVENTS); the inbox 500 mails`,
  },
  {
    name: 'subscribers',
    tables: [
      'subscribers',
      'topics',
      'feedback',
      'taste_examples',
      'suppressions',
      'sign_ups',
      'mail_allowances',
    ],
    rule: () => 'until they are deleted; unconfirmed ones 7 days',
  },
  { name: 'audit', tables: ['audit'], rule: ({ audit }) => `${audit} days (KEEP_AUDIT)` },
  {
    name: 'corpus models',
    tables: ['corpus_models', 'corpus_model_parts'],
    rule: () => 'the newest, and the one before',
  },
  { name: 'the rest, with the queue', tables: [], rule: () => 'as long as it is of use' },
]

/** Reads what is kept: tables by group, the data folder, the last backup. The largest first within the database. */
export async function gatherKept({
  db,
  dataDir,
  keep,
}: {
  db: Db
  dataDir: string
  keep: Keep
}): Promise<Kept[]> {
  const [sizes, folder, backup] = await Promise.all([
    readTableSizes(db),
    folderSize(dataDir),
    findLastBackupSize(db),
  ])
  const groupOf = (table: string) => GROUPS.find(({ tables }) => tables.includes(table)) ?? GROUPS.at(-1)!
  const groups = GROUPS.map((group) => ({
    name: group.name,
    bytes: sizes.filter(({ name }) => groupOf(name) === group).reduce((sum, { bytes }) => sum + bytes, 0),
    rule: group.rule(keep),
  }))
  return [
    ...groups.sort((one, other) => other.bytes - one.bytes),
    { name: 'the folder DATA_DIR', bytes: folder, rule: 'an embedded database, uploads, rejects' },
    ...(backup === undefined
      ? []
      : [{ name: 'the last backup', bytes: backup, rule: 'wherever you keep it' }]),
  ]
}

/** The size of all files below a folder, in bytes. What cannot be read, or goes meanwhile, counts as none. */
async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderSize(path)
    else if (entry.isFile()) bytes += (await stat(path).catch(() => undefined))?.size ?? 0
  }
  return bytes
}
