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
 * on the running service with its workers. Two groups of subscribed addresses tell how far equal things lie apart on this machine:
 * the noise. The three groups take turns in random order, in rounds, until the noise is small. Prints one JSON line. Exits with 1
 * if the answers differ or the medians differ by more than 5 %, with 3 if the machine was too busy to tell.
 */
const MOST = 0.05
const QUIET = 0.02
const { values } = parseArgs({
  options: { each: { type: 'string', default: '200' }, rounds: { type: 'string', default: '10' } },
})
const each = Number(values.each)
const KINDS = ['known', 'alsoKnown', 'unknown'] as const
type Kind = (typeof KINDS)[number]

const folder = await mkdtemp(join(tmpdir(), 'paperboy-bench-'))
const service = await startService(
  readConfig({ DATABASE_URL: process.env.DATABASE_URL, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }),
  'all',
  [],
)
const times: Record<Kind, number[]> = { known: [], alsoKnown: [], unknown: [] }
const answers = new Set<string>()
const random = createRandom(1).next
let visitors = 0
for (let at = 0; at < 20; at += 1) await post(`warm${at}@example.org`)
let rounds = 0
let figures = figuresOf()
do {
  rounds += 1
  await runRound(rounds)
  figures = figuresOf()
} while (rounds < Number(values.rounds) && figures.noise > QUIET)
await service.stop()
await rm(folder, { recursive: true, force: true })
console.log(
  JSON.stringify({ measure: 'sign-up', each, rounds, ...figures, answers: answers.size, most: MOST }),
)
process.exit(verdict(figures))

/** The exit code. What differs by more than the noise differs; what differs by less on a noisy machine tells nothing. */
function verdict({ difference, noise }: ReturnType<typeof figuresOf>): number {
  if (answers.size !== 1 || difference - noise > MOST) return 1
  if (noise > MOST) return 3
  return difference > MOST ? 1 : 0
}

/** One sign-up for each address of each kind. The kinds take turns, each time in another order. */
async function runRound(round: number): Promise<void> {
  const addressOf = (kind: Kind, at: number) => `${kind.toLowerCase()}${round}x${at}@example.org`
  for (let at = 0; at < each; at += 1)
    for (const kind of ['known', 'alsoKnown'] as const) await enlist(addressOf(kind, at))
  for (let at = 0; at < each; at += 1) {
    const order = KINDS.map((_, place) => place)
    shuffle(order, random)
    for (const place of order) times[KINDS[place]!].push(await post(addressOf(KINDS[place]!, at)))
    // More would be turned away within an hour, which answers otherwise.
    if (at % 50 === 49) await service.toolbox.tools.db.deleteFrom('sign_up_hours').execute()
  }
}

async function enlist(email: string): Promise<void> {
  const wish = { ...DEFAULTS, topics: [], email, source: 'command line' as const }
  await signUp(service.toolbox.tools, { ...wish, confirmed: true })
}

/** Medians in milliseconds, and how far they lie apart as shares. */
function figuresOf() {
  const [one, other] = [median(times.known), median(times.alsoKnown)]
  const [knownMs, unknownMs] = [median([...times.known, ...times.alsoKnown]), median(times.unknown)]
  return { knownMs, unknownMs, difference: apart(knownMs, unknownMs), noise: apart(one, other) }
}

function apart(one: number, other: number): number {
  return Math.abs(one - other) / Math.min(one, other)
}

/** Sends the form as a visitor of their own; gives the milliseconds until its answer. */
async function post(email: string): Promise<number> {
  const visitor = visitors
  visitors += 1
  const headers = {
    'x-forwarded-for': `198.${18 + (visitor >> 16)}.${(visitor >> 8) & 255}.${visitor & 255}`,
    accept: 'text/html',
  }
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
