import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storePage } from '../../src/db/fetching/pages.ts'
import { insertReplayFile } from '../../src/db/fetching/replayFiles.ts'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import { insertCapturedMail } from '../../src/db/mail/capturedMails.ts'
import { upsertThumbnail } from '../../src/db/papers/thumbnails.ts'
import { createToken } from '../../src/db/subscribers/tokens.ts'
import { requestAddressChange } from '../../src/subscribers/addressChange.ts'
import { papersOn, store } from '../support/listings.ts'
import { ADMIN_PASSWORD, dumpRows, enlist, openTestSite, type TestSite, visit } from '../support/web.ts'

let site: TestSite

let dataDir: string
const LIST = '00000000-0000-4000-8000-000000000001'

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'paperboy-read-'))
  await mkdir(join(dataDir, 'uploads'))
  await writeFile(join(dataDir, 'uploads', `list-${LIST}`), 'email\nlisted@example.org\n')
  site = await openTestSite({ dataDir })
})
afterAll(async () => {
  await site.close()
  await rm(dataDir, { recursive: true })
})

/** The patterns of all routes that answer GET, read from the router's own tree. */
function getRoutes(): string[] {
  const routes: string[] = []
  const path: string[] = []
  for (const line of site.server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^([\s│├└─]*)(\S+)(?: \((.*)\))?$/.exec(line) ?? []
    if (part === '') continue
    path.length = indent.length / 4 - 1
    path.push(part)
    if (methods.split(', ').includes('GET')) routes.push(path.join(''))
  }
  return routes
}

test('GET and HEAD change nothing, on any route, with links that work, for strangers and the admin', async () => {
  const { tools } = site
  await store(tools, '2026-11-20', papersOn('glaciers', 3))
  const { id, manage, unsubscribe } = await enlist(site, 'reader@example.org')
  site.enqueued.push({ name: 'planDigests', payload: { tick: tools.now().toISOString() } })
  await site.runJobs()
  const digest = await tools.db.selectFrom('digests').select('id').executeTakeFirstOrThrow()
  const paper = await tools.db.selectFrom('papers').select('id').limit(1).executeTakeFirstOrThrow()
  const link = (purpose: 'confirm' | 'view' | 'feed' | 'new address') =>
    createToken(tools.db, { purpose, subscriberId: id, digestId: digest.id }, tools.now())
  const raw = Buffer.from('Subject: hello\r\nContent-Type: text/html\r\n\r\n<p>hello</p>')
  const mail = await insertCapturedMail(tools.db, {
    mailFrom: 'a@b.example',
    rcptTo: ['reader@example.org'],
    subject: 'hello',
    raw,
    receivedAt: tools.now(),
  })
  const source = await ensureSource(tools.db, {
    name: 'owls',
    address: 'https://owls.example/feed',
    every_minutes: 60,
    lookback_days: 0,
  })
  const page = await storePage(tools.db, {
    sourceId: source.id,
    address: 'https://owls.example/feed',
    body: Buffer.from('<rss></rss>'),
    contentType: 'application/rss+xml',
    observedAt: tools.now(),
    listedOnHint: null,
  })
  const picture = { paperId: paper.id, address: 'https://owls.example/owl.png' }
  await upsertThumbnail(tools.db, picture, { picture: Buffer.from('RIFF') }, tools.now())
  const rejects = join(dataDir, 'rejects')
  await writeFile(rejects, '{}')
  const replay = await insertReplayFile(tools.db, {
    ...{ name: 'owls.jsonl', path: rejects, rejects_path: rejects, rejects_folder: '/', is_upload: false },
    ...{ bytes: 2, added_at: tools.now(), status: 'done' },
  })
  await requestAddressChange(tools, id, 'elsewhere@example.org', { actor: 'subscriber' })
  const tokens = {
    address: await link('new address'),
    confirm: await link('confirm'),
    digests: await link('view'),
    feeds: await link('feed'),
    preferences: manage,
    unsubscribe,
  }
  const ids = {
    papers: paper.id,
    digests: digest.id,
    inbox: mail,
    merges: 1,
    replays: replay,
    sources: source.id,
    pages: page.id,
    subscribers: id,
  }
  const fill = (route: string) =>
    route
      .replace(/^\/(\w+)\/:token/, (_, kind: keyof typeof tokens) => `/${kind}/${tokens[kind]}`)
      .replace(/(\w+)\/:id/, (_, kind: keyof typeof ids) => `${kind}/${ids[kind]}`)
      .replace(':file', LIST)
      // The router prints `/static/*` without its folder.
      .replace('*', 'static/paperboy.css')
  const addresses = getRoutes().map(fill)
  expect(addresses.length).toBeGreaterThan(20)

  const admin = visit(site.server, '198.51.100.1')
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const before = await dumpRows(site)
  const codes: Record<string, number> = {}
  for (const address of addresses) {
    await site.server.inject({ url: address })
    await site.server.inject({ url: address, method: 'HEAD' })
    codes[address] = (await admin.get(address, { authorization: '' })).statusCode
  }
  expect(await dumpRows(site)).toEqual(before)
  expect(site.enqueued).toEqual([])
  // Each address led to its page, but for those that only take forms and the icon, which is elsewhere: a test of error pages would prove nothing.
  const others = Object.entries(codes).filter(([, code]) => code !== 200 && code !== 405)
  expect(others).toEqual([['/favicon.ico', 302]])
  expect(Object.values(codes).filter((code) => code === 200).length).toBeGreaterThan(30)
})
