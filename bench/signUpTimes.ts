import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { shuffle } from '../src/ranking/matrices/randomNumbers.ts'
import { startService } from '../src/service.ts'
import { DEFAULTS } from '../src/subscribers/preferences.ts'
import { signUp } from '../src/subscribers/subscribing.ts'
import { createRandom } from './random.ts'

/**
 * Measures how long the sign-up form takes to answer for addresses that are subscribed and for addresses that are not,
 * on the running service with its workers, one request after the other in random order. Prints one JSON line. Fails
 * unless both get the same answer and the medians differ by at most 5 %.
 */
const MOST = 0.05
const { values } = parseArgs({ options: { each: { type: 'string', default: '200' } } })
const each = Number(values.each)

const folder = await mkdtemp(join(tmpdir(), 'paperboy-bench-'))
const service = await startService(
  readConfig({ DATABASE_URL: process.env.DATABASE_URL, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }),
  'all',
  [],
)
const known = Array.from({ length: each }, (_, at) => `known${at}@example.org`)
for (const email of known)
  await signUp(service.toolbox.tools, {
    ...DEFAULTS,
    topics: [],
    email,
    source: 'command line',
    confirmed: true,
  })
const times = { known: [] as number[], unknown: [] as number[] }
const answers = new Set<string>()
// In an order that favours neither: sorting by chance leaves many where they were, and the service gets quicker with time.
const order = Array.from({ length: 2 * each }, (_, at) => at)
shuffle(order, createRandom(1).next)
const tries = order.map((place) =>
  place < each
    ? { email: known[place]!, kind: 'known' as const }
    : { email: `new${known[place - each]}`, kind: 'unknown' as const },
)
for (let at = 0; at < 20; at += 1) await post(`warm${at}@example.org`, at)
for (const [at, { email, kind }] of tries.entries()) times[kind].push(await post(email, 100 + at))
await service.stop()
await rm(folder, { recursive: true, force: true })

const [knownMs, unknownMs] = [median(times.known), median(times.unknown)]
const difference = Math.abs(knownMs - unknownMs) / Math.min(knownMs, unknownMs)
console.log(
  JSON.stringify({
    measure: 'sign-up',
    each,
    knownMs,
    unknownMs,
    difference,
    answers: answers.size,
    most: MOST,
  }),
)
process.exit(difference <= MOST && answers.size === 1 ? 0 : 1)

/** Sends the form as a visitor of their own; gives the milliseconds until its answer. */
async function post(email: string, visitor: number): Promise<number> {
  const headers = { 'x-forwarded-for': `198.51.${visitor >> 8}.${visitor & 255}`, accept: 'text/html' }
  const page = await fetch(`${service.url}/`, { headers })
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const body = new URLSearchParams({
    _csrf: csrf,
    email,
    topicQuery: 'robots',
    timeZone: 'UTC',
    sendAt: '08:00',
  })
  const began = performance.now()
  const answer = await fetch(`${service.url}/subscribe`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body,
    redirect: 'manual',
  })
  const took = performance.now() - began
  answers.add(`${answer.status} ${answer.headers.get('location')} ${await answer.text()}`)
  return took
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
