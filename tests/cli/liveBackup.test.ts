import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../../src/db/engine/connect.ts'
import { openEmbedded } from '../../src/db/engine/embedded.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { PAPERBOY, paperboy, type Started, startPaperboy } from '../support/paperboy.ts'

const SECRET = 'a secret of the tests, long enough to be one'
let folder: string
let database: TestDatabase | undefined
let settings: Record<string, string>
let service: Started

/** A dump of papers whose texts cannot be packed, so that a backup of them is larger than what a pipe holds. */
async function writeDump(name: string, from: number, count: number): Promise<string> {
  const lines = Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      arxivId: `2611.${10_000 + from + at}`,
      title: `Study ${from + at} of ${randomBytes(6).toString('hex')}`,
      abstract: randomBytes(300).toString('base64'),
      listed_on: '2026-11-20',
    }),
  )
  await writeFile(join(folder, name), lines.join('\n'))
  return join(folder, name)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-live-backup-'))
  database = inject('backend') === 'embedded' ? undefined : await openTestDatabase()
  settings = {
    ...{ DATA_DIR: join(folder, 'data'), PORT: '0', SECRET, ADMIN_PASSWORD: 'twelve letters' },
    ...(database && { DATABASE_URL: database.url }),
  }
  service = await startPaperboy(settings)
  expect((await paperboy(settings, 'replay', await writeDump('first.jsonl', 0, 1500))).code).toBe(0)
})
afterAll(async () => {
  const gone = once(service.child, 'exit')
  service.child.kill('SIGTERM')
  await gone
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

test('nobody waits for a backup that stands in its middle, and once it is killed no file has its name', async () => {
  const file = join(folder, 'killed.gz')
  // Nobody reads more than the first bytes of this pipe: the backup stands in its middle until it is killed.
  await promisify(execFile)('mkfifo', [`${file}.part`])
  const child: ChildProcess = spawn(process.execPath, [PAPERBOY, 'backup', file], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
    stdio: 'ignore',
  })
  const reader = createReadStream(`${file}.part`, { highWaterMark: 1024 })
  await once(reader, 'readable')
  const during = await paperboy(settings, 'replay', await writeDump('during.jsonl', 4000, 1), '--json')
  expect(JSON.parse(during.stdout)).toMatchObject({ new: 1 })
  child.kill('SIGKILL')
  await once(child, 'exit')
  reader.destroy()
  expect([child.signalCode, existsSync(file)]).toEqual(['SIGKILL', false])
  await rm(`${file}.part`)

  const after = await paperboy(settings, 'replay', await writeDump('after.jsonl', 5000, 1), '--json')
  expect(JSON.parse(after.stdout)).toMatchObject({ new: 1 })
  expect(await paperboy(settings, 'backup', file)).toMatchObject({ code: 0, stderr: '' })
})

test('a backup of a database that is written to is of one moment, and a new embedded one takes it', async () => {
  const file = join(folder, 'live.gz')
  const dump = await writeDump('second.jsonl', 10_000, 2500)
  const [backup, replay] = await Promise.all([
    paperboy(settings, 'backup', file),
    paperboy(settings, 'replay', dump, '--json'),
  ])
  expect([backup.code, backup.stderr, JSON.parse(replay.stdout).new]).toEqual([0, '', 2500])

  const target = { DATA_DIR: join(folder, 'target'), SECRET, ADMIN_PASSWORD: 'twelve letters' }
  expect(await paperboy(target, 'restore', file)).toMatchObject({ code: 0, stderr: '' })
  const restored = await openEmbedded(target.DATA_DIR)
  const db = connect(restored.url, { max: 1 })
  try {
    const { rows } = await sql<{ papers: number; bare: number; stray: number }>`
      SELECT count(*)::integer AS papers,
        count(*) FILTER (WHERE NOT EXISTS (SELECT FROM sightings WHERE paper_id = papers.id))::integer AS bare,
        count(*) FILTER (WHERE NOT EXISTS (SELECT FROM paper_keys WHERE paper_id = papers.id))::integer AS stray
      FROM papers`.execute(db)
    const [{ papers, bare, stray }] = rows as [(typeof rows)[0]]
    expect([bare, stray]).toEqual([0, 0])
    // Records are stored in batches of 500: a moment has whole ones.
    expect([(papers - 1502) % 500, papers >= 1502, papers <= 4002]).toEqual([0, true, true])
  } finally {
    await db.destroy()
    await restored.close()
  }
})
