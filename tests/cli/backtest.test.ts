import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CORPUS_FORMAT } from '../../src/digests/corpus/modelBytes.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { dayArchive } from '../support/dumps.ts'
import { paperboy } from '../support/paperboy.ts'
import { replayBytes } from '../support/replay.ts'

let database: TestDatabase
let folder: string
let settings: Record<string, string>
beforeAll(async () => {
  database = await openTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-backtest-'))
  settings = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') }
  const tools = { db: database.db, now: () => new Date('2026-11-20T09:00:00Z') }
  await replayBytes('2024-05-01.json', dayArchive('2024-05-01', 'Owls at dusk', 'Newts in ponds'), tools)
  await replayBytes(
    '2024-05-02.json',
    dayArchive('2024-05-02', 'Barn owls asleep', 'Voles under snow'),
    tools,
  )
  await run('subscribe', 'ann@example.org', '--topic', 'Birds=owls', '--confirmed')
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => paperboy(settings, ...args)
const days = ['--from', '2024-05-01', '--to', '2024-05-02']

test('backtest shows each day and what each setting caught, as text and as JSON', async () => {
  const liked = await database.db
    .selectFrom('papers')
    .select('arxiv_id')
    .where('title', 'in', ['Barn owls asleep', 'Newts in ponds'])
    .execute()
  const file = join(folder, 'liked.txt')
  await writeFile(
    file,
    `${liked.map(({ arxiv_id }) => `https://arxiv.org/abs/${arxiv_id}v2 2024-05-09`).join('\n')}\n\nno paper\n`,
  )
  const text = await run('backtest', 'ann@example.org', ...days, '--liked', file)
  expect([text.code, text.stderr]).toEqual([
    0,
    'paperboy: --liked: expected stored papers by arXiv id, DOI or link, got 1 of 3 lines without one, the first is "no paper"; these lines are ignored\n',
  ])
  expect(text.stdout).toMatch(/2024-05-01\n {3}\d\.\d\d {2}Owls at dusk {2}\(Birds\)\n/)
  expect(text.stdout).toMatch(/2024-05-02\n\* {2}\d\.\d\d {2}Barn owls asleep {2}\(Birds\)\n/)
  expect(text.stdout).toMatch(/Settings +papers sent +liked later, of 2\ntopics only +2 +1\n/)
  const json = await run('backtest', 'ann@example.org', ...days, '--liked', file, '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({
    email: 'ann@example.org',
    from: '2024-05-01',
    to: '2024-05-02',
    days: [
      { on: '2024-05-01', items: [{ title: 'Owls at dusk', topic: 'Birds', likedLater: false }] },
      { on: '2024-05-02', items: [{ title: 'Barn owls asleep', likedLater: true }] },
    ],
    likedLater: 2,
    settings: expect.arrayContaining([{ setting: 'topics only', papers: 2, caught: 1 }]),
  })
})

test.each([
  ['a subscriber nobody knows', 1, /got the unknown address/, ['who@example.org', ...days]],
  [
    'days the wrong way round',
    2,
    /^paperboy: --from: expected a date not after --to/,
    ['ann@example.org', '--from', '2024-05-02', '--to', '2024-05-01'],
  ],
  [
    'a day to come',
    2,
    /^paperboy: --to: expected today or a day before/,
    ['ann@example.org', '--from', '2024-05-02', '--to', '2999-01-01'],
  ],
  ['half a life', 2, /at most 92 days/, ['ann@example.org', '--from', '2000-01-01', '--to', '2024-05-02']],
  [
    'no date',
    2,
    /^paperboy: --from: expected a date such as/,
    ['ann@example.org', '--from', 'May', '--to', '2024-05-02'],
  ],
  [
    'no such file',
    1,
    /^paperboy: --liked: expected a file/,
    ['ann@example.org', ...days, '--liked', '/no/such/file'],
  ],
  ['one date', 2, /required option/, ['ann@example.org', '--from', '2024-05-01']],
])('backtest answers %s in one line', async (_name, code, line, args) => {
  const answer = await run('backtest', ...args)
  expect([answer.code, answer.stdout]).toEqual([code, ''])
  expect(answer.stderr).toMatch(line)
  expect(answer.stderr.trim().split('\n')).toHaveLength(1)
})

test('doctor says whether ranking has learned from the papers', async () => {
  const before = await run('doctor')
  expect(before.stdout).toMatch(
    /^ok {4}corpus model: not trained yet: it needs 500 papers with an abstract, there are \d+/m,
  )
  const trained_at = new Date('2026-11-19T03:04:05Z')
  const model = {
    format: CORPUS_FORMAT,
    input_digest: '',
    papers: 12_345,
    started_at: trained_at,
    trained_at,
    checked_at: trained_at,
    parts: 0,
    bytes: 0,
  }
  await database.db.insertInto('corpus_models').values(model).execute()
  const after = await run('doctor')
  expect(after.stdout).toMatch(/^ok {4}corpus model: trained on 12,345 papers at 2026-11-19 03:04 UTC$/m)
})
