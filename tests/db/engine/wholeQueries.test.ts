import { connect } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

test('queries that waited for a transaction are each answered with their own rows', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 10 })
  const holder = await pool.connect()
  try {
    const words = ['one', 'two', 'three', 'four', 'five', 'six']
    const others = await Promise.all(words.map(() => pool.connect()))
    await holder.query('BEGIN')
    const asked = others.map((client, index) => ask(client, words.slice(0, index + 1)))
    // Each goes to the server and back: by then all questions have reached it and wait.
    for (let turn = 0; turn < 5; turn++) await holder.query('SELECT 1')
    await holder.query('COMMIT')
    expect(await Promise.all(asked)).toEqual(words.map((_, index) => words.slice(0, index + 1)))
    for (const client of others) client.release()
  } finally {
    holder.release()
    await pool.end()
  }
})

/** The server's echo of some words: statements of different clients differ in text and in number of parameters. */
async function ask(client: pg.PoolClient, words: string[]): Promise<string[]> {
  const columns = words.map((_, index) => `$${index + 1}::text AS c${index}`)
  const { rows } = await client.query(`SELECT ${columns.join(', ')}`, words)
  return Object.values(rows[0])
}

test('a client that goes away in the middle of a query blocks nobody', async () => {
  const folder = new URLSearchParams(database.url.split('?')[1]).get('host')!
  const socket = connect(join(folder, '.s.PGSQL.5432'))
  const told = (letter: string) =>
    new Promise<void>((resolve) => socket.on('data', (data) => data.includes(letter) && resolve()))
  const ready = told('Z')
  socket.write(message('', '\0\x03\0\0user\0postgres\0database\0postgres\0\0'))
  await ready
  const parsed = told('1')
  socket.write(message('P', '\0SELECT 1\0\0\0'))
  await parsed
  const asked = sql`SELECT ${2}::int AS two`.execute(database.db)
  socket.destroy()
  expect((await asked).rows).toEqual([{ two: 2 }])
})

/** A message of the PostgreSQL protocol: type, length, content. */
function message(type: string, content: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(content, 'latin1')])
}
