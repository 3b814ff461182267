import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import pg from 'pg'
import { fillPages } from './pagesData.ts'

/**
 * Opens every page of a web process over and over, on a PostgreSQL database with 100,000 papers. Prints a JSON line for each page:
 * its time (one request after the other, so that it is the server's own), its size as sent, and the memory of the process after these
 * requests. Then hostile forms, the first and the next answer of a tune after a start, and the memory after many views.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… npm run -s bench:pages [-- --papers 100000 --requests 300 --views 100000]'
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const PORT = 3997
const HOME = `http://localhost:${PORT}`
const TARGETS = { milliseconds: 50, kilobytes: 100, megabytes: 400, hostileMilliseconds: 100 }

/** The proxy's header gives each request an address of its own: limits are for visitors, not for a bench. */
let visitors = 0
const someone = () => `198.18.${(++visitors >> 8) & 255}.${visitors & 255}`

const { values } = parseArgs({
  options: {
    papers: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '300' },
    views: { type: 'string', default: '100000' },
  },
})
const server = process.env.DATABASE_URL_TEST
if (server === undefined) {
  console.error(
    `expected DATABASE_URL_TEST, the address of a server on which databases may be created: ${USAGE}`,
  )
  process.exit(2)
}
const name = `paperboy_bench_pages_${process.pid}`
const url = server.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
await onServer(server, `CREATE DATABASE ${name}`)
try {
  const { manage, words, paperId } = await fillPages(url, Number(values.papers))
  const web = await startWeb(url)
  try {
    const pages = [
      '/check-mail',
      '/preferences',
      '/',
      '/trending',
      '/trending?span=week&order=rising',
      '/trending?span=month',
      '/trending?span=month&order=newest',
      '/trending?span=month&cat=cs.CV',
      `/trending?span=week&q=${words}`,
      `/search?q=${words}`,
      `/papers/${paperId}`,
      `/preferences/${manage}`,
    ]
    print(await tuneTwice())
    for (const page of pages) print({ ...(await measure(page)), ...(await memoryOf(web)) })
    for (const [path, body] of hostileForms(manage)) print(await sendHostile(path, body))
    const views = Number(values.views)
    await hammer(pages, views)
    print({ measure: 'memory', views, ...(await memoryOf(web)), target: TARGETS.megabytes })
  } finally {
    web.kill()
  }
} finally {
  await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

async function startWeb(databaseUrl: string): Promise<ChildProcess> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    PORT: `${PORT}`,
    SECRET: 'a secret of the bench that is long enough',
    ADMIN_PASSWORD: 'a password of the bench',
    LOG_LEVEL: 'warn',
  }
  const web = spawn(process.execPath, [MAIN, 'start', '--role', 'web'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (
    !(await fetch(`${HOME}/health`).then(
      () => true,
      () => false,
    ))
  ) {
    if (web.exitCode !== null) throw new Error(`the web process ended with ${web.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return web
}

async function measure(page: string) {
  await send(page)
  const { latency, non2xx } = await autocannon({
    url: HOME,
    connections: 1,
    amount: Number(values.requests),
    requests: [{ path: page, setupRequest: (one) => ({ ...one, headers: headersOf() }) }],
  })
  const { bytes, status } = await send(page)
  return {
    measure: 'page',
    page: page.replace(/[\w-]{43}/, ':token'),
    status,
    failed: non2xx,
    milliseconds: { p50: latency.p50, p90: latency.p90, p97_5: latency.p97_5 },
    kilobytes: bytes / 1000,
    targets: { p95: TARGETS.milliseconds, kilobytes: TARGETS.kilobytes },
  }
}

/** The first answer of a tune after a start, and the second, each with another query, in milliseconds. */
async function tuneTwice() {
  const { milliseconds: first } = await send('/api/tune', 'query=graph')
  const { milliseconds: second } = await send('/api/tune', 'query=vision')
  return { measure: 'tune after a start', first, second }
}

function headersOf() {
  return { accept: 'text/html', 'accept-encoding': 'br, gzip', 'x-forwarded-for': someone() }
}

/** Sends one request and counts the bytes of the body as they come. */
function send(path: string, body?: string): Promise<{ status: number; bytes: number; milliseconds: number }> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const method = body === undefined ? 'GET' : 'POST'
    request(`${HOME}${path}`, { method, headers: { ...headersOf(), ...type } }, (answer) => {
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, bytes, milliseconds: performance.now() - started }),
      )
    })
      .on('error', reject)
      .end(body)
  })
}

/** Forms of a quarter of a megabyte, each made to cost as much as it can. */
function hostileForms(manage: string): [string, string][] {
  const most = 250_000
  const rows = 'topicQuery=a&'.repeat(most / 13)
  return [
    [`/preferences/${manage}`, rows],
    [`/preferences/${manage}/preview`, rows],
    [`/preferences/${manage}`, `topicQuery=${'"a '.repeat(most / 3)}`],
    [`/preferences/${manage}/preview`, 'topicQuery=author:a&'.repeat(most / 20)],
    ['/preview', `topicQuery=${'(a OR '.repeat(most / 6)}`],
    ['/api/tune', `query=${'a '.repeat(most / 2)}`],
    [`/papers/1/say`, `say=${'x'.repeat(most)}`],
  ]
}

/** How long another visitor waits for a small page while the form is read. */
async function sendHostile(path: string, body: string) {
  const hostile = send(path, body)
  const waits: number[] = []
  let isDone = false
  void hostile.finally(() => {
    isDone = true
  })
  while (!isDone) waits.push((await send('/check-mail')).milliseconds)
  const { status, milliseconds } = await hostile
  return {
    measure: 'hostile form',
    path: path.replace(/[\w-]{43}/, ':token'),
    kilobytes: body.length / 1000,
    status,
    milliseconds,
    longestWait: Math.max(0, ...waits),
    target: TARGETS.hostileMilliseconds,
  }
}

async function hammer(pages: string[], views: number): Promise<void> {
  await autocannon({
    url: HOME,
    connections: 8,
    amount: views,
    requests: pages.map((path) => ({ path, setupRequest: (one) => ({ ...one, headers: headersOf() }) })),
  })
}

async function memoryOf({ pid }: ChildProcess) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
  return { megabytes: megabytes('VmRSS'), peakMegabytes: megabytes('VmHWM') }
}

async function onServer(address: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  await client.query(statement)
  await client.end()
}

function print(line: object): void {
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)),
  )
}
