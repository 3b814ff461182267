import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cancelReplayFile,
  findReplayFile,
  insertReplayFile,
  listForgottenReplayFiles,
  resumeReplayFile,
} from '../../src/db/fetching/replayFiles.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { replayFile } from '../../src/jobs/replayFile.ts'
import { zip } from '../support/dumps.ts'
import { papersOn } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let folder: string

beforeAll(async () => {
  test_ = await openTestTools()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-replay-'))
})
afterAll(async () => {
  await test_.close()
  await rm(folder, { recursive: true })
})

const lines = (subject: string, count: number, from = 1) =>
  papersOn(subject, count, from)
    .map(({ arxivId, ...paper }) => `${JSON.stringify({ ...paper, id: arxivId })}\n`)
    .join('')

async function give(
  name: string,
  text: string | Buffer,
  more: { is_upload?: boolean; listed_on?: string } = {},
) {
  const path = join(folder, name)
  await writeFile(path, text)
  return insertReplayFile(test_.tools.db, {
    ...{ name, path, rejects_folder: folder, is_upload: false, bytes: Buffer.byteLength(text) },
    ...more,
    added_at: test_.tools.now(),
  })
}

const run = (fileId: number, stopping?: AbortSignal) => replayFile.run({ fileId }, test_.tools, stopping)
const rowOf = async (id: number) => (await findReplayFile(test_.tools.db, id))!
const papers = async () => (await test_.tools.db.selectFrom('papers').select('id').execute()).length

test('an uploaded dump is stored once, counted, and removed; what was rejected is kept with its reason', async () => {
  const id = await give('bees.jsonl', `${lines('bees', 3)}{"id": 7}\n`, {
    is_upload: true,
    listed_on: '2026-11-03',
  })
  expect(await listForgottenReplayFiles(test_.tools.db)).toContain(id)
  await run(id)
  const row = await rowOf(id)
  expect([row.status, row.entries, row.new, row.rejected, row.read_bytes]).toEqual([
    'done',
    3,
    3,
    1,
    row.bytes,
  ])
  expect(await readFile(row.rejects_path!, 'utf8')).toContain('"file":"bees.jsonl"')
  expect(existsSync(row.path)).toBe(false)
  const days = await test_.tools.db.selectFrom('sightings').select('listed_on').distinct().execute()
  expect(days).toEqual([{ listed_on: '2026-11-03' }])
  await run(id)
  expect([(await rowOf(id)).new, await papers()]).toEqual([3, 3])
  expect(await listForgottenReplayFiles(test_.tools.db)).not.toContain(id)
})

test('an archive is counted in whole bytes of its packed size', async () => {
  const before = await papers()
  const archive = zip({ 'one.jsonl': lines('newts', 1900, 3000), 'two.jsonl': lines('toads', 1800, 6000) })
  const id = await give('two lists.zip', archive)
  await run(id)
  const row = await rowOf(id)
  expect([row.status, row.new, (await papers()) - before]).toEqual(['done', 3700, 3700])
  expect(row.read_bytes).toBeGreaterThan(archive.length * 0.9)
})

test('a worker that stops leaves the rest to the next, and nothing is stored twice', async () => {
  const before = await papers()
  const id = await give('wasps.jsonl', lines('wasps', 1700, 100))
  await run(id, AbortSignal.abort())
  expect((await rowOf(id)).status).toBe('waiting')
  const part = (await papers()) - before
  expect(part).toBeGreaterThan(0)
  expect(part).toBeLessThan(1700)
  await runToEnd([{ name: 'sweep', payload: { tick: test_.tools.now().toISOString() } }], test_.tools)
  const row = await rowOf(id)
  expect([row.status, row.entries, row.new, (await papers()) - before]).toEqual(['done', 1700, 1700, 1700])
  expect(existsSync(row.path)).toBe(true)
})

test('a cancelled one does not begin, and goes on when an admin says so', async () => {
  const before = await papers()
  const id = await give('ants.jsonl', lines('ants', 3, 5000))
  expect(await cancelReplayFile(test_.tools.db, id)).toBe(true)
  await run(id)
  expect([(await rowOf(id)).status, (await papers()) - before]).toEqual(['cancelled', 0])
  expect(await resumeReplayFile(test_.tools.db, id)).toBe(true)
  await run(id)
  expect([(await rowOf(id)).status, (await papers()) - before]).toEqual(['done', 3])
  expect(await cancelReplayFile(test_.tools.db, id)).toBe(false)
})

test('one that is being read stops soon after it is cancelled', async () => {
  const id = await give('flies.jsonl', lines('flies', 30_000, 10_000))
  const running = run(id)
  const { db } = test_.tools
  while ((await rowOf(id)).status !== 'running') await db.selectFrom('replays').select('name').execute()
  await cancelReplayFile(db, id)
  await running
  const row = await rowOf(id)
  expect(row.status).toBe('cancelled')
  expect(row.entries).toBeLessThan(30_000)
}, 60_000)

test('a file that is not there, or cannot be read, says so in its row', async () => {
  const gone = await give('gone.jsonl', 'x')
  await rm(join(folder, 'gone.jsonl'))
  await run(gone)
  const odd = await give('odd.bin', 'no dump at all')
  await run(odd)
  const [one, other] = [await rowOf(gone), await rowOf(odd)]
  expect([one.status, one.remarks[0]]).toEqual(['failed', expect.stringContaining('expected a file')])
  expect([other.status, other.remarks[0]]).toEqual(['failed', expect.stringContaining('odd.bin: expected')])
})
