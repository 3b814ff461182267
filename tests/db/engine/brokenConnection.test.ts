import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../src/db/engine/connect.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const SOCKET = '.s.PGSQL.5432'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await openTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-wire-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

/** Where the database listens: a socket in a folder, or a port. */
function placeOf(url: string): NetConnectOpts {
  const socketFolder = /[?&]host=([^&]+)/.exec(url)?.[1]
  if (socketFolder !== undefined) return { path: join(decodeURIComponent(socketFolder), SOCKET) }
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port || 5432) }
}

/** A wire to the database that can be cut, as when a server restarts or a network goes away. */
async function openWire(url: string) {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(placeOf(url))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => {}).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(join(folder, SOCKET), resolve))
  const name = /([^/?]+)(?:\?|$)/.exec(url.replace(/^[^/]*\/\/[^/]*\//, ''))![1]
  return {
    url: `postgresql://postgres@/${name}?host=${encodeURIComponent(folder)}`,
    cut: () => {
      for (const socket of open) socket.destroy()
      open.clear()
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

test('a connection that breaks in the middle of a transaction fails that one, and not the process', async () => {
  const wire = await openWire(database.url)
  const db = connect(wire.url, { max: 2 })
  const broken = db.transaction().execute(async (tx) => {
    await sql`SELECT 1`.execute(tx)
    wire.cut()
    await sql`SELECT 2`.execute(tx)
  })
  await expect(broken).rejects.toThrow(/terminated|closed|ECONNRESET|EPIPE|not queryable/)
  expect((await sql`SELECT 3 AS a`.execute(db)).rows).toEqual([{ a: 3 }])
  await db.destroy()
  wire.cut()
  await wire.close()
})
