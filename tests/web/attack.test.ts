import type { KyselyPlugin, PluginTransformQueryArgs, RootOperationNode } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { corpusOf } from '../support/corpusModel.ts'
import { store } from '../support/listings.ts'
import { enlist, openTestSite, type TestSite, visit } from '../support/web.ts'

/** What an attack on the pages found once. Work is counted, never timed. */
let site: TestSite
const statements: string[] = []

/** Writes down each statement that the pages send to the database. */
const writtenDown: KyselyPlugin = {
  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    statements.push(node.kind)
    return node
  },
  transformResult: async ({ result }) => result,
}

beforeAll(async () => {
  site = await openTestSite({ pagesDb: (db) => db.withPlugin(writtenDown) })
  await store(site.tools, '2026-11-19', corpusOf(60, 1))
})
afterAll(() => site.close())
beforeEach(() => {
  statements.length = 0
})

test('278 clauses to /api/tune ask the database no more than one clause does', async () => {
  const tune = (query: string) =>
    site.server.inject({
      method: 'POST',
      url: '/api/tune',
      payload: JSON.stringify({ query }),
      headers: { 'content-type': 'application/json' },
    })
  await tune('glacier')
  statements.length = 0
  expect((await tune('glacier')).statusCode).toBe(200)
  const ofOne = statements.splice(0)
  const clauses = Array.from({ length: 278 }, (_, index) => `"w${index} ice"`).join(' ')
  const many = await tune(clauses)
  expect(many.statusCode).toBe(200)
  expect(Object.keys(many.json())).toContain('digest')
  expect(statements.length).toBeLessThanOrEqual(ofOne.length + 2)
})

test('POST /preferences does the same work for known and unknown addresses, so that its timing tells nothing', async () => {
  await enlist(site, 'known@example.org')
  const ask = async (email: string) => {
    const visitor = visit(site.server, '198.51.100.7')
    statements.length = 0
    const answer = await visitor.submit('/preferences', '/preferences', { email })
    const { statusCode, headers } = answer
    const jobs = site.enqueued.splice(0).map(({ name, delayMs }) => [name, delayMs])
    return { statusCode, location: headers.location, jobs, statements: [...statements] }
  }
  const known = await ask('known@example.org')
  expect(known.statements.length).toBeGreaterThan(0)
  expect(known.jobs).toHaveLength(1)
  expect(await ask('nobody@example.org')).toEqual(known)
})
