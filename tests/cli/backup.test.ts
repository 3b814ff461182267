import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runBackup, runRestore } from '../../src/cli/commands/backup.ts'
import { readConfig } from '../../src/config.ts'
import { type DatabaseServer, openEmbedded } from '../../src/db/engine/embedded.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { papersOn, store } from '../support/listings.ts'
import { enlist, openTestSite, type TestSite } from '../support/web.ts'

let site: TestSite
let empty: TestDatabase
/** A database of the other kind: started once, because a first start takes seconds. */
let lite: DatabaseServer
let folder: string
const SECRET = 'a secret of the tests, long enough to be one'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-backup-'))
  site = await openTestSite()
  empty = await openTestDatabase()
  lite = await openEmbedded(join(folder, 'embedded'))
  await store(site.tools, '2026-11-20', papersOn('glaciers', 700))
  await enlist(site, 'ann@example.org', {
    topics: [{ name: 'Ice "and" snow\\', query: 'glaciers', quota: 3 }] as never,
  })
  site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
  await site.runJobs()
})
afterAll(async () => {
  await site.close()
  await empty.close()
  await lite.close()
  await rm(folder, { recursive: true, force: true })
})

const configOf = (settings: Record<string, string>) =>
  readConfig({ SECRET, ADMIN_PASSWORD: 'twelve letters', LOG_LEVEL: 'silent', ...settings })
const source = () => configOf({ DATABASE_URL: site.database.url, DATA_DIR: join(folder, 'one') })
const other = (more = {}) => configOf({ DATABASE_URL: empty.url, DATA_DIR: join(folder, 'two'), ...more })
const embedded = () => configOf({ DATABASE_URL: lite.url, DATA_DIR: join(folder, 'three') })
const file = (name: string) => join(folder, name)

/** The rows of a backup, without its header, its end, and the backups it knows of. */
async function rowsOf(name: string): Promise<string[]> {
  const lines = gunzipSync(await readFile(file(name)))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1, -1)
  const backups = lines.findIndex((line) => line.startsWith('{"table":"backups"'))
  const after = lines.findIndex((line, index) => index > backups && line.startsWith('{"table":'))
  return [...lines.slice(0, backups), ...(after < 0 ? [] : lines.slice(after))].sort()
}

test('a backup restored into a database of the other kind, and back again, is the same', async () => {
  expect(await runBackup(source(), file('first'))).toBe(0)
  expect((await stat(file('first'))).mode & 0o777).toBe(0o600)
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  expect(await runRestore(embedded(), file('first'), {})).toBe(0)
  expect(await runBackup(embedded(), file('second'))).toBe(0)
  expect(await runRestore(other(), file('second'), {})).toBe(0)
  expect(await runBackup(other(), file('third'))).toBe(0)
  const [first, second, third] = await Promise.all(['first', 'second', 'third'].map(rowsOf))
  expect(first!.length).toBeGreaterThan(2000)
  expect(second).toEqual(first)
  expect(third).toEqual(first)
  expect(first!.join('\n')).toContain('"email":"ann@example.org"')
})

test('numbers go on after those of the backup', async () => {
  const papers = await empty.db
    .selectFrom('papers')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const added = await empty.db
    .insertInto('papers')
    .values({ title: 'One more', abstract: 'text' } as never)
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(added.id).toBeGreaterThan(papers.last!)
  await empty.db.deleteFrom('papers').where('id', '=', added.id).execute()
})

test('a database that holds something is refused, until it may be replaced', async () => {
  await expect(runRestore(other(), file('first'), {})).rejects.toThrow(
    /expected an empty database.*--replace/,
  )
  expect(await runRestore(other(), file('first'), { replace: true })).toBe(0)
})

test('another SECRET is refused, and taken when it is meant', async () => {
  const config = other({ SECRET: 'another secret of the tests, long enough' })
  await expect(runRestore(config, file('first'), { replace: true })).rejects.toThrow(
    /^SECRET: expected the one/,
  )
  expect(await runRestore(config, file('first'), { replace: true, otherSecret: true })).toBe(0)
})

test('a file that is cut off restores nothing, and the whole one can follow', async () => {
  const whole = await readFile(file('first'))
  const lines = gunzipSync(whole).toString().split('\n')
  await writeFile(file('cut'), gzipSync(lines.slice(0, -2).join('\n')))
  await writeFile(file('torn'), whole.subarray(0, whole.length - 1000))
  for (const name of ['cut', 'torn']) {
    await expect(runRestore(other(), file(name), { replace: true })).rejects.toThrow(/cut off|unexpected end/)
    expect((await empty.db.selectFrom('papers').selectAll().execute()).length).toBe(0)
  }
  expect(await runRestore(other(), file('first'), {})).toBe(0)
})

test.each([
  ['not a backup', gzipSync('{"hello":1}\n'), /expected a backup made by paperboy backup/],
  ['not packed', Buffer.from('hello'), /expected a backup in/],
  [
    'of a newer Paperboy',
    gzipSync('{"paperboy":"backup","format":1,"schema":"9999_later"}\n'),
    /expected a backup of schema .* or older, got one of 9999_later/,
  ],
])('a file that is %s is refused in one line, and nothing is lost', async (name, bytes, message) => {
  await writeFile(file(name), bytes)
  const before = (await empty.db.selectFrom('papers').selectAll().execute()).length
  await expect(runRestore(other(), file(name), { replace: true })).rejects.toThrow(message)
  expect((await empty.db.selectFrom('papers').selectAll().execute()).length).toBe(before)
})
