import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Db } from '../../../src/db/engine/connect.ts'
import { migrate } from '../../../src/db/engine/migrate.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { dumpSchema } from '../../support/schemaDump.ts'

let database: TestDatabase
let migrated: string
beforeAll(async () => {
  database = await openTestDatabase()
  migrated = await dumpSchema(database.db)
})
afterAll(() => database?.close())

describe('an empty database', () => {
  beforeEach(() => empty(database.db))

  test('gets the whole schema', async () => {
    await migrate(database.db)
    expect(await dumpSchema(database.db)).toBe(migrated)
  })

  test('is migrated once by five starters at once', async () => {
    const starters = Array.from({ length: 5 }, () => connect(database.url, { max: 2 }))
    try {
      await Promise.all(starters.map(migrate))
    } finally {
      await Promise.all(starters.map((db) => db.destroy()))
    }
    const names = await appliedMigrations(database.db)
    expect(names).toEqual([...new Set(names)])
    expect(await dumpSchema(database.db)).toBe(migrated)
  })
})

test('a second start changes neither the schema nor the rows', async () => {
  await migrate(database.db)
  await database.db.insertInto('sources').values({ name: 'kept', address: null }).execute()
  const before = await appliedMigrations(database.db)
  await migrate(database.db)
  expect(await appliedMigrations(database.db)).toEqual(before)
  expect(await dumpSchema(database.db)).toBe(migrated)
  const kept = await database.db.selectFrom('sources').select('name').where('name', '=', 'kept').execute()
  expect(kept).toEqual([{ name: 'kept' }])
})

test('a database that a newer version migrated is refused by the name of its migration, and left as it is', async () => {
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_newer', '2030-01-01')`.execute(
    database.db,
  )
  await expect(migrate(database.db)).rejects.toThrow(/9999_newer/)
  expect(await dumpSchema(database.db)).toBe(migrated)
  await sql`DELETE FROM kysely_migration WHERE name = '9999_newer'`.execute(database.db)
})

async function empty(db: Db): Promise<void> {
  await sql`DROP SCHEMA public CASCADE`.execute(db)
  await sql`CREATE SCHEMA public`.execute(db)
}

async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
  return rows.map((row) => row.name)
}

test('a database that a newer Paperboy has changed is left as it is, and told', async () => {
  const { db } = database
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_later', 'now')`.execute(db)
  try {
    await expect(migrate(db)).rejects.toThrow(
      /got one with 9999_later, made by a newer Paperboy; start that version/,
    )
  } finally {
    await sql`DELETE FROM kysely_migration WHERE name = '9999_later'`.execute(db)
  }
})
