import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { papersOn } from '../../support/listings.ts'
import {
  ADMIN_PASSWORD,
  formToken,
  openTestSite,
  sendFile,
  type TestSite,
  VIEWER_PASSWORD,
  type Visitor,
  visit,
} from '../../support/web.ts'

let site: TestSite
let admin: Visitor
let folder: string
let dataDir: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-folder-'))
  dataDir = await mkdtemp(join(tmpdir(), 'paperboy-data-'))
  site = await openTestSite({ dataDir, replayDir: folder })
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
})
afterAll(async () => {
  await site.close()
  for (const one of [folder, dataDir]) await rm(one, { recursive: true })
})

const dump = (subject: string, count: number) =>
  papersOn(subject, count)
    .map(({ arxivId, ...paper }) => `${JSON.stringify({ ...paper, id: arxivId })}\n`)
    .join('')

const upload = (visitor: Visitor, fields: Record<string, string>, file?: { name: string; text: string }) =>
  sendFile(visitor, '/admin/replays/upload', fields, file)
const token = async (visitor: Visitor) => formToken((await visitor.get('/admin/replays')).body)
const uploads = () => readdir(join(dataDir, 'uploads')).catch(() => [])

test('a dump from the browser is replayed, and what it rejected can be downloaded', async () => {
  const file = { name: 'C:\\dumps\\owls <b>.jsonl', text: `${dump('owls', 3)}{"id": 1}\n` }
  const sent = await upload(admin, { _csrf: await token(admin), listedOn: '2026-11-03', columns: '' }, file)
  expect(sent.statusCode).toBe(303)
  const page = sent.headers.location!
  expect((await admin.get(page)).body).toContain('waits for a worker')
  expect((await admin.get(page)).body).toContain('owls &lt;b&gt;.jsonl')
  await site.runJobs()
  const done = (await admin.get(page)).body
  expect(done).toMatch(/done[\s\S]*<dt>New papers<\/dt><dd>3<\/dd>[\s\S]*<dt>Rejected<\/dt><dd>1 /)
  const rejects = await admin.get(`${page}/rejects`)
  expect(rejects.headers['content-disposition']).toContain('.rejects.jsonl')
  expect(rejects.body).toContain('"reason"')
  expect((await admin.get('/search?q=owls')).body).toContain('Study 00003')
  expect(await uploads()).toEqual([])
})

test('nobody fills the disk without the form’s token, and a viewer not at all', async () => {
  const file = { name: 'x.jsonl', text: dump('x', 1) }
  expect((await upload(admin, { _csrf: 'guessed' }, file)).statusCode).toBe(403)
  expect((await upload(admin, {}, file)).statusCode).toBe(403)
  const viewer = visit(site.server, '192.0.2.7')
  await viewer.submit('/admin/login', '/admin/login', { password: VIEWER_PASSWORD })
  expect((await upload(viewer, { _csrf: await token(viewer) }, file)).statusCode).toBe(403)
  expect((await upload(visit(site.server, '192.0.2.8'), {}, file)).statusCode).toBe(401)
  expect([await uploads(), site.enqueued]).toEqual([[], []])
})

test('what was typed wrong is named and kept, and the file does not stay', async () => {
  const file = { name: 'x.jsonl', text: dump('x', 1) }
  const _csrf = await token(admin)
  const day = await upload(admin, { _csrf, listedOn: '3.11.26', columns: 'title=Name' }, file)
  expect([day.statusCode, day.body.includes('value="3.11.26"')]).toEqual([422, true])
  expect(day.body).toContain('expected a day such as')
  const columns = await upload(admin, { _csrf, columns: 'tilte=Name' }, file)
  expect([columns.statusCode, columns.body.includes('role="alert"')]).toEqual([422, true])
  expect((await upload(admin, { _csrf }, { name: 'x.jsonl', text: '' })).statusCode).toBe(422)
  expect((await upload(admin, { _csrf })).statusCode).toBe(422)
  expect(await uploads()).toEqual([])
})

test('a file of REPLAY_DIR is replayed where it lies, and none from elsewhere', async () => {
  await writeFile(join(folder, 'newts.jsonl'), dump('newts', 2))
  await writeFile(join(folder, '.hidden'), 'x')
  const page = (await admin.get('/admin/replays')).body
  expect([page.includes('<option value="newts.jsonl">'), page.includes('.hidden')]).toEqual([true, false])
  for (const file of ['../secrets.json', '/etc/passwd', '.hidden', '']) {
    const answer = await admin.submit('/admin/replays', '/admin/replays/add', { file })
    expect([file, answer.statusCode]).toEqual([file, 422])
  }
  const sent = await admin.submit('/admin/replays', '/admin/replays/add', { file: 'newts.jsonl' })
  await site.runJobs()
  expect((await admin.get(sent.headers.location!)).body).toContain('<dt>Entries</dt><dd>2</dd>')
  expect(await readdir(folder)).toContain('newts.jsonl')
})

test('a link in REPLAY_DIR that leads outside is neither listed nor read', async () => {
  await writeFile(join(dataDir, 'secret.jsonl'), dump('secrets', 1))
  await symlink(join(dataDir, 'secret.jsonl'), join(folder, 'outside.jsonl'))
  await symlink(dataDir, join(folder, 'elsewhere'))
  await mkdir(join(folder, 'inner'))
  await writeFile(join(folder, 'inner', 'frogs.jsonl'), dump('frogs', 1))
  await symlink(join('inner', 'frogs.jsonl'), join(folder, 'inside.jsonl'))
  const page = (await admin.get('/admin/replays')).body
  const isListed = (name: string) => page.includes(`<option value="${name}">`)
  expect(['inside.jsonl', 'outside.jsonl', 'elsewhere', 'inner'].map(isListed)).toEqual([
    true,
    false,
    false,
    false,
  ])
  for (const file of ['outside.jsonl', 'elsewhere/secret.jsonl']) {
    const refused = await admin.post('/admin/replays/add', { _csrf: await token(admin), file })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Expected a file of REPLAY_DIR')
    expect(refused.body).toContain(file)
  }
})

test('is cancelled and goes on by buttons', async () => {
  await writeFile(join(folder, 'toads.jsonl'), dump('toads', 2))
  const sent = await admin.submit('/admin/replays', '/admin/replays/add', { file: 'toads.jsonl' })
  const page = sent.headers.location!
  await admin.submit(page, `${page}/cancel`, {})
  await site.runJobs()
  expect((await admin.get(page)).body).toContain('cancelled')
  await admin.submit(page, `${page}/resume`, {})
  await site.runJobs()
  expect((await admin.get(page)).body).toContain('<dt>Entries</dt><dd>2</dd>')
})
