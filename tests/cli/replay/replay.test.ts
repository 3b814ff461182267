import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { dayArchive, gzip, snapshotLines, zip } from '../../support/dumps.ts'
import { eventually } from '../../support/eventually.ts'
import { PAPERBOY, paperboy } from '../../support/paperboy.ts'
import { clearRows, storedRows } from '../../support/storedRows.ts'

let database: TestDatabase
let folder: string
let settings: Record<string, string>
beforeAll(async () => {
  database = await openTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-replay-'))
  settings = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') }
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => paperboy(settings, 'replay', ...args)
async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A replay in a process of its own, which gets `input` and lives on until it ends or is killed; null: input comes later. */
function start(args: string[], input: string | Buffer | null = '') {
  const child = spawn(process.execPath, [PAPERBOY, 'replay', ...args], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => {})
  if (input !== null) child.stdin.end(input)
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ended }
}

describe('what is replayed', () => {
  test('workbooks, databases, Parquet files and 7z archives, from the file and through a pipe', async () => {
    const paths = ['table-workbook.xlsx', 'table-database.db', 'table-parquet.parquet', 'archive-7z.7z'].map(
      (name) => fileURLToPath(new URL(`../../fixtures/sources/${name}`, import.meta.url)),
    )
    const read = await run(...paths, '--dry-run')
    expect(read.code).toBe(0)
    expect(read.stdout).toMatch(
      /^5 files, 11 entries: \d+ would be new, \d+ would be updated, \d+ unchanged, 1 rejected \(/,
    )
    expect(read.stderr).toContain(
      `${paths[0]}: read 3 entries as table; ignored fields: Room (2); rejected, for example Reading list › row 7: expected a title`,
    )
    for (const path of paths) {
      const piped = await start(['-', '--dry-run', '--json'], await readFile(path)).ended
      expect(JSON.parse(piped.stdout).entries).toBe(path.endsWith('.7z') ? 2 : 3)
    }
    await clearRows(database.db)
  })

  test('patterns, folders, packed files and the standard input, with one count', async () => {
    await mkdir(join(folder, 'days'))
    await file('days/2024-05-01.json', dayArchive('2024-05-01', 'Owls at dusk'))
    await file('days/2024-05-02.json.gz', gzip(dayArchive('2024-05-02', 'Newts in ponds')))
    await file('days/2024-05-03.zip', zip({ 'a.json': dayArchive('2024-05-03', 'Eels by night') }))
    const dry = await run(join(folder, 'days/2024-05-*'), '--dry-run', '--json')
    expect(JSON.parse(dry.stdout)).toMatchObject({ files: 3, entries: 3, new: 3 })
    const real = await run(join(folder, 'days/2024-05-0[12]*'), '--json')
    expect(real).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(real.stdout)).toMatchObject({ files: 2, new: 2 })
    const { ended } = start(['-', join(folder, 'days'), '--json'], dayArchive('2024-05-04', 'Herons at noon'))
    const all = await ended
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(JSON.parse(all.stdout))).toEqual([
      'files',
      'entries',
      'new',
      'updated',
      'unchanged',
      'rejected',
      'seconds',
    ])
    expect(JSON.parse(all.stdout)).toMatchObject({ files: 4, entries: 4, new: 2, unchanged: 2 })
  })

  test('the last line counts what could not be read', async () => {
    await mkdir(join(folder, 'mixed'))
    await file('mixed/day.json', dayArchive('2024-06-05', 'Newts in the pond'))
    await file('mixed/note.txt', 'Buy milk')
    const result = await run(join(folder, 'mixed'), '--dry-run')
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/^1 file, 1 entry: .* 0 rejected; 1 could not be read to the end \(/)
  })

  test('folders that link to each other end, each read once; hidden files are left out', async () => {
    for (const name of ['one', 'two']) await mkdir(join(folder, 'ring', name), { recursive: true })
    await file('ring/one/2024-06-01.json', dayArchive('2024-06-01', 'Toads on the road'))
    await file('ring/two/2024-06-02.json', dayArchive('2024-06-02', 'Martens in the loft'))
    await file('ring/two/.2024-06-02.json.swp', 'half written')
    await symlink('../two', join(folder, 'ring/one/next'))
    await symlink('../one', join(folder, 'ring/two/next'))
    await symlink('..', join(folder, 'ring/two/up'))
    const result = await run(join(folder, 'ring'), '--dry-run', '--json')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toMatchObject({ files: 2, entries: 2, new: 2 })
  })

  test('what lies in a folder and is no file is passed over: nobody may ever write to a pipe', async () => {
    await mkdir(join(folder, 'things'))
    await file('things/odd.json', dayArchive('2024-06-03', 'Voles under the snow'))
    execFileSync('mkfifo', [join(folder, 'things/pipe')])
    const result = await run(join(folder, 'things'), '--dry-run', '--json')
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/things\/pipe: skipped, .*\n$/),
    })
    expect(JSON.parse(result.stdout)).toMatchObject({ files: 1, new: 1 })
  })

  test.skipIf(process.getuid?.() === 0)('a folder that may not be read holds back no other', async () => {
    await mkdir(join(folder, 'mine/closed'), { recursive: true })
    await file('mine/open.json', dayArchive('2024-06-04', 'Mice in the meadow'))
    await chmod(join(folder, 'mine/closed'), 0)
    const result = await run(join(folder, 'mine'), '--dry-run', '--json')
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/mine\/closed: expected .* EACCES/),
    })
    expect(JSON.parse(result.stdout)).toMatchObject({ files: 1, new: 1 })
  })

  test('names and titles cannot steer a terminal, nor make one line two', async () => {
    const path = await file('red\u001b[31m\nname.txt', 'no listing')
    const { stderr } = await run(path)
    expect(stderr).toMatch(/^[^\p{Cc}]*red\\u001b\[31m\\u000aname\.txt: expected [^\p{Cc}]*\n$/u)
    await run(await file('titled.json', dayArchive('2024-06-05', 'A stoat\u009b31m turns \u202eback')))
    const [listed, json] = [
      await paperboy(settings, 'papers', '--query', 'stoat'),
      await paperboy(settings, 'papers', '--query', 'stoat', '--json'),
    ]
    expect(listed.stdout).toMatch(/^[^\p{Cc}]*A stoat\\u009b31m turns \\u202eback [^\p{Cc}]*\n$/u)
    expect(JSON.parse(json.stdout).title).toBe('A stoat\u009b31m turns \u202eback')
    expect(json.stdout).toMatch(/^[^\p{Cc}\u202e]*\n$/u)
  })

  test('a table whose columns a person names', async () => {
    const table = await file('table.csv', 'Nr;Name;Text\n1;Bats in the attic at night;They hang.\n')
    const guessed = await run(table)
    expect(guessed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /table\.csv: expected a paper listing, or a table with a column that is named as a title, got the columns "Nr", "Name", "Text"; say which holds the titles: --map title=COLUMN\n$/,
      ),
    })
    const mapped = await run(table, '--map', 'title=Name,abstract=Text', '--json')
    expect(JSON.parse(mapped.stdout)).toMatchObject({ entries: 1, new: 1 })
    const wrong = await run(table, '--map', 'title=Title')
    expect(wrong.stderr).toMatch(
      /table\.csv: expected a table .* got the columns "Nr", "Name", "Text"; name the right ones with --map\n$/,
    )
  })

  test('stored pages, parsed again', async () => {
    const result = await run('--pages', '--json')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toMatchObject({ files: 5, new: 0, updated: 0, unchanged: 5 })
    expect((await run('--pages')).stdout).toMatch(
      /^5 pages, 5 entries: 0 new, 0 updated, 5 unchanged, 0 rejected/,
    )
  })
})

describe('rejects', () => {
  test('of a file whose name is as long as names may be', async () => {
    for (const name of [`${'論'.repeat(82)}.jsonl`, `${'n'.repeat(249)}.jsonl`]) {
      const result = await run(await file(name, `${snapshotLines(1)}{"id":"x"}\n`), '--dry-run', '--json')
      expect(result.code).toBe(0)
      expect(JSON.parse(result.stdout)).toMatchObject({ entries: 1, rejected: 1 })
    }
  })

  test('go to a list, one JSON line each, and the list is said', async () => {
    const path = await file('mixed.jsonl', `${snapshotLines(2)}{"id":"x"}\n`)
    const result = await run(path, '--json')
    expect(JSON.parse(result.stdout)).toMatchObject({ entries: 2, rejected: 1 })
    const list = /mixed\.jsonl: 1 entry could not be read; see (\S+\.rejects\.jsonl)\n$/.exec(
      result.stderr,
    )![1]!
    expect(JSON.parse(await readFile(list, 'utf8'))).toEqual({
      file: 'mixed.jsonl',
      where: expect.stringMatching(/^line 3 \(byte \d+\)$/),
      reason: 'expected an arXiv id, got "x"',
    })
  })

  test('of a dry run are another list; a replay without any leaves none', async () => {
    const path = join(folder, 'mixed.jsonl')
    await run(path, '--dry-run')
    await file('mixed.jsonl', snapshotLines(3))
    await run(path)
    const lists = (await readdir(join(folder, 'data/rejects'))).filter((name) => name.startsWith('mixed'))
    expect(lists.map((name) => name.replace(/-[0-9a-f]{8}/, '')).sort()).toEqual([
      'mixed.jsonl.dry-run.rejects.jsonl',
      'mixed.jsonl.rejects.jsonl',
    ])
  })
})

describe('wrong use', () => {
  test.each([
    [[], /expected either paths of dumps \(- for standard input\) or --pages/],
    [['--pages', 'x'], /expected either paths of dumps/],
    [
      ['x', '--format', 'papyrus'],
      /--format: expected one of auto, .*arxiv-snapshot.*, table, got "papyrus"/,
    ],
    [['x', '--map', 'size=x'], /--map: expected FIELD=COLUMN/],
    [['x', '--listed-on', 'May'], /--listed-on: expected a date/],
  ])('%j', async (args, message) => {
    const result = await run(...args)
    expect(result.stderr).toMatch(message)
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(result.code).toBe(2)
  })

  test('a pattern that matches nothing, a folder that is empty', async () => {
    const result = await run(join(folder, 'nothing-*.json'))
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /nothing-\*\.json: expected a file or folder, got nothing with that name/,
      ),
    })
  })
})

test('a pipe that stands still holds nobody up: what was read of it is stored meanwhile', async () => {
  // Two megabytes: the first tells what it is.
  await clearRows(database.db)
  const papers = async () =>
    Number(
      (await database.db
        .selectFrom('papers')
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirst())!.n,
    )
  const [lines, first] = [snapshotLines(4_300), snapshotLines(4_000)]
  const { child, ended } = start(['-', '--json'], null)
  child.stdin.write(first)
  await eventually(async () => expect(await papers()).toBeGreaterThanOrEqual(1_000))
  child.stdin.end(lines.slice(first.length))
  const result = await ended
  expect(result).toMatchObject({
    code: 0,
    stderr: 'paperboy: -: read 4,300 entries as arxiv-snapshot; ignored fields: submitter (4,300)\n',
  })
  expect(JSON.parse(result.stdout)).toMatchObject({ entries: 4_300, new: 4_300 })
})

describe('a replay that is interrupted', () => {
  // A step stores thousands of lines on a fast machine, and some must be left for the last kill.
  const [kills, linesEach] = inject('backend') === 'embedded' ? [2, 2_500] : [5, 3_500]
  const lines = linesEach * (kills + 3)
  /** So many processes take their time on a busy machine. */
  const MINUTES = 5 * 60_000
  const progress = async () =>
    (await database.db.selectFrom('replays').select(['record', 'finished_at']).executeTakeFirst()) ?? {
      record: 0,
      finished_at: null,
    }
  /** Starts the replay in a process, and gives it once it has stored more than was there before. */
  async function startedAndStoring() {
    const { record } = await progress()
    const started = start([path, '--json'])
    await eventually(async () => expect((await progress()).record).toBeGreaterThan(record))
    return started
  }
  let path: string
  let undisturbed: Awaited<ReturnType<typeof storedRows>>
  beforeAll(async () => {
    path = await file('large.jsonl', snapshotLines(lines))
    await clearRows(database.db)
    await run(path)
    undisturbed = await storedRows(database.db)
    await clearRows(database.db)
  }, MINUTES)

  test(
    'by the keyboard stops after its step, and says that the same command goes on',
    async () => {
      const { child, ended } = await startedAndStoring()
      child.kill('SIGINT')
      const stopped = await ended
      expect(stopped.code).toBe(1)
      expect(stopped.stderr).toMatch(
        /stopping after this step; press Ctrl-C again to stop at once\n.*stopped after \d+ records; run the same command again to continue\n$/s,
      )
    },
    MINUTES,
  )

  test(
    'by kill -9 again and again in the middle of a step, ends with the rows of an undisturbed one',
    async () => {
      let count = 0
      // A machine that is faster still has nothing left for the last kills.
      while (count < kills && (await progress()).record < 0.8 * lines) {
        const { child, ended } = await startedAndStoring()
        child.kill('SIGKILL')
        await ended
        count += 1
      }
      expect(count).toBeGreaterThanOrEqual(kills / 2)
      expect((await progress()).finished_at).toBeNull()
      const last = await run(path, '--json')
      expect(last.stderr).toMatch(/large\.jsonl: continued after \d+ records of an earlier run\n/)
      expect(JSON.parse(last.stdout)).toMatchObject({ files: 1, entries: lines, new: lines })
      expect((await progress()).finished_at).not.toBeNull()
      expect(await storedRows(database.db)).toEqual(undisturbed)
    },
    MINUTES,
  )
})
