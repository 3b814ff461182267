import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { ADMIN_PASSWORD, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
beforeAll(async () => {
  const { settings } = readConfig({ SECRET: 'hidden-'.repeat(6), DATABASE_LIMIT: '20GB' })
  site = await openTestSite({ settings })
})
afterAll(() => site.close())

test('shows each setting with its origin, and no secret', async () => {
  const admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const { body } = await admin.get('/admin/settings')
  const row = (name: string) =>
    new RegExp(`<code>${name}</code></td>(.*?)</tr>`).exec(body)![1]!.replace(/<[^>]*>/g, '|')
  expect(row('DATABASE_LIMIT')).toMatch(/\|20GB\|.*\|environment\|/)
  expect(row('SECRET')).toMatch(/\|set, not shown\|.*\|environment\|/)
  expect(row('PORT')).toMatch(/\|3000\|.*default/)
  expect(body).not.toContain('hidden-')
})
