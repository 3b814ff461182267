import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDump } from '../../../src/cli/replay/dumpFiles.ts'
import { rejectsFile } from '../../../src/ingest/replay/rejectsFile.ts'
import { replayDump } from '../../../src/ingest/replay/replayDump.ts'
import type { Transact } from '../../../src/ingest/transactions.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { dayArchive, gzip, snapshotLines, snapshotRecord, tar, zip } from '../../support/dumps.ts'
import { replayBytes, replayFile } from '../../support/replay.ts'
import { clearRows, storedRows } from '../../support/storedRows.ts'

const NOW = new Date('2026-11-20T09:00:00Z')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-streams-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** An empty database. */
async function freshTools() {
  await clearRows(database.db)
  return { db: database.db, now: () => NOW }
}

/** 1,100 records, some of them twice in other spellings, some that cannot be read. */
function mixedLines(): string {
  const lines = snapshotLines(1100).split('\n')
  lines.splice(
    1700,
    0,
    JSON.stringify(
      snapshotRecord(3, { id: 'arXiv:2403.00003v2', title: snapshotRecord(3).title.toUpperCase() }),
    ),
  )
  for (const at of [40, 320, 630, 1000]) lines.splice(at, 0, `{"id":"broken ${at}"}`)
  return lines.join('\n')
}
const MIXED = { entries: 1101, new: 1100, rejected: 4 }

describe('a replay that is interrupted', () => {
  test('goes on where it stopped, and ends with the rows and rejects of an undisturbed one', async () => {
    const file = join(folder, 'mixed.jsonl')
    await writeFile(file, mixedLines())
    const undisturbed = await freshTools()
    const whole = await replayFile(file, undisturbed)
    expect(whole).toMatchObject({ ...MIXED, doneBefore: 0, isStopped: false })
    const rows = await storedRows(undisturbed.db)
    const tools = await freshTools()
    const counts: number[] = []
    for (;;) {
      const stop = new AbortController()
      const onStored = () => stop.abort()
      const result = await replayFile(file, tools, { signal: stop.signal, onStored, dataDir: folder })
      counts.push(result.doneBefore)
      if (result.isStopped && counts.length < 10) continue
      break
    }
    // Batches hold 500 each.
    expect(counts).toEqual([0, 500, 1000, 1105])
    expect(await storedRows(tools.db)).toEqual(rows)
    const last = await replayFile(file, tools, { dataDir: folder })
    expect(last).toMatchObject({ entries: 1101, new: 0, doneBefore: 0 })
  })

  test('by a crash, wherever it comes: the same rows, and each reject once', async () => {
    const file = join(folder, 'crash.jsonl.gz')
    await writeFile(file, gzip(mixedLines()))
    const undisturbed = await freshTools()
    const whole = await replayFile(file, undisturbed)
    const rows = await storedRows(undisturbed.db)
    const tools = await freshTools()
    let result: Awaited<ReturnType<typeof replayDump>> | undefined
    // Each run dies one step further on than the one before: before a transaction, or before it is committed.
    for (let lives = 1; result === undefined; lives += 1) result = await runUntilCrash(file, tools, lives)
    expect(result).toMatchObject({ ...MIXED, new: MIXED.new, failures: [] })
    expect(await storedRows(tools.db)).toEqual(rows)
    const rejects = await replayFile(file, tools, { dataDir: folder })
    expect(rejects.rejects).toEqual(whole.rejects)
    expect(rejects).toMatchObject({ new: 0, updated: 0, unchanged: 1101, rejected: 4 })
  })

  /** Every other run dies after its work and before the commit, as a killed process may. Undefined where it died. */
  async function runUntilCrash(file: string, tools: Awaited<ReturnType<typeof freshTools>>, lives: number) {
    let steps = 0
    const transact: Transact = (work) =>
      tools.db.transaction().execute(async (tx) => {
        steps += 1
        if (steps > 1 + (lives % 3) && lives % 2 === 0) throw new Error('killed')
        const done = await work(tx)
        if (steps > 1 + (lives % 3) && lives < 12) throw new Error('killed')
        return done
      })
    const { dump, close } = await openDump(file, () => {})
    try {
      const rejects = rejectsFile(dump, folder, false)
      return await replayDump(dump, { format: 'auto' }, { now: tools.now, transact, rejects })
    } catch (error) {
      expect((error as Error).message).toBe('killed')
      return undefined
    } finally {
      await close()
    }
  }

  test('begins anew where it is read in another way, or comes through a pipe', async () => {
    const file = join(folder, 'other.jsonl')
    await writeFile(file, snapshotLines(700))
    const tools = await freshTools()
    const stop = new AbortController()
    await replayFile(file, tools, { signal: stop.signal, onStored: () => stop.abort() })
    const other = await replayFile(file, tools, { listedOn: '2024-03-06' })
    expect(other).toMatchObject({ entries: 700, new: 200, doneBefore: 0 })
  })

  test('in an archive, goes on with the file it stopped in', async () => {
    const file = join(folder, 'parts.zip')
    await writeFile(
      file,
      zip({
        'a.json': dayArchive('2024-05-01', 'Owls', 'Newts'),
        'b.jsonl': snapshotLines(1100),
        'c.json': dayArchive('2024-05-02', 'Eels'),
      }),
    )
    const tools = await freshTools()
    let stored = 0
    const stop = new AbortController()
    const first = await replayFile(file, tools, {
      signal: stop.signal,
      onStored: (entries) => {
        stored += entries
        if (stored > 500) stop.abort()
      },
    })
    expect(first).toMatchObject({ files: 1, entries: 502, isStopped: true })
    expect(await replayFile(file, tools)).toMatchObject({
      files: 3,
      entries: 1103,
      new: 1103,
      doneBefore: 502,
    })
  })
})

describe('the same dump', () => {
  test('again changes nothing, in any container, under any name', async () => {
    const text = mixedLines()
    const list = `[${text.split('\n').filter(Boolean).join(',')}]`
    const tools = await freshTools()
    expect(await replayBytes('a.jsonl', text, tools)).toMatchObject(MIXED)
    const rows = await storedRows(tools.db)
    const again = { entries: 1101, new: 0, updated: 0, unchanged: 1101, rejected: 4 }
    for (const [name, bytes] of [
      ['a.jsonl', text],
      ['b', gzip(text)],
      ['c', zip({ 'a.jsonl': text })],
      ['d', gzip(await tar({ 'a.jsonl': gzip(text) }))],
      ['e', list],
    ] as const) {
      expect(await replayBytes(name, bytes, tools), name).toMatchObject(again)
    }
    expect(await storedRows(tools.db)).toEqual(rows)
  })

  test('without any date of its own is as old as its first replay', async () => {
    const tools = await freshTools()
    let now = NOW
    const clock = { db: tools.db, now: () => now }
    const csv = 'title,url\nOtters and the river at night,https://a.example/1\n'
    expect(await replayBytes('a.csv', csv, clock)).toMatchObject({ new: 1 })
    const rows = await storedRows(tools.db)
    now = new Date('2026-12-24T18:00:00Z')
    expect(await replayBytes('b.csv', csv, clock)).toMatchObject({ new: 0, updated: 0, unchanged: 1 })
    expect(await storedRows(tools.db)).toEqual(rows)
  })
})

describe('a dry run', () => {
  test('tells what would happen, papers that come twice included, and changes nothing', async () => {
    const tools = await freshTools()
    const empty = await storedRows(tools.db)
    const dry = await replayBytes('mixed.jsonl', mixedLines(), tools, { dryRun: true })
    expect(await storedRows(tools.db)).toEqual(empty)
    expect(await tools.db.selectFrom('replays').selectAll().execute()).toEqual([])
    const real = await replayBytes('mixed.jsonl', mixedLines(), tools)
    const { files, entries, new: added, updated, unchanged, rejected } = real
    expect(dry).toMatchObject({ files, entries, new: added, updated, unchanged, rejected })
  })
})

describe('the day of a listing', () => {
  const days = async (tools: Awaited<ReturnType<typeof freshTools>>) => {
    const rows = await tools.db
      .selectFrom('sightings')
      .select(['listed_on', 'day'])
      .distinct()
      .orderBy('day')
      .execute()
    return rows.map(({ listed_on }) => listed_on)
  }

  test('of records is the data’s own, else the option’s, else the name’s, else that of publication', async () => {
    const dated = '{"title":"Otters and the river at night","listed_on":"2024-05-01"}\n'
    const published = '{"title":"Herons and the tide at noon","published":"2024-04-01"}\n'
    const cases: [string, string, string | undefined, string[]][] = [
      ['2024-07-01.jsonl', dated + published, '2024-06-01', ['2024-05-01', '2024-06-01']],
      ['2024-07-01.jsonl', dated + published, undefined, ['2024-05-01', '2024-07-01']],
      ['x.jsonl', dated + published, undefined, ['2024-04-01', '2024-05-01']],
    ]
    for (const [name, text, listedOn, expected] of cases) {
      const tools = await freshTools()
      await replayBytes(name, text, tools, { listedOn })
      expect(await days(tools)).toEqual(expected)
    }
  })

  test('of a file in an archive may stand in its name or in the archive’s', async () => {
    const lines = '{"title":"Otters and the river at night"}\n{"title":"Herons and the tide at noon"}\n'
    const tools = await freshTools()
    await replayBytes('dump-2024-07-01.zip', zip({ 'a/2024-05-01.jsonl': lines, 'b.jsonl': lines }), tools)
    expect(await days(tools)).toEqual(['2024-05-01', '2024-07-01'])
  })
})

describe('an archive', () => {
  test('of days: every file counts, and each is a page of its own', async () => {
    const tools = await freshTools()
    const archive = gzip(
      await tar({
        '2024-05-01.json': dayArchive('2024-05-01', 'Owls at dusk', 'Newts'),
        '2024-05-02.json': dayArchive('2024-05-02', 'Eels'),
        'README.txt': 'What lies here.\n',
        '2024-05-04.json': dayArchive('2024-05-04'),
      }),
    )
    const result = await replayBytes('days.tar.gz', archive, tools)
    expect(result).toMatchObject({ files: 3, entries: 3, new: 3 })
    expect(result.failures).toEqual([
      { file: 'days.tar.gz › README.txt', reason: expect.stringMatching(/^expected a paper listing/) },
    ])
    const pages = await tools.db
      .selectFrom('pages')
      .select(['address', 'entries'])
      .orderBy('address')
      .execute()
    expect(pages).toEqual([
      { address: '2024-05-01.json', entries: 2 },
      { address: '2024-05-02.json', entries: 1 },
      { address: '2024-05-04.json', entries: 0 },
    ])
  })

  test('that breaks off is said once; what came before is stored', async () => {
    const tools = await freshTools()
    const archive = await tar({
      '2024-05-01.json': dayArchive('2024-05-01', 'Owls'),
      'b.jsonl': snapshotLines(1100),
    })
    const result = await replayBytes('days.tar', archive.subarray(0, archive.length / 2), tools)
    expect(result.failures.map(({ reason }) => reason)).toEqual([
      'expected a whole tar archive, got one that breaks off; copy it again',
    ])
    expect(result.entries).toBeGreaterThan(400)
    expect((await storedRows(tools.db)).papers).toHaveLength(result.entries)
  })
})

describe('a file that breaks off or is damaged in the middle', () => {
  test.each([
    ['gzip', gzip(snapshotLines(900)).subarray(0, -2000), /breaks off after \d+ unpacked bytes/],
    ['list', Buffer.from(`[${snapshotLines(700).trim().replaceAll('\n', ',')}`), /breaks off at byte \d+/],
    [
      'CSV',
      Buffer.from(`title,doi\n${'Owls in the barn at night,10.5555/1\n'.repeat(900)}"Newts`),
      /never closed: line 902/,
    ],
  ])('%s: one line, and whole batches before it', async (_name, bytes, reason) => {
    const tools = await freshTools()
    const result = await replayBytes('dump', bytes, tools)
    expect(result.failures).toEqual([{ file: 'dump', reason: expect.stringMatching(reason) }])
    expect(result.files).toBe(0)
    expect(result.entries).toBeGreaterThan(0)
    const { sightings } = await storedRows(tools.db)
    expect(sightings!.length).toBeGreaterThan(0)
    const again = await replayBytes('dump', bytes, tools)
    expect(again).toMatchObject({ entries: result.entries, new: 0, updated: 0, unchanged: result.entries })
  })

  test('JSON lines go on behind a line that cannot be read', async () => {
    const tools = await freshTools()
    const text = Buffer.concat([
      Buffer.from(snapshotLines(600)),
      Buffer.from([0xff, 0x0a]),
      Buffer.from(JSON.stringify(snapshotRecord(601))),
    ])
    const result = await replayBytes('dump.jsonl', text, tools)
    expect(result).toMatchObject({ files: 1, entries: 601, rejected: 1, failures: [] })
    expect(result.rejects).toEqual([
      {
        file: 'dump.jsonl',
        where: expect.stringMatching(/^line 601 \(byte \d+\)$/),
        reason: expect.stringMatching(/^expected UTF-8 text, got an invalid byte at offset \d+$/),
      },
    ])
  })
})
