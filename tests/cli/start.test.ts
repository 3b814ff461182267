import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { PAPERBOY, paperboy } from '../support/paperboy.ts'

let folder: string
let settings: Record<string, string>
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-start-'))
  settings = { DATA_DIR: join(folder, 'data'), PORT: '0' }
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Started {
  child: ChildProcess
  url: string
  said: () => string
}

async function start(): Promise<Started> {
  const child = spawn(process.execPath, [PAPERBOY, 'start'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let said = ''
  child.stdout!.on('data', (chunk) => {
    said += chunk
  })
  let url = ''
  await eventually(async () => {
    url = said.match(/Paperboy is at (\S+)/)?.[1] ?? ''
    expect(url).not.toBe('')
  })
  return { child, url, said: () => said }
}

test('starts on an empty folder, tells the password once, serves, and ends on SIGTERM within ten seconds', async () => {
  const { child, url, said } = await start()
  await eventually(async () => expect(said()).toMatch(/password for \/admin .*: \S{12,}/))
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(
    (await fetch(`${url}/admin/queues`, { headers: { accept: 'text/html' }, redirect: 'manual' })).status,
  ).toBe(302)
  const from = performance.now()
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(performance.now() - from).toBeLessThan(10_000)
  const again = await start()
  await eventually(async () => expect((await fetch(`${again.url}/readyz`)).status).toBe(200))
  expect(again.said()).not.toContain('password for')
})

test('the command line uses the database of a running Paperboy; a second one is refused', async () => {
  const { url } = await start()
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
  expect(await (await fetch(`${url}/trending`)).text()).toContain('Ferns of the north')
  const second = await paperboy(settings, 'start')
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^paperboy: DATA_DIR: .*running Paperboy.*\n$/),
  })
})

test('after kill -9 the next start finds everything', async () => {
  const { child } = await start()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { url } = await start()
  expect(await (await fetch(`${url}/trending`)).text()).toContain('Ferns of the north')
  const secrets = JSON.parse(await readFile(join(settings.DATA_DIR!, 'secrets.json'), 'utf8'))
  expect(secrets.secret).toMatch(/^[0-9a-f]{64}$/)
})
