import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findRobotsFile, upsertRobotsFile } from '../../src/db/fetching/robotsFiles.ts'
import { TemporaryError } from '../../src/errors.ts'
import { createPace, type PaceOptions } from '../../src/ingest/hostTurns.ts'
import { createFetcher } from '../../src/sources/fetching/fetch.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { openPageServer } from '../support/pageServer.ts'
import { type Program, startProgram } from '../support/processes.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const GAP = 40
let hosts = 0
/** An address whose host nobody asked before. */
const newHost = () => new URL(`https://papers-${++hosts}.example.org/list`)
const paceWith = (options: PaceOptions = {}) =>
  createPace(database.db, { paceOf: ({ host }) => ({ name: host, gapMs: GAP }), ...options })
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: TemporaryError) => error,
  )
const hostOf = ({ host }: URL) =>
  database.db.selectFrom('hosts').selectAll().where('name', '=', host).executeTakeFirstOrThrow()
/** Sets a host's times back, as if so much time had passed. */
const letPass = (name: string, milliseconds: number) =>
  database.db
    .updateTable('hosts')
    .set((eb) => ({
      next_at: eb.val(new Date(Date.now() - milliseconds)),
      held_until: eb.val(new Date(Date.now() - milliseconds)),
      blocked_until: eb.val(new Date(Date.now() - milliseconds)),
    }))
    .where('name', '=', name)
    .execute()

/** A server that writes down when each request came and when its answer began to end. */
async function openTimedServer() {
  const visits: { from: number; to: number }[] = []
  let open = 0
  let most = 0
  const server = await openPageServer((_request, response) => {
    const visit = { from: performance.now(), to: 0 }
    visits.push(visit)
    most = Math.max(most, ++open)
    setImmediate(() => {
      open -= 1
      visit.to = performance.now()
      response.end('a page')
    })
  })
  closers.push(() => server.close())
  return { server, visits, mostAtOnce: () => most }
}

/** The pauses between the end of one answer and the next request, milliseconds. */
const pausesOf = (visits: { from: number; to: number }[]) =>
  visits.slice(1).map(({ from }, index) => from - visits[index]!.to)
/** What two clocks may differ by over so short a time. */
const CLOCKS = 5

describe('over the whole installation', () => {
  test('two processes ask one after the other, and never sooner than the pace', async () => {
    const { server, visits, mostAtOnce } = await openTimedServer()
    const programs: Program[] = ['a', 'b'].map((path) =>
      startProgram('paceProcess.ts', database.url, `${server.url}/${path}`, '6', String(GAP)),
    )
    closers.push(async () => {
      for (const program of programs) await program.kill()
    })
    for (const program of programs) expect(await program.next()).toEqual({ ready: true })
    for (const program of programs) expect(await program.next()).toEqual({ fetched: 6 })
    expect(server.requests.sort()).toEqual([...Array(6).fill('/a'), ...Array(6).fill('/b')])
    expect(mostAtOnce()).toBe(1)
    expect(Math.min(...pausesOf(visits))).toBeGreaterThanOrEqual(GAP - CLOCKS)
  })

  test('many in one process do the same, and each gets its turn', async () => {
    const { server, visits, mostAtOnce } = await openTimedServer()
    const fetcher = createFetcher({ userAgent: 'Paperboy tests', allowPrivate: true, pace: paceWith() })
    closers.push(() => fetcher.close())
    await Promise.all(Array.from({ length: 8 }, (_, n) => fetcher.get(`${server.url}/${n}`)))
    expect(visits).toHaveLength(8)
    expect(mostAtOnce()).toBe(1)
    expect(Math.min(...pausesOf(visits))).toBeGreaterThanOrEqual(GAP - CLOCKS)
  })

  test('a host on the same machine is asked without waiting, by many at once', async () => {
    const pace = createPace(database.db)
    const url = new URL('http://127.0.0.1:4000/papers')
    const releases = await Promise.all([pace(url), pace(url), pace(url)])
    for (const release of releases) await release({})
    expect(await errorOf(pace(url))).toBeUndefined()
  })
})

describe('a turn', () => {
  test('is one for each host: others need not wait', async () => {
    const pace = paceWith()
    await pace(newHost())
    expect(await errorOf(pace(newHost()))).toBeUndefined()
  })

  test('that does not come in time is put off, not waited for', async () => {
    const pace = paceWith({ patienceMs: 0 })
    const url = newHost()
    await pace(url)
    const error = await errorOf(pace(url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error?.message).toMatch(
      /^expected a turn at papers-\d+\.example\.org within 0 s, others are before/,
    )
  })

  test('of a process that is killed in the middle of a fetch ends soon after it', async () => {
    const server = await openPageServer(() => {})
    closers.push(() => server.close())
    const program = startProgram('paceProcess.ts', database.url, server.url, '1', String(GAP))
    closers.push(() => program.kill())
    const url = new URL(server.url)
    expect(await program.next()).toEqual({ ready: true })
    await eventually(async () => expect(server.requests).toHaveLength(1))
    expect(await errorOf(paceWith({ patienceMs: 0 })(url))).toBeInstanceOf(TemporaryError)
    const { held_until } = await hostOf(url)
    expect(held_until!.getTime() - Date.now()).toBeLessThanOrEqual(30_000)
    await program.kill()
    await letPass(url.host, 1)
    expect(await errorOf(paceWith({ patienceMs: 0 })(url))).toBeUndefined()
  })

  test('that is held longer than its lease is renewed until it is given back', async () => {
    const url = newHost()
    const release = await paceWith({ leaseMs: 300 })(url)
    const first = await hostOf(url)
    // By then it has been renewed more often than the lease is long.
    await eventually(async () => {
      const { held_until } = await hostOf(url)
      expect(held_until!.getTime() - first.held_until!.getTime()).toBeGreaterThan(600)
    })
    expect(await errorOf(paceWith({ patienceMs: 0 })(url))).toBeInstanceOf(TemporaryError)
    await release({})
    expect(await hostOf(url)).toMatchObject({ holder: null, held_until: null })
  })

  test('that was lost while its process stood still is not taken back', async () => {
    const pace = paceWith({ patienceMs: 0 })
    const url = newHost()
    const late = await pace(url)
    await letPass(url.host, 1)
    const mine = await pace(url)
    await late({})
    expect(await errorOf(pace(url))).toBeInstanceOf(TemporaryError)
    await mine({})
  })
})

describe('a host that wants to be left alone', () => {
  test('is asked by nobody, at once said, until the time is over', async () => {
    const url = newHost()
    const release = await paceWith()(url)
    await release({ waitMs: 120_000 })
    const error = await errorOf(paceWith()(url))
    expect(error).toBeInstanceOf(TemporaryError)
    expect(error?.retryAfterMs).toBeGreaterThan(100_000)
    expect(error?.retryAfterMs).toBeLessThanOrEqual(120_000)
    expect(error?.message).toMatch(/ it asked to be left alone for another 1\d\d s$/)
    await letPass(url.host, 1)
    expect(await errorOf(paceWith()(url))).toBeUndefined()
  })

  test('is not asked sooner because of a shorter wish later', async () => {
    const url = newHost()
    const pace = createPace(database.db, { paceOf: ({ host }) => ({ name: host, gapMs: 0 }) })
    const [first, second] = [await pace(url), await pace(url)]
    await first({ waitMs: 120_000 })
    await second({ waitMs: 1 })
    expect((await errorOf(pace(url)))?.retryAfterMs).toBeGreaterThan(100_000)
  })

  test('and one that names a quota is asked no faster than that', async () => {
    const url = newHost()
    const release = await paceWith()(url)
    await release({ gapMs: 90_000 })
    const error = await errorOf(paceWith()(url))
    expect(error?.retryAfterMs).toBeGreaterThan(80_000)
    expect(error?.retryAfterMs).toBeLessThanOrEqual(90_000 * 1.2)
  })
})

describe('a robots.txt', () => {
  const at = (text: string) => new Date(text)
  test('is kept for a day; one that could not be had for an hour', async () => {
    const { db } = database
    const [good, bad] = ['https://good.example', 'https://bad.example']
    await upsertRobotsFile(db, good, { body: '', problem: null }, at('2026-11-20T09:00:00Z'))
    await upsertRobotsFile(db, bad, { body: null, problem: 'status 500' }, at('2026-11-20T09:00:00Z'))
    expect(await findRobotsFile(db, good, at('2026-11-21T08:59:00Z'))).toMatchObject({ body: '' })
    expect(await findRobotsFile(db, good, at('2026-11-21T09:00:00Z'))).toBeUndefined()
    expect(await findRobotsFile(db, bad, at('2026-11-20T09:59:00Z'))).toMatchObject({ problem: 'status 500' })
    expect(await findRobotsFile(db, bad, at('2026-11-20T10:00:00Z'))).toBeUndefined()
    await upsertRobotsFile(db, bad, { body: 'User-agent: *', problem: null }, at('2026-11-20T10:00:00Z'))
    expect(await findRobotsFile(db, bad, at('2026-11-20T11:00:00Z'))).toMatchObject({ problem: null })
  })
})
