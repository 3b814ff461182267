import { randomBytes } from 'node:crypto'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { connect, type Db } from '../../src/db/engine/connect.ts'
import { openEmbedded } from '../../src/db/engine/embedded.ts'
import type { Template } from './backends.ts'
import { databaseUrl, dropDatabases, dropKeys, withServer } from './servers.ts'

/** A migrated, empty database that no other suite sees. */
export interface TestDatabase {
  db: Db
  /** The value for DATABASE_URL. */
  url: string
  /** The value for REDIS_URL; undefined if the queue lives in the database. */
  redisUrl: string | undefined
  /** The value for QUEUE_PREFIX. It keeps this suite's keys apart in Redis. */
  queuePrefix: string
  /** Closes its connections and drops the database and its keys. A second call does nothing. */
  close(): Promise<void>
}

/**
 * Opens a database for one suite on the backend that the suite runs on, migrated to the newest schema. Call it in
 * `beforeAll`, and `close` in `afterAll`.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const template = inject('template') as Template | undefined
  if (template === undefined) {
    throw new Error(
      'openTestDatabase: expected a suite that runs on a backend, got one of the unit project; move it to a folder of BACKEND_FOLDERS (tests/support/backends.ts)',
    )
  }
  const suffix = randomBytes(4).toString('hex')
  return template.kind === 'embedded' ? copyFolder(template, suffix) : copyDatabase(template, suffix)
}

/** The same as a started service uses: a data folder, opened by src/db/engine/embedded.ts. */
async function copyFolder(template: Template & { kind: 'embedded' }, suffix: string): Promise<TestDatabase> {
  const folder = join(template.folder, suffix)
  await mkdir(folder, { mode: 0o700 })
  await cp(join(template.folder, 'template', 'db'), join(folder, 'db'), { recursive: true })
  const server = await openEmbedded(folder)
  return testDatabase(server.url, undefined, `paperboy_test_${suffix}`, async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })
}

async function copyDatabase(
  template: Template & { kind: 'postgres' },
  suffix: string,
): Promise<TestDatabase> {
  const { serverUrl, redisUrl } = template
  const name = `${template.run}_${suffix}`
  await withServer(serverUrl, (client) =>
    client.query(`CREATE DATABASE "${name}" TEMPLATE "${template.database}"`),
  )
  return testDatabase(databaseUrl(serverUrl, name), redisUrl, name, async () => {
    await dropDatabases(serverUrl, (found) => found === name)
    if (redisUrl !== undefined) await dropKeys(redisUrl, (key) => key.startsWith(name))
  })
}

function testDatabase(
  url: string,
  redisUrl: string | undefined,
  queuePrefix: string,
  drop: () => Promise<void>,
): TestDatabase {
  const db = connect(url)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= db.destroy().then(drop)
    return closing
  }
  return { db, url, redisUrl, queuePrefix, close }
}
