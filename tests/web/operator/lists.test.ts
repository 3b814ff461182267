import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../../src/db/audit.ts'
import { findSubscriberByEmail } from '../../../src/db/subscribers/subscribers.ts'
import {
  ADMIN_PASSWORD,
  dumpRows,
  enlist,
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
let dataDir: string

const IMPORT = '/admin/subscribers/import'

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'paperboy-data-'))
  site = await openTestSite({ dataDir })
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  await enlist(site, 'ann@example.org')
})
afterAll(async () => {
  await site.close()
  await rm(dataDir, { recursive: true })
})

const uploads = () => readdir(join(dataDir, 'uploads')).catch(() => [])
const upload = async (text: string, consent = '') => {
  const _csrf = formToken((await admin.get(IMPORT)).body)
  return sendFile(admin, IMPORT, { _csrf, consent }, { name: 'list.csv', text })
}
const find = (email: string) => findSubscriberByEmail(site.tools.db, email)

test('a list is looked at first, by line, and taken when the operator says so', async () => {
  const text = 'email,status\nbob@example.org,\nnonsense,\nann@example.org,\ncleo@example.org,pending\n'
  const before = await dumpRows(site)
  const sent = await upload(text, 'our old list')
  expect(sent.statusCode).toBe(303)
  const address = `${sent.headers.location}`
  const { body } = await admin.get(address)
  expect(body).toContain('2 rows to take, 2 not')
  expect(body).toMatch(/data-label="line">3<.*nonsense.*cannot be read/)
  expect(body).toMatch(/data-label="line">4<.*a•••@example\.org.*known here \(active\)/)
  expect(body).not.toContain('bob@example.org')
  expect(await dumpRows(site)).toEqual(before)
  const done = await admin.submit(address, address.split('?')[0]!, { consent: 'our old list' })
  expect(done.body).toContain('2 rows taken, 2 not')
  expect(await find('bob@example.org')).toMatchObject({
    status: 'active',
    consent_source: 'import: our old list',
  })
  await site.runJobs()
  expect(site.mail.mails.flatMap(({ rcptTo }) => rcptTo)).toEqual(['cleo@example.org'])
  expect(
    (await listAudit(site.tools.db, 10)).find(({ action }) => action === 'imported a list'),
  ).toMatchObject({
    actor: 'admin',
    details: { active: 1, confirmation: 1, invalid: 1, known: 1 },
  })
  // The list holds addresses: it does not stay.
  expect(await uploads()).toEqual([])
  expect((await admin.get(address)).statusCode).toBe(404)
})

test('a list that is no table is refused in one line, and a dropped one is deleted', async () => {
  const wrong = await upload('name,town\nAnn,Bonn\n')
  expect(wrong.statusCode).toBe(422)
  expect(wrong.body).toContain('names a column email')
  const empty = await upload('')
  expect([empty.statusCode, empty.body.includes('got none or an empty one')]).toEqual([422, true])
  const address = `${(await upload('email\ndan@example.org\n')).headers.location}`
  expect(await uploads()).toHaveLength(1)
  await admin.submit(address, `${address.split('?')[0]}/drop`, {})
  expect(await uploads()).toEqual([])
  expect(await find('dan@example.org')).toBeUndefined()
  for (const name of ['..%2Fsecrets.json', 'x'.repeat(36), '0'.repeat(36)])
    expect((await admin.get(`${IMPORT}/${name}`)).statusCode).toBe(404)
})

test('an export holds what the filter finds, and is written down; a viewer gets none', async () => {
  const list = '/admin/subscribers'
  const file = await admin.submit(list, `${list}/export`, { search: 'ann@' })
  expect(file.headers['content-disposition']).toMatch(/paperboy-subscribers-\d{4}-\d\d-\d\d\.csv/)
  expect(file.body.split('\r\n').filter(Boolean)).toHaveLength(2)
  expect(file.body).toContain('\r\nann@example.org,active,')
  expect((await listAudit(site.tools.db, 1))[0]).toMatchObject({
    actor: 'admin',
    action: 'exported a list of subscribers',
  })
  const viewer = visit(site.server, '198.51.100.9')
  await viewer.submit('/admin/login', '/admin/login', { password: VIEWER_PASSWORD })
  expect((await viewer.submit(list, `${list}/export`, {})).statusCode).toBe(403)
  expect((await sendFile(viewer, IMPORT, {}, { name: 'x', text: 'email\nx@example.org\n' })).statusCode).toBe(
    403,
  )
})
