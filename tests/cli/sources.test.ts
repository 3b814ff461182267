import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import { BUILTIN_SOURCES } from '../../src/sources/builtin.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { type CommandResult, paperboy } from '../support/paperboy.ts'

let database: TestDatabase
let server: PageServer
let folder: string

const listing = (...titles: string[]) =>
  JSON.stringify(
    titles.map((title, index) => ({
      paper: { id: `2611.${String(40_000 + index)}`, title, summary: 'On birds.', authors: [], upvotes: 1 },
      title,
    })),
  )
const EMPTY_FEED =
  '<?xml version="1.0"?><rss version="2.0"><channel><title>cs.CL updates on arXiv.org</title></channel></rss>'
const DAY_BEFORE = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10)

const ANSWERS: Record<string, string> = {
  '/papers': listing('Owls', 'Larks $\\alpha$', 'Terns', 'Gulls'),
  '/passing': listing('Owls'),
  '/empty': '[]',
  '/feed': EMPTY_FEED,
  '/hello': '<!doctype html><html><head><title>Hello</title></head><body>Hi</body></html>',
  [`/day/${DAY_BEFORE}`]: listing('Finches'),
  '/robots.txt': 'User-agent: *\nDisallow: /closed',
}

beforeAll(async () => {
  database = await openTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'paperboy-cli-'))
  server = await openPageServer((request: IncomingMessage, response: ServerResponse) => {
    const isDay = request.url?.startsWith('/day/')
    const body = ANSWERS[(request.url ?? '').replace('?opml', '')] ?? (isDay ? '[]' : undefined)
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
})
afterAll(async () => {
  await server.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) =>
  paperboy(
    { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), ALLOW_PRIVATE_SOURCES: 'true' },
    'sources',
    ...args,
  )
const rowOf = (name: string) =>
  database.db.selectFrom('sources').selectAll().where('name', '=', name).executeTakeFirst()
const countSources = async () => (await database.db.selectFrom('sources').select('id').execute()).length

function expectOneLine(result: CommandResult, code: number, text: RegExp): void {
  expect(result.stderr).toMatch(text)
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(result).toMatchObject({ code, stdout: '' })
}

test('a new installation begins with the daily list and what is trending, switched on', async () => {
  const { stdout, code } = await run('list', '--json')
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(code).toBe(0)
  expect(rows.map(({ name, enabled }) => [name, enabled])).toEqual(
    BUILTIN_SOURCES.map(({ name }) => [name, true]),
  )
  expect(rows.map(({ name }) => name)).toEqual(['hf-daily', 'hf-daily-page', 'hf-trending'])
})

describe('sources add', () => {
  test('fetches once, shows the first three, keeps the source', async () => {
    const added = await run('add', `${server.url}/papers`, '--name', 'birds', '--every', '90')
    expect(added).toEqual({
      code: 0,
      stderr: '',
      stdout: 'birds: hf-daily-api, 4 papers\n  Owls\n  Larks α\n  Terns\nAdded; fetched every 90 minutes.\n',
    })
    expect(server.requests).toEqual(['/robots.txt', '/papers'])
    expect(await rowOf('birds')).toMatchObject({
      address: `${server.url}/papers`,
      every_minutes: 90,
      enabled: true,
      lookback_days: 0,
    })
    expect((await run('fetch', 'birds')).stdout).toMatch(/^birds .* stored at /)
  })

  test('a dated address is tried on the days before where today has no list yet', async () => {
    const { stdout, code } = await run('add', `${server.url}/day/{date}`, '--name', 'days')
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'days: hf-daily-api, 1 paper'])
    expect(await rowOf('days')).toMatchObject({ lookback_days: 13 })
  })

  test('a feed without news is a feed all the same', async () => {
    const { stdout, code } = await run('add', `${server.url}/feed`, '--name', 'feed')
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'feed: arxiv-rss, no papers at the moment'])
  })

  test('a disabled source is not fetched, and it is said how to enable it', async () => {
    await run('disable', 'days')
    expectOneLine(await run('fetch', 'days'), 2, /"days", which is disabled; paperboy sources enable days\n$/)
  })

  test('a fetch that failed is said with its word, as the list says it', async () => {
    const { id } = await ensureSource(database.db, {
      name: 'closed',
      address: `${server.url}/closed`,
      every_minutes: 60,
      lookback_days: 0,
    })
    expectOneLine(await run('fetch', 'closed'), 1, /^paperboy: closed: blocked: .*robots\.txt closes/)
    expect((await run('list')).stdout).toMatch(/^closed .* blocked at .*robots\.txt closes/m)
    await database.db.deleteFrom('fetch_counts').where('source_id', '=', id).execute()
    await database.db.deleteFrom('fetches').where('source_id', '=', id).execute()
    await database.db.deleteFrom('sources').where('id', '=', id).execute()
  })

  test('a source is removed once, what it listed stays, and a built-in one is not', async () => {
    await run('add', `${server.url}/passing`, '--name', 'passing')
    await run('fetch', 'passing')
    const titles = async () =>
      (await database.db.selectFrom('papers').select('title').orderBy('id').execute()).map(
        ({ title }) => title,
      )
    const before = await titles()
    expect(before).toContain('Owls')
    const removed = await run('remove', 'passing')
    expect(removed).toMatchObject({ code: 0, stderr: '' })
    expect(removed.stdout).toContain('passing')
    const listed = (await run('list')).stdout.split('\n').filter((line) => line.startsWith('passing'))
    expect(listed).toEqual([expect.stringMatching(/^passing \(removed \d+\) {2}\(replayed dumps\)$/)])
    expect(await titles()).toEqual(before)
    expectOneLine(await run('remove', 'passing'), 2, /expected .*passing/)
    expectOneLine(await run('fetch', 'passing'), 2, /passing/)
    expect((await run('enable', 'passing')).code).toBe(2)
    expectOneLine(await run('remove', 'hf-daily'), 2, /hf-daily/)
    expect((await run('list')).stdout).toContain('hf-daily ')
  })

  test('what lists nothing readable is refused in one line, and not kept', async () => {
    const before = await countSources()
    expectOneLine(await run('add', `${server.url}/hello`), 1, /\/hello: expected a paper listing, .*"Hello"/)
    expectOneLine(
      await run('add', `${server.url}/empty`),
      1,
      /\/empty: expected a list of papers, got an empty list/,
    )
    expectOneLine(await run('add', `${server.url}/gone`), 1, /\/gone": 404 Not Found/)
    expectOneLine(await run('add', `${server.url}/closed`), 1, /line 2 of .*\/robots\.txt closes/)
    expectOneLine(await run('add', 'cs.CL'), 2, /expected an http\(s\) address, arxiv:cs\.CL/)
    expectOneLine(await run('add', `${server.url}/papers?b`, '--name', 'birds'), 2, /"birds", which is taken/)
    expectOneLine(
      await run('add', `${server.url}/papers`),
      2,
      /\/papers", which the source "birds" reads already/,
    )
    expectOneLine(await run('add', `${server.url}/papers`, '--every', '0'), 2, /--every: expected/)
    expect(await countSources()).toBe(before)
  })
})

describe('sources add FILE.opml', () => {
  test('adds each feed of an OPML list once, and tells which cannot be read', async () => {
    const before = await countSources()
    const file = join(folder, 'feeds.opml')
    const outline = (title: string, path: string) =>
      `<outline type="rss" text="${title}" xmlUrl="${server.url}${path}"/>`
    await writeFile(
      file,
      `<?xml version="1.0"?><opml version="2.0"><body><outline text="Birds">${outline('Owls &amp; larks', '/papers?opml')}
       ${outline('Again', '/papers?opml')}</outline>${outline('Quiet', '/feed?opml')}${outline('Gone', '/gone')}</body></opml>`,
    )
    const first = await run('add', file)
    expect(first.stdout.split('\n')).toEqual([
      'Owls-larks: hf-daily-api, 4 papers',
      ...['  Owls', '  Larks α', '  Terns'],
      expect.stringMatching(/^Quiet: [\w-]+, no papers at the moment$/),
      '2 feeds added, fetched every 60 minutes; 0 read already, 1 not added.',
      '',
    ])
    expect(first.stderr).toMatch(/^paperboy: Gone: [^\n]*404[^\n]*\n$/)
    expect(first.code).toBe(1)
    expect(await countSources()).toBe(before + 2)
    const second = await run('add', file)
    expect(second.stdout).toContain('0 feeds added, fetched every 60 minutes; 2 read already, 1 not added.')
    expect(await countSources()).toBe(before + 2)
  })

  test.each([
    ['missing.opml', 2, /^paperboy: sources add: expected an OPML file, got "missing.opml": [^\n]*\n$/],
    ['empty.opml', 1, /^paperboy: expected an OPML list of feeds, got [^\n]*\n$/],
  ])('a list that cannot be read is one line: %s', async (name, code, text) => {
    const path = join(folder, name)
    if (name === 'empty.opml') await writeFile(path, '<opml version="2.0"><body/></opml>')
    expectOneLine(await run('add', name === 'empty.opml' ? path : name), code, text)
  })
})
