import { cp, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { type DatabaseServer, openEmbedded } from '../../../src/db/engine/embedded.ts'
import { type Program, startProgram } from '../../support/processes.ts'

let folder: string
let opened: DatabaseServer[]
let programs: Program[]

/** A data folder that was used before: the run's template with one table of its own. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-embedded-'))
  opened = []
  programs = []
  const template = inject('template')
  if (template.kind !== 'embedded') throw new Error(`expected the embedded template, got ${template.kind}`)
  await cp(join(template.folder, 'template', 'db'), join(folder, 'db'), { recursive: true })
})

afterEach(async () => {
  await Promise.all(programs.map((program) => program.kill()))
  await Promise.all(opened.map((server) => server.close()))
  await rm(folder, { recursive: true, force: true })
})

async function open(dataDir = folder): Promise<DatabaseServer> {
  const server = await openEmbedded(dataDir)
  opened.push(server)
  return server
}

async function close(server: DatabaseServer): Promise<void> {
  opened = opened.filter((other) => other !== server)
  await server.close()
}

function start(deed: string): Program {
  const program = startProgram('embeddedProcess.ts', folder, deed)
  programs.push(program)
  return program
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const makeNotes = 'CREATE TABLE notes (id integer PRIMARY KEY)'
const readNotes = 'SELECT id FROM notes ORDER BY id'

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

function socketDirOf(server: DatabaseServer): string {
  return new URLSearchParams(server.url.split('?')[1]).get('host')!
}

test('only the owner may enter the folder or use the socket, and no TCP port opens', async () => {
  await rm(folder, { recursive: true })
  const portsBefore = openPorts()
  await open()
  expect(await modeOf(folder)).toBe('700')
  expect(await modeOf(join(folder, '.s.PGSQL.5432'))).toBe('600')
  expect(await modeOf(join(folder, 'lock'))).toBe('600')
  expect(openPorts()).toBe(portsBefore)
})

function openPorts(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length
}

test('rows are there after closing and opening again', async () => {
  const first = await open()
  await query(first.url, makeNotes)
  await query(first.url, 'INSERT INTO notes VALUES (1), (2)')
  await close(first)
  const second = await open()
  expect(second.shared).toBe(false)
  expect(await query(second.url, readNotes)).toEqual([{ id: 1 }, { id: 2 }])
})

test('a second process uses the database of the first, and its end does not end it', async () => {
  const first = await open()
  await query(first.url, makeNotes)
  const second = start('writeOnce')
  expect(await second.next()).toEqual({ pid: second.pid, url: first.url, shared: true })
  expect(await second.next()).toEqual({ committed: 1 })
  await second.kill()
  expect(await query(first.url, readNotes)).toEqual([{ id: 1 }])
})

test('a client killed in the middle of a transaction leaves nothing and blocks nobody', async () => {
  const server = await open()
  await query(server.url, makeNotes)
  const client = start('halfway')
  await client.next()
  await client.next()
  await client.kill()
  await query(server.url, 'INSERT INTO notes VALUES (7)')
  expect(await query(server.url, readNotes)).toEqual([{ id: 7 }])
})

test('after kill -9 the next start takes the folder over, with every committed row', async () => {
  const before = await open()
  await query(before.url, makeNotes)
  await close(before)
  const killed = start('write')
  expect(await killed.next()).toMatchObject({ shared: false })
  let committed = 0
  while (committed < 50) committed = (await killed.next()).committed as number
  await killed.kill()
  const after = await open()
  expect(after.shared).toBe(false)
  const ids = (await query(after.url, readNotes)).map((row) => row.id)
  expect(ids.slice(0, committed)).toEqual(Array.from({ length: committed }, (_, index) => index + 1))
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1))
})

test('of three starters after a crash one runs the database and all use it', async () => {
  const crashed = start('hold')
  await crashed.next()
  await crashed.kill()
  const starters = Array.from({ length: 3 }, () => start('hold'))
  const answers = await Promise.all(starters.map((program) => program.next()))
  expect(answers.filter((answer) => answer.shared === false)).toHaveLength(1)
  expect(new Set(answers.map((answer) => answer.url)).size).toBe(1)
  expect(await query(answers[0]!.url as string, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a path too long for a socket works, with the socket in a private folder elsewhere', async () => {
  const deep = join(folder, 'a'.repeat(60), 'b'.repeat(60))
  await mkdir(dirname(deep), { recursive: true })
  await cp(join(folder, 'db'), join(deep, 'db'), { recursive: true })
  const first = await open(deep)
  const second = await open(deep)
  expect(second).toMatchObject({ url: first.url, shared: true })
  expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  const socketDir = socketDirOf(first)
  expect(socketDir.length).toBeLessThan(90)
  expect([await modeOf(socketDir), await modeOf(deep)]).toEqual(['700', '700'])
  await close(first)
  await rm(socketDir, { recursive: true })
})

test('that private folder is refused where someone else made it first', async () => {
  const deep = join(folder, 'c'.repeat(100))
  const first = await open(deep)
  await close(first)
  const socketDir = socketDirOf(first)
  await rm(socketDir, { recursive: true })
  await symlink(folder, socketDir)
  await expect(openEmbedded(deep)).rejects.toThrow(
    /^DATA_DIR: expected ".*" \(its socket's folder\) to be this user's/,
  )
  await rm(socketDir)
})

test('a first start that was killed while it made the database is made good by the next', async () => {
  await rm(join(folder, 'db'), { recursive: true })
  await mkdir(join(folder, 'db'))
  await mkdir(join(folder, 'db.new', 'base'), { recursive: true })
  await writeFile(join(folder, 'db.new', 'PG_VERSION'), '')
  const { url } = await open()
  await query(url, makeNotes)
  expect(await query(url, readNotes)).toEqual([])
  await expect(stat(join(folder, 'db.new'))).rejects.toThrow('ENOENT')
  expect(await modeOf(join(folder, 'db', 'postgresql.conf'))).toBe('600')
})

test('a folder that does not hold a database is refused by its name, and let go of', async () => {
  await rm(join(folder, 'db'), { recursive: true })
  await mkdir(join(folder, 'db'))
  await writeFile(join(folder, 'db', 'PG_VERSION'), '9.6\n')
  await expect(openEmbedded(folder)).rejects.toThrow(
    `DATA_DIR: expected a database folder of this version in "${folder}"`,
  )
  await expect(stat(join(folder, 'lock'))).rejects.toThrow('ENOENT')
})

test('a folder that cannot be made is refused by its name, also where the system says that its parent is not there', async () => {
  await writeFile(join(folder, 'file'), '')
  const impossible = [
    join(folder, 'file', 'data'),
    ...(process.platform === 'linux' ? ['/proc/none/data'] : []),
  ]
  for (const path of impossible) {
    await expect(openEmbedded(path)).rejects.toThrow(
      `DATA_DIR: expected a folder that can be made or used, got "${path}"`,
    )
  }
})

test('ten clients in transactions lose no update, and a rolled back one changes nothing', async () => {
  const { url } = await open()
  await query(url, 'CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL)')
  await query(url, 'INSERT INTO counters VALUES (1, 0)')
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  try {
    await Promise.all(Array.from({ length: 10 }, (_, client) => countUp(pool, client)))
  } finally {
    await pool.end()
  }
  expect(await query(url, 'SELECT n FROM counters')).toEqual([{ n: 100 }])
})

/** Ten increments that commit and ten that do not, each reading before it writes. */
async function countUp(pool: pg.Pool, seed: number): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    const client = await pool.connect()
    await client.query('BEGIN')
    const { rows } = await client.query('SELECT n FROM counters WHERE id = 1 FOR UPDATE')
    await client.query('UPDATE counters SET n = $1 WHERE id = 1', [rows[0].n + 1])
    await client.query((turn + seed) % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
    client.release()
  }
}

test('a full disk is told at once, as the end of the database', async () => {
  const server = await open()
  // PostgreSQL's own answer when a file cannot grow.
  await expect(query(server.url, 'DO $$ BEGIN RAISE disk_full; END $$')).rejects.toThrow()
  expect(server.failed.reason?.message).toBe(
    `DATA_DIR: expected a database in "${folder}" that can store, got a full disk; see that the disk has room, then start again`,
  )
})

test('a mistake in a query is no failure of the database', async () => {
  const server = await open()
  await expect(query(server.url, 'SELECT nonsense')).rejects.toThrow()
  expect(server.failed.aborted).toBe(false)
})
