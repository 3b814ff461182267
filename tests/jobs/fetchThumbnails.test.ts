import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runJob } from '../../src/jobs/pipeline.ts'
import { papersOn, store } from '../support/listings.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { dumpRows, openTestSite, type TestSite, visit } from '../support/web.ts'

const DAY = '2026-11-20'
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#245c38' } })

let site: TestSite
let host: PageServer
let isAway = false
let ids: Map<string, number>

beforeAll(async () => {
  site = await openTestSite()
  const bodies = new Map<string, Buffer>([
    ['/wide.png', await picture(1200, 640).png().toBuffer()],
    ['/small.jpg', await picture(40, 80).jpeg().toBuffer()],
    ['/drawn.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['/cut.png', (await picture(1200, 640).png().toBuffer()).subarray(0, 60)],
    ['/bomb.png', await picture(12_000, 12_000).png().toBuffer()],
  ])
  host = await openPageServer((request, response) => {
    const body = bodies.get(request.url!)
    response.writeHead(isAway ? 503 : body ? 200 : 404).end(isAway ? 'later' : body)
  })
  const addresses = [...bodies.keys(), '/gone.png']
  const entries = papersOn('glaciers', addresses.length + 1).map((entry, index) =>
    index < addresses.length ? { ...entry, thumbnailUrl: host.url + addresses[index] } : entry,
  )
  await store(site.tools, DAY, entries)
  const rows = await site.tools.db.selectFrom('papers').select(['id', 'thumbnail_url']).execute()
  ids = new Map(rows.map(({ id, thumbnail_url }) => [thumbnail_url?.replace(host.url, '') ?? '', id]))
})
afterAll(async () => {
  await site.close()
  await host.close()
})
beforeEach(() => {
  isAway = false
  host.requests.length = 0
})

const sweepJobs = async () =>
  (await runJob({ name: 'sweep', payload: { tick: `${DAY}T09:00:00.000Z` } }, site.tools)).filter(
    ({ name }) => name === 'fetchThumbnails',
  )
const get = (path: string) => visit(site.server).get(path)
const thumbnailOf = (address: string) => get(`/papers/${ids.get(address)}/thumbnail.webp`)

describe('pictures of papers', () => {
  test('stay wanted while their host is away', async () => {
    isAway = true
    const [job] = await sweepJobs()
    await expect(runJob(job!, site.tools)).rejects.toThrow(/503/)
    isAway = false
    expect(await sweepJobs()).toEqual([job])
    expect((await get('/trending')).body).not.toContain('thumbnail.webp')
  })

  test('are fetched once, made small, and shown from this site alone', async () => {
    const [job] = await sweepJobs()
    await runJob(job!, site.tools)
    const shown = await thumbnailOf('/wide.png')
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([200, 'image/webp'])
    const { width, height, format } = await sharp(shown.rawPayload).metadata()
    expect([width, height, format]).toEqual([240, 136, 'webp'])
    expect((await thumbnailOf('/small.jpg')).statusCode).toBe(200)
    const { body } = await get('/trending')
    expect(body.match(/<img class="thumb" src="\/papers\/\d+\/thumbnail\.webp" alt=""/g)).toHaveLength(2)
    const before = [await dumpRows(site), host.requests.length]
    expect(await sweepJobs()).toEqual([])
    await runJob(job!, site.tools)
    expect([await dumpRows(site), host.requests.length]).toEqual(before)
  })

  test.each([
    ['/drawn.svg', /PNG, JPEG, GIF or WebP/],
    ['/cut.png', /can be read/],
    ['/bomb.png', /can be read/],
    ['/gone.png', /404/],
  ])('%s is none: the reason is kept, and nothing is shown', async (address, reason) => {
    const row = await site.tools.db
      .selectFrom('thumbnails')
      .select(['picture', 'fault'])
      .where('paper_id', '=', ids.get(address)!)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ picture: null, fault: expect.stringMatching(reason) })
    expect((await thumbnailOf(address)).statusCode).toBe(404)
  })

  test('are wanted again when the list names another one', async () => {
    const entry = { ...papersOn('glaciers', 1)[0]!, thumbnailUrl: `${host.url}/small.jpg` }
    await store(site.tools, DAY, [entry], { observedAt: new Date(`${DAY}T10:00:00Z`) })
    const [job] = await sweepJobs()
    await runJob(job!, site.tools)
    expect(host.requests).toEqual(['/small.jpg'])
  })

  test('are neither fetched nor shown if THUMBNAILS is off', async () => {
    const [wanted] = papersOn('newts', 1, 50)
    await store(site.tools, DAY, [{ ...wanted!, thumbnailUrl: `${host.url}/wide.png` }])
    const off = { ...site.tools, thumbnails: false }
    const jobs = await runJob({ name: 'sweep', payload: { tick: `${DAY}T09:00:00.000Z` } }, off)
    expect(jobs.map(({ name }) => name)).not.toContain('fetchThumbnails')
  })
})
