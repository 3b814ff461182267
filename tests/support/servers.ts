import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'

/** The names of everything that a test run makes begin with the run's name: `paperboy_test_20261123204500_1a2b3c`. */
const RUN_NAME = /^paperboy_test_(\d{14})_[0-9a-f]{6}/
const DAY = 24 * 60 * 60 * 1000

/** A unique name for a run with its time (UTC), so that a later run can recognise what a crashed one left. */
export function newRunName(now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
  return `paperboy_test_${stamp}_${randomBytes(3).toString('hex')}`
}

/** Whether a database, folder or key was left by a test run more than a day ago. */
export function isLeftover(name: string, now: Date): boolean {
  const stamp = RUN_NAME.exec(name)?.[1]
  if (stamp === undefined) return false
  const [, y, mo, d, h, mi, s] = /(....)(..)(..)(..)(..)(..)/.exec(stamp) ?? []
  return now.getTime() - Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) > DAY
}

/** Drops the databases whose names are chosen; disconnects their clients. */
export async function dropDatabases(serverUrl: string, chosen: (name: string) => boolean): Promise<void> {
  await withServer(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database')
    for (const { datname } of rows.filter((row) => chosen(row.datname))) {
      await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`)
    }
  })
}

/** Deletes the keys whose names are chosen, among those that test runs make. */
export async function dropKeys(redisUrl: string, chosen: (key: string) => boolean): Promise<void> {
  const redis = new Redis(redisUrl)
  try {
    for await (const keys of redis.scanStream({ match: 'paperboy_test_*', count: 1000 })) {
      const found = (keys as string[]).filter(chosen)
      if (found.length > 0) await redis.unlink(...found)
    }
  } finally {
    await redis.quit()
  }
}

/** Deletes the folders in the temporary folder whose names are chosen. */
export async function dropFolders(chosen: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter(chosen)) {
    await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** Uses one connection to a server's own database, to create and drop others. */
export async function withServer<T>(serverUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** The address of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  return serverUrl.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
}
