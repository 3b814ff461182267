import { spawn } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { snapshotLines } from '../support/dumps.ts'
import { PAPERBOY, paperboy } from '../support/paperboy.ts'
import { type MailServer, openMailServer } from '../support/smtp.ts'

let database: TestDatabase
let mail: MailServer
let folder: string
let settings: Record<string, string>

const HOSTILE = 'Owls <script>alert("x")</script> & \u202Eevil\u202C $\\alpha$ 🦉 "quoted"'
const page = (day: string, ...titles: string[]) =>
  JSON.stringify(
    titles.map((title, index) => ({
      paper: {
        id: `2611.${String(100 + index + Number(day.slice(8)) * 100).padStart(5, '0')}`,
        title,
        summary: `${title}: what we saw at night, at length.`,
        authors: [{ name: 'Ann Écrit' }],
        upvotes: 5,
        submittedOnDailyAt: `${day}T00:00:00.000Z`,
      },
      title,
    })),
  )

beforeAll(async () => {
  database = await openTestDatabase()
  mail = await openMailServer()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-cli-'))
  settings = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), SMTP_URL: mail.url }
})
afterAll(async () => {
  await mail.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => paperboy(settings, ...args)
async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('from a dump to a mailbox', () => {
  test('replay counts, and again finds nothing new', async () => {
    const path = await file('day.json', page('2026-11-20', HOSTILE, 'Lynx in winter', 'Badgers and setts'))
    const first = await run('replay', path, '--json')
    expect(JSON.parse(first.stdout)).toEqual({
      files: 1,
      entries: 3,
      new: 3,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      seconds: expect.any(Number),
    })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const again = await run('replay', path, '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ new: 0, updated: 0, unchanged: 3 })
  })

  test('papers gives a JSON line each with the keys that programs rely on', async () => {
    const { stdout, code } = await run('papers', '--json', '--query', 'owls')
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        id: expect.any(Number),
        title: HOSTILE,
        abstract: expect.stringContaining('at night'),
        authors: ['Ann Écrit'],
        arxivId: '2611.02100',
        doi: null,
        listedOn: '2026-11-20',
        upvotes: 5,
        sources: ['replay-hf-daily-api'],
      },
    ])
  })

  test('papers for a subscriber that takes its time come to the end', async () => {
    await run('replay', await file('many.jsonl', snapshotLines(1500)))
    const child = spawn(process.execPath, [PAPERBOY, 'papers', '--json'], {
      env: { PATH: process.env.PATH, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    for await (const chunk of child.stdout) {
      text += chunk
      await setImmediate()
    }
    expect(text.split('\n').length).toBeGreaterThan(1500)
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('preview tells what would come and why, and stores nothing', async () => {
    const { stdout } = await run('preview', '--topic', 'Night=owls badgers', '--on', '2026-11-20', '--json')
    const preview = JSON.parse(stdout)
    expect(preview.on).toBe('2026-11-20')
    expect(preview.items.map((item: { title: string }) => item.title).sort()).toEqual([
      'Badgers and setts',
      HOSTILE,
    ])
    expect(preview.items[0]).toMatchObject({
      topic: 'Night',
      score: expect.any(Number),
      reasons: expect.arrayContaining([expect.stringContaining('title')]),
      reasonDetails: expect.arrayContaining([
        { kind: 'words', place: 'title', text: expect.any(String), words: expect.any(Array) },
      ]),
    })
    const texts = preview.items[0].reasonDetails.map(({ text }: { text: string }) => text)
    expect(texts).toEqual(preview.items[0].reasons)
  })

  test('a replayed day’s digest arrives, once, with hostile text as text', async () => {
    const subscribed = await run(
      'subscribe',
      'Reader@Example.org',
      '--topic',
      'Night=owls badgers',
      '--confirmed',
    )
    expect(subscribed).toMatchObject({ code: 0, stderr: '' })
    const sent = await run('digest', '--on', '2026-11-20', '--to', 'reader@example.org', '--json')
    expect(JSON.parse(sent.stdout)).toMatchObject({ planned: 1, sent: 1, failed: 0 })
    const again = await run('digest', '--on', '2026-11-20', '--to', 'reader@example.org', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ planned: 0, sent: 0 })
    expect(mail.mails).toHaveLength(1)
    const { parsed } = mail.mails[0]!
    expect(String(parsed.html)).toContain('&lt;script&gt;')
    expect(String(parsed.html)).not.toContain('<script>alert')
    expect(parsed.text).toContain('<script>alert("x")</script>')
    expect(parsed.text).toContain('α')
    expect(parsed.subject).not.toMatch(/[\r\n\u202E]/)
  })

  test('preview leaves out what was sent, and says so', async () => {
    const { stdout } = await run('preview', 'reader@example.org', '--on', '2026-11-20', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ items: [], reason: expect.stringMatching(/\w/) })
  })
})

describe('bad input: one line, the exit code, nothing stored', () => {
  const expectOneLine = (result: { stderr: string; code: number | null }, code: number, text: RegExp) => {
    expect(result.stderr).toMatch(text)
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(result.code).toBe(code)
  }
  const countPapers = async () => (await run('papers', '--json')).stdout.split('\n').length

  test('files that are no listing', async () => {
    const before = await countPapers()
    const files: [string, string | Buffer, RegExp][] = [
      ['empty.html', '', /empty\.html: .*empty/i],
      ['prose.txt', 'Dear diary,\nit rained.\n', /prose\.txt: expected/],
      ['cut.json', page('2026-11-21', 'Never stored').slice(0, -20), /cut\.json: .*(truncated|cut)/i],
      ['nul.txt', 'A title\0\nAn abstract\n', /nul\.txt: .*NUL/],
      ['latin.txt', Buffer.from([0x54, 0xff, 0xfe, 0x0a]), /latin\.txt: .*UTF-8/],
    ]
    for (const [name, content, text] of files) {
      expectOneLine(await run('replay', await file(name, content)), 1, text)
    }
    expect(await countPapers()).toBe(before)
  })

  test('a missing file, and a line of 100 MB', async () => {
    expectOneLine(await run('replay', join(folder, 'nowhere.txt')), 1, /nowhere\.txt: expected a file/)
    const long = await file('long.txt', 'a')
    await truncate(long, 100 * 1024 * 1024)
    expectOneLine(await run('replay', long), 1, /long\.txt: expected .*100 MB/)
  })

  test('one bad file of several is said and holds back no other', async () => {
    const good = await file('good.json', page('2026-11-22', 'Otters by the river'))
    const result = await run('replay', join(folder, 'prose.txt'), good, '--json')
    expectOneLine(result, 1, /prose\.txt/)
    expect(JSON.parse(result.stdout)).toMatchObject({ files: 1, new: 1 })
  })

  test('a folder is read in the order of names', async () => {
    const days = await mkdtemp(join(folder, 'days-'))
    await writeFile(join(days, '2026-11-02.json'), page('2026-11-02', 'Second'))
    await writeFile(join(days, '2026-11-01.json'), page('2026-11-01', 'First'))
    expect(JSON.parse((await run('replay', days, '--json')).stdout)).toMatchObject({ files: 2, new: 2 })
  })

  test('wrong use names the option, what was expected and what came', async () => {
    expectOneLine(await run('preview'), 2, /expected an email or --topic/)
    expectOneLine(
      await run('preview', '--topic', 'X=owls', '--on', 'yesterday'),
      2,
      /--on: expected a date .*"yesterday"/,
    )
    expectOneLine(await run('preview', '--topic', 'X="owls'), 2, /quot/)
    expectOneLine(await run('papers', '--limit', '-3'), 2, /--limit: expected a whole number/)
    expectOneLine(await run('subscribe', 'nobody', '--topic', 'X=owls'), 2, /address/)
    expectOneLine(await run('subscribe', 'a@b.example', '--timezone', 'Mars/Base'), 2, /time zone/)
    expectOneLine(await run('digest', '--to', 'stranger@example.org'), 1, /stranger@example\.org/)
    expectOneLine(await run('sources', 'enable', 'nothing'), 2, /expected the name of a source/)
    expect((await run('fly')).code).toBe(2)
  })

  test('tomorrow’s digest is not made today, and what subscribe is not told stays', async () => {
    expectOneLine(await run('digest', '--on', '2199-01-01'), 2, /--on: expected today or a day before/)
    await run(
      'subscribe',
      'keeper@example.org',
      '--topic',
      'Coast=lighthouses',
      '--at',
      '06:15',
      '--confirmed',
    )
    expect(
      (await run('subscribe', 'keeper@example.org', '--timezone', 'Asia/Tokyo', '--confirmed')).code,
    ).toBe(0)
    const kept = await database.db
      .selectFrom('subscribers')
      .innerJoin('topics', 'topics.subscriber_id', 'subscribers.id')
      .select(['query', 'send_at', 'time_zone'])
      .where('email', '=', 'keeper@example.org')
      .execute()
    expect(kept).toEqual([{ query: 'lighthouses', send_at: '06:15', time_zone: 'Asia/Tokyo' }])
    const shown = JSON.parse((await run('subscribers', 'show', 'Keeper@example.org', '--json')).stdout)
    expect(shown).toMatchObject({ email: 'keeper@example.org', status: 'active', suppression: null })
    expect(shown.timeline.map(({ what }: { what: string }) => what)).toContain('confirmed')
    expectOneLine(await run('subscribers', 'export', 'nobody@example.org'), 1, /address of a subscriber/)
  })

  test('a list of subscribers goes in once, and comes out again', async () => {
    const list = await file(
      'list.csv',
      'email,consent_source,topics\nlisted@example.org,a form,Owls=owl\nnonsense,a form,\nKEEPER@example.org,a form,\n',
    )
    const dry = await run('subscribers', 'import', list, '--dry-run')
    expect(dry.stdout).toBe('3 rows, 1 active, 1 cannot be read, 1 known already. Nothing is changed.\n')
    expect((await run('subscribers', 'export', '--search', 'listed@')).stdout.split('\r\n')).toHaveLength(2)
    const first = await run('subscribers', 'import', list)
    expect(first).toMatchObject({ code: 0, stdout: '3 rows, 1 active, 1 cannot be read, 1 known already.\n' })
    expect(first.stderr).toMatch(
      /^paperboy: line 3, nonsense: invalid\. Expected .*\n.*line 4, KEEPER@example\.org: known/,
    )
    const again = await run('subscribers', 'import', list, '--json')
    expect(
      again.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(['known', 'invalid', 'known'])
    const out = (await run('subscribers', 'export', '--search', 'listed@')).stdout
    expect(out).toMatch(/^email,status,.*\r\nlisted@example\.org,active,,a form,.*Owls=owl/)
    expectOneLine(
      await run('subscribers', 'import', join(folder, 'none.csv')),
      2,
      /FILE: expected a list in CSV/,
    )
    const table = await file('table.csv', 'name,town\nAnn,Bonn\n')
    expectOneLine(await run('subscribers', 'import', table), 1, /names a column email/)
  })

  test('a queue that is away is named', async () => {
    const away = await paperboy({ ...settings, REDIS_URL: 'redis://127.0.0.1:1', PORT: '0' }, 'start')
    expectOneLine(away, 1, /^paperboy: REDIS_URL: expected a queue that answers/)
  })

  test('a wrong setting is named with its remedy', async () => {
    const wrong = (extra: Record<string, string>, ...args: string[]) =>
      paperboy({ ...settings, ...extra }, ...args)
    expectOneLine(await wrong({ PORT: 'lots' }, 'start'), 1, /^paperboy: PORT: expected .* got "lots"; /)
    const away = await wrong({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }, 'papers')
    expectOneLine(away, 1, /^paperboy: DATABASE_URL: expected a database that answers/)
    expectOneLine(
      await wrong({ SMTP_URL: 'smtp://mail.example.org:25' }, 'papers'),
      1,
      /^paperboy: PUBLIC_URL: expected/,
    )
    const half = await paperboy({ DATA_DIR: join(folder, 'other') }, 'start', '--role', 'web')
    expectOneLine(half, 2, /DATABASE_URL/)
  })
})
