import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { paperboy, type Started, startPaperboy } from '../support/paperboy.ts'

let folder: string
let settings: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-start-'))
  settings = { DATA_DIR: join(folder, 'data'), PORT: '0' }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const start = () => startPaperboy(settings)

test('starts on an empty folder, tells the password, serves, and ends on SIGTERM', async () => {
  const { child, url, said } = await start()
  await eventually(async () => expect(said()).toMatch(/password for \/admin .*: \S{12,}/))
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(
    (await fetch(`${url}/admin/queues`, { headers: { accept: 'text/html' }, redirect: 'manual' })).status,
  ).toBe(302)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

describe('started again', () => {
  let again: Started
  beforeAll(async () => {
    again = await start()
  })
  afterAll(() => {
    again.child.kill('SIGKILL')
  })

  test('it is ready and does not tell the password', async () => {
    await eventually(async () => expect((await fetch(`${again.url}/readyz`)).status).toBe(200))
    expect(again.said()).not.toContain('password for')
  })

  test('the command line uses its database', async () => {
    const dump = join(folder, 'day.json')
    const paper = {
      id: '2611.01234',
      title: 'Ferns of the north',
      summary: 'They grow.',
      authors: [],
      upvotes: 1,
    }
    await writeFile(dump, JSON.stringify([{ paper, title: paper.title }]))
    const replayed = await paperboy(settings, 'replay', dump, '--json')
    expect(JSON.parse(replayed.stdout)).toMatchObject({ new: 1 })
    expect(await (await fetch(`${again.url}/trending`)).text()).toContain('Ferns of the north')
  })

  test('a second one is refused', async () => {
    expect(await paperboy(settings, 'start')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^paperboy: DATA_DIR: .*running Paperboy.*\n$/),
    })
  })

  test('after kill -9 the next start finds everything', async () => {
    again.child.kill('SIGKILL')
    await once(again.child, 'exit')
    const { child, url } = await start()
    expect(await (await fetch(`${url}/trending`)).text()).toContain('Ferns of the north')
    const secrets = JSON.parse(await readFile(join(settings.DATA_DIR!, 'secrets.json'), 'utf8'))
    expect(secrets.secret).toMatch(/^[0-9a-f]{64}$/)
    child.kill('SIGKILL')
  })
})
