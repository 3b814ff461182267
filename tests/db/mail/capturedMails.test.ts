import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  deleteCapturedMailsTo,
  findCapturedMail,
  insertCapturedMail,
  listCapturedMails,
  pruneCapturedMails,
} from '../../../src/db/mail/capturedMails.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = new Date('2026-11-20T09:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const insert = (subject: string, ...rcptTo: string[]) =>
  insertCapturedMail(database.db, {
    mailFrom: 'a@b.example',
    rcptTo,
    subject,
    raw: Buffer.from([0, 255, 13, 10]),
    receivedAt: AT,
  })
const subjects = async () =>
  (await listCapturedMails(database.db, { limit: 100 })).map((mail) => mail.subject)

test('mails come back byte by byte, the newest first, page by page, and go by address or age', async () => {
  const ids = []
  for (let n = 1; n <= 5; n += 1)
    ids.push(await insert(`m${n}`, n % 2 === 0 ? 'Even@example.org' : 'odd@example.org', 'both@example.org'))
  expect(await subjects()).toEqual(['m5', 'm4', 'm3', 'm2', 'm1'])
  expect((await findCapturedMail(database.db, ids[0]!))?.raw).toEqual(Buffer.from([0, 255, 13, 10]))
  const page = await listCapturedMails(database.db, { limit: 2, before: ids[3]! })
  expect(page.map((mail) => mail.subject)).toEqual(['m3', 'm2'])

  await database.db.transaction().execute((tx) => deleteCapturedMailsTo(tx, 'even@EXAMPLE.org'))
  expect(await subjects()).toEqual(['m5', 'm3', 'm1'])
  expect([await pruneCapturedMails(database.db, 3), await pruneCapturedMails(database.db, 2)]).toEqual([0, 1])
  expect(await subjects()).toEqual(['m5', 'm3'])
})

test('a subject with a NUL, which PostgreSQL text cannot hold, is kept without it', async () => {
  const id = await insert('a\0b', 'x@example.org')
  expect((await findCapturedMail(database.db, id))?.subject).toBe('ab')
})
