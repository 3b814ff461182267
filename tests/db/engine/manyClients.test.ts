import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../src/db/engine/connect.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** Queries of different shapes: two that are mixed up cannot both give the right answer. */
const QUERIES = [
  (n: number) => sql<{ a: number }>`SELECT ${n}::int AS a`,
  (n: number) => sql<{ a: number }>`SELECT ${n}::int AS a, ${`x${n}`}::text AS b WHERE ${true}::boolean`,
  (n: number) => sql<{ a: number }>`SELECT sum(v)::int AS a FROM unnest(${[n - 1, 1]}::int[]) AS v`,
  // Too long for one packet: the rest of it comes after other clients' messages.
  (n: number) =>
    sql<{ a: number }>`SELECT length(${'x'.repeat(300_000)}::text || ${'y'.repeat(n)}) - 300000 AS a`,
  (n: number) => sql<{ a: number }>`SELECT g AS a FROM generate_series(${n}::int, ${n}::int) AS g LIMIT ${5}`,
]

test('queries of many clients at once each get their own answer', async () => {
  const db = connect(database.url, { max: 12 })
  const ask = async (client: number) => {
    const answers: [number, number | undefined][] = []
    for (let i = 1; i <= 40; i++) {
      const wanted = client * 1000 + i
      const { rows } = await QUERIES[(client + i) % QUERIES.length]!(wanted).execute(db)
      answers.push([wanted, rows[0]?.a])
    }
    return answers
  }
  const answers = (await Promise.all(Array.from({ length: 12 }, (_, client) => ask(client + 1)))).flat()
  await db.destroy()
  expect(answers.filter(([wanted, got]) => wanted !== got)).toEqual([])
})

test('a query that fails leaves those of others alone', async () => {
  const db = connect(database.url, { max: 8 })
  const tries = Array.from({ length: 80 }, (_, i) =>
    (i % 3 === 0 ? sql`SELECT ${i}::int / 0` : sql<{ a: number }>`SELECT ${i}::int AS a`).execute(db).then(
      (result) => (result.rows[0] as { a: number }).a,
      () => 'failed',
    ),
  )
  const results = await Promise.all(tries)
  await db.destroy()
  expect(results).toEqual(results.map((_, i) => (i % 3 === 0 ? 'failed' : i)))
})

test('clients that come and go leave the queries of others alone', async () => {
  const db = connect(database.url, { max: 6 })
  let going = true
  const visitors = Array.from({ length: 4 }, async () => {
    while (going) {
      const visitor = connect(database.url, { max: 1 })
      await sql`SELECT ${1}::int`.execute(visitor)
      await visitor.destroy()
    }
  })
  const asking = Array.from({ length: 6 }, async (_, client) => {
    const wrong: unknown[] = []
    for (let i = 0; i < 150; i++) {
      const { rows } = await QUERIES[i % QUERIES.length]!(client * 1000 + i + 1).execute(db)
      if (rows[0]?.a !== client * 1000 + i + 1) wrong.push(rows)
    }
    return wrong
  })
  const answers = await Promise.all(asking).finally(() => {
    going = false
  })
  await Promise.all(visitors)
  await db.destroy()
  expect(answers.flat()).toEqual([])
})
