import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect } from '../../src/db/engine/connect.ts'
import { openEmbedded } from '../../src/db/engine/embedded.ts'
import { migrate } from '../../src/db/engine/migrate.ts'
import type { Template } from './backends.ts'
import {
  databaseUrl,
  dropDatabases,
  dropFolders,
  dropKeys,
  isLeftover,
  newRunName,
  withServer,
} from './servers.ts'

/**
 * Makes the migrated database that this backend's suites copy. Returns a function that drops it and all copies at the
 * end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { backend } = project.getProvidedContext()
  const now = new Date()
  const run = newRunName(now)
  if (backend === 'embedded') {
    await dropFolders((name) => isLeftover(name, now))
    project.provide('template', await makeEmbeddedTemplate(run))
    return () => dropFolders((name) => name.startsWith(run))
  }
  const serverUrl = process.env.DATABASE_URL_TEST!
  const redisUrl = backend === 'redis' ? process.env.REDIS_URL_TEST : undefined
  await dropEverything(serverUrl, redisUrl, (name) => isLeftover(name, now))
  project.provide('template', await makePostgresTemplate(run, serverUrl, redisUrl))
  return () => dropEverything(serverUrl, redisUrl, (name) => name.startsWith(run))
}

async function makeEmbeddedTemplate(run: string): Promise<Template> {
  const folder = join(tmpdir(), run)
  await mkdir(folder, { mode: 0o700 })
  const server = await openEmbedded(join(folder, 'template'))
  try {
    await migrateOnce(server.url)
  } finally {
    await server.close()
  }
  return { kind: 'embedded', folder }
}

async function makePostgresTemplate(run: string, serverUrl: string, redisUrl?: string): Promise<Template> {
  await withServer(serverUrl, (client) => client.query(`CREATE DATABASE "${run}"`))
  await migrateOnce(databaseUrl(serverUrl, run))
  return { kind: 'postgres', run, serverUrl, database: run, redisUrl }
}

/** A template can only be copied while nobody is connected to it. */
async function migrateOnce(url: string): Promise<void> {
  const db = connect(url)
  await migrate(db).finally(() => db.destroy())
}

async function dropEverything(
  serverUrl: string,
  redisUrl: string | undefined,
  chosen: (name: string) => boolean,
): Promise<void> {
  await dropDatabases(serverUrl, chosen)
  if (redisUrl !== undefined) await dropKeys(redisUrl, chosen)
}
