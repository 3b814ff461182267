import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../src/db/audit.ts'
import { confirmSecondFactor, findSecondFactor, insertSecondFactor } from '../../src/db/secondFactors.ts'
import { paperboy } from '../support/paperboy.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let site: TestTools
let dataDir: string
beforeAll(async () => {
  site = await openTestTools()
  dataDir = await mkdtemp(join(tmpdir(), 'paperboy-factor-'))
})
afterAll(async () => {
  await site.close()
  await rm(dataDir, { recursive: true })
})

test('second-factor remove takes the factor away and writes it down; without one it changes nothing', async () => {
  const { db, now } = site.tools
  await insertSecondFactor(db, 'admin', Buffer.from('sealed'), now())
  await confirmSecondFactor(db, (await findSecondFactor(db, 'admin'))!, {
    ...{ step: 1, recoveryHashes: ['a hash'], now: now() },
  })
  const remove = () =>
    paperboy({ DATABASE_URL: site.database.url, DATA_DIR: dataDir }, 'second-factor', 'remove')
  const first = await remove()
  expect([first.code, first.stdout.trim()]).toEqual([
    0,
    'The password alone opens /admin again. Set up a new second factor at /admin/sessions.',
  ])
  expect(await findSecondFactor(db, 'admin')).toBeUndefined()
  const again = await remove()
  expect([again.code, again.stdout.trim()]).toEqual([0, 'No second factor was set up; nothing is changed.'])
  expect((await listAudit(db, 10)).map(({ actor, action }) => [actor, action])).toEqual([
    ['command line', 'removed the second factor'],
  ])
}, 60_000)
