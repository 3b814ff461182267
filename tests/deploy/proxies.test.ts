import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Started, startPaperboy } from '../support/paperboy.ts'
import {
  HOST,
  isInstalled,
  type ProxyName,
  type RunningProxy,
  startProxy,
  visitProxy,
} from '../support/proxy.ts'
import { formToken } from '../support/web.ts'

const PASSWORD = 'a password of the tests'
const PROXIES: ProxyName[] = ['nginx', 'caddy']
const MB = 1024 * 1024

let folder: string
let service: Started

/** The configurations of docs/deploy, run by the proxies themselves in front of a service as the docs set it up. */
describe.skipIf(!PROXIES.some(isInstalled))('behind a proxy', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperboy-proxies-'))
    service = await startPaperboy({
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      PUBLIC_URL: `https://${HOST}`,
      ADMIN_PASSWORD: PASSWORD,
    })
  })
  afterAll(async () => {
    await end(service.child)
    await rm(folder, { recursive: true, force: true })
  })

  for (const [at, name] of PROXIES.entries()) {
    describe.skipIf(!isInstalled(name))(name, () => {
      let proxy: RunningProxy
      /** Each proxy's visitors have addresses of their own: the service counts wrong passwords by address. */
      const visitor = (number: number) => visitProxy(proxy, `127.0.${10 + at}.${number}`)

      beforeAll(async () => {
        proxy = await startProxy(name, await mkdtemp(join(folder, name)), service.url)
        await eventually(async () => expect((await visitor(1).send('/readyz')).status).toBe(200))
      })
      afterAll(() => end(proxy.child))

      test('http leads to https', async () => {
        const answer = await fetch(`http://127.0.0.1:${proxy.httpPort}/trending`, {
          headers: { host: HOST },
          redirect: 'manual',
        })
        expect(answer.status).toBeGreaterThanOrEqual(301)
        expect(answer.headers.get('location')).toMatch(/^https:\/\/.*\/trending$/)
      })

      test('pages, cookies and forms are those of the public address', async () => {
        const reader = visitor(2)
        const page = await reader.send('/')
        expect([page.status, page.headers['strict-transport-security']]).toEqual([
          200,
          expect.stringContaining('max-age'),
        ])
        expect(page.headers['set-cookie']!.join()).toMatch(/__Host-[^;]+; .*Secure/)
        const form = { email: 'ann@example.org', topicQuery: 'glaciers', timeZone: 'UTC', sendAt: '08:00' }
        expect((await reader.post('/subscribe', { _csrf: formToken(page.body), ...form })).status).toBe(303)
        expect((await reader.post('/subscribe', form)).status).toBe(403)
        const { headers } = await reader.send('/feeds/papers.json')
        expect(headers['content-type']).toContain('json')
      })

      test('visitors are told apart, and none can choose an address', async () => {
        const guess = (number: number, claimed: string) =>
          visitor(number).send('/metrics', {
            headers: {
              authorization: `Basic ${btoa('x:wrong')}`,
              'x-forwarded-for': claimed,
              forwarded: `for=${claimed}`,
              'x-real-ip': claimed,
            },
          })
        const answers: number[] = []
        for (let turn = 0; turn < 7; turn += 1) answers.push((await guess(3, `198.51.100.${turn}`)).status)
        expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429])
        expect((await guess(4, '198.51.100.1')).status).toBe(401)
      })

      test('a dump of megabytes comes through as it is sent; a form of megabytes does not', async () => {
        const admin = visitor(5)
        const login = await admin.send('/admin/login')
        await admin.post('/admin/login', { _csrf: formToken(login.body), password: PASSWORD })
        const { body } = await admin.send('/admin/replays')
        expect((await admin.post('/subscribe', { email: 'x'.repeat(2 * MB) })).status).toBe(413)

        const boundary = randomBytes(16).toString('hex')
        const part = (fields: string) => `--${boundary}\r\nContent-Disposition: form-data; ${fields}\r\n`
        const paper = { arxivId: `2611.0${1000 + at}`, title: `Ferns ${at}`, listed_on: '2026-11-20' }
        const long = `${JSON.stringify({ ...paper, note: 'x'.repeat(4 * MB) })}\n`
        const { sent, answer } = admin.open('/admin/replays/upload', {
          method: 'POST',
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        })
        sent.write(`${part('name="_csrf"')}\r\n${formToken(body)}\r\n`)
        sent.write(`${part('name="file"; filename="day.jsonl"')}\r\n${long}`)
        // It is on our disk before the sender has sent all: nothing is kept back on the way.
        await eventually(async () => {
          const uploads = await readdir(join(folder, 'data', 'uploads')).catch(() => [])
          expect(uploads).toHaveLength(1)
        })
        sent.end(`${long}\r\n--${boundary}--\r\n`)
        const { status, headers } = await answer
        expect([status, headers.location]).toEqual([303, expect.stringMatching(/^\/admin\/replays\/\d+$/)])
        await eventually(async () =>
          expect((await admin.send(headers.location!)).body).toMatch(/New papers<\/dt><dd>1</),
        )
      })
    })
  }
})

async function end(child: Started['child'] | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
