import { createTransport } from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../src/db/audit.ts'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import type { AlertMessage } from '../../src/health/alerts/message.ts'
import { lookAndTell } from '../../src/health/alerts/watch.ts'
import { startHeartbeat } from '../../src/health/heartbeat.ts'
import { type ReturnServer, startReturnServer } from '../../src/mail/returned/returnServer.ts'
import { takeReturnedMail } from '../../src/subscribers/returned.ts'
import { openQueues, type Queues } from '../../src/workers/queues.ts'
import { keepSchedules } from '../../src/workers/schedules.ts'
import { startWorkers } from '../../src/workers/workers.ts'
import { type BrowserSite, barriers, CHROMIUM, openBrowserSite, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { ADMIN_PASSWORD, enlist, type TestSite } from '../support/web.ts'

const OPERATOR = 'operator@example.org'
const READERS = 8

let site: TestSite
let browser: Browser
let home: string
let opened: BrowserSite
let queues: Queues
let listing: PageServer
let hook: PageServer
let returns: ReturnServer
let changedLayout = false
/** What the webhook was told, oldest first. */
const told: AlertMessage[] = []
const ends: (() => Promise<unknown> | unknown)[] = []

/** A listing as Hugging Face gives it, with new papers at each request; or the page of a site that was rebuilt. */
function startListing(): Promise<PageServer> {
  let asked = 0
  return openPageServer((_request, response) => {
    asked += 1
    const day = new Date().toISOString()
    const papers = Array.from({ length: 20 }, (_, at) => ({
      title: `Study ${at} of glaciers`,
      paper: {
        id: `2611.${10_000 + at}`,
        title: `Study ${at} of glaciers`,
        summary: `We look at glaciers in setting ${at} and report what we found.`,
        authors: [{ name: `Author ${at}` }],
        upvotes: asked + at,
        submittedOnDailyAt: day,
      },
    }))
    response.writeHead(200, { 'content-type': changedLayout ? 'text/html' : 'application/json' })
    response.end(changedLayout ? '<html><body><p>All new!</p></body></html>' : JSON.stringify(papers))
  })
}

function startHook(): Promise<PageServer> {
  return openPageServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    told.push(JSON.parse(body))
    response.writeHead(200).end()
  })
}

/** The look that every process has once a minute. */
async function look(): Promise<void> {
  const sources = {
    ...{ db: site.tools.db, now: site.tools.now, queueStates: () => queues.states(), dataDir: '.' },
    ...{ databaseLimit: undefined, backupEveryHours: undefined, expectsWorker: true },
  }
  const options = { mail: [OPERATOR], webhooks: [`${hook.url}/alerts`], quiet: undefined, graceMs: 0 }
  await lookAndTell(sources, options, site.tools)
}

const subjects = () => told.map(({ subject }) => subject)
const mailsTo = (address: string) => site.mail.mails.filter(({ rcptTo }) => rcptTo.includes(address))

describe.skipIf(CHROMIUM === undefined)('the operator, in a browser', () => {
  beforeAll(async () => {
    listing = await startListing()
    hook = await startHook()
    opened = await openBrowserSite(
      async ({ tools, setNow }) => {
        setNow(undefined)
        await ensureSource(tools.db, { name: 'glacier-list', address: `${listing.url}/api/daily_papers` })
      },
      {
        queueStates: () => queues.states(),
        resumeQueue: (step) => queues.resume(step),
        enqueue: (jobs) => queues.enqueue(jobs),
      },
    )
    ;({ site, browser, home } = opened)
    const { db, secret } = site.tools
    const { url: databaseUrl, redisUrl, queuePrefix: prefix } = site.database
    queues = await openQueues({ databaseUrl, redisUrl, prefix })
    const workers = await startWorkers(queues, site.tools)
    const schedules = await keepSchedules(queues, { ...site.tools, db })
    const heartbeat = await startHeartbeat(db)
    const key = { bounceAddress: site.tools.bounceAddress!, secret }
    returns = await startReturnServer({
      ...{ host: '127.0.0.1', port: 0, key },
      onMail: (mail) => takeReturnedMail(site.tools, key, mail).then(() => {}),
    })
    ends.push(
      () => returns.close(),
      () => schedules.stop(),
      () => heartbeat.stop(),
      () => workers.stop(),
      () => queues.close(),
      () => opened.close(),
      () => listing.close(),
      () => hook.close(),
    )
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  /** Opens the desk again and again, as somebody who waits does, until the verdict has this colour. */
  const untilVerdict = (page: Page, tone: 'good' | 'bad', words: string) =>
    eventually(async () => {
      await page.goto(`${home}/admin`)
      const verdict = page.locator('.verdict')
      expect([await verdict.getAttribute('class'), await verdict.textContent()]).toEqual([
        `card verdict ${tone}`,
        expect.stringContaining(words),
      ])
    })
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
  const countOn = async (page: Page, words: string) =>
    eventually(async () => {
      await page.goto(`${home}/admin/digests`)
      expect(await page.locator('main').textContent()).toContain(words)
    })

  test('a source breaks, the relay refuses, a person writes “stop”: each is seen, told once, and put right', async () => {
    const { page, complaints, strangers } = await openPage(browser)
    await page.goto(`${home}/admin/login`)
    await page.getByLabel('Password').fill(ADMIN_PASSWORD)
    await press(page, 'Log in')
    await eventually(async () => {
      await page.goto(`${home}/admin/sources`)
      expect(await page.locator('main').textContent()).toContain('fresh')
    })
    await untilVerdict(page, 'good', 'All is well.')
    await look()
    expect(told).toEqual([])

    // The source's site is rebuilt, and nobody noticed yet.
    changedLayout = true
    await page.getByRole('link', { name: 'glacier-list' }).click()
    await press(page, 'Fetch now')
    await page.getByText('The fetch is on its way.').waitFor()
    await untilVerdict(page, 'bad', 'glacier-list: layout changed')
    expect(await barriers(page)).toEqual([])
    for (let minute = 0; minute < 3; minute += 1) await look()
    expect(subjects()).toEqual(['Needs a person: glacier-list: layout changed'])
    expect(mailsTo(OPERATOR)).toHaveLength(1)

    // It lists papers again.
    changedLayout = false
    await page.goto(`${home}/admin`)
    await press(page, 'Fetch now')
    await untilVerdict(page, 'good', 'All is well.')
    for (let minute = 0; minute < 3; minute += 1) await look()
    expect(subjects().slice(1)).toEqual(['Cleared: glacier-list: layout changed'])
    expect(mailsTo(OPERATOR)).toHaveLength(2)

    // The relay takes nothing from us any more, on the day's hour.
    told.length = 0
    site.refuse(() => ({ code: 550, text: '5.7.1 this network is not allowed to send' }))
    const readers = await Promise.all(
      Array.from({ length: READERS }, (_, at) =>
        enlist(site, `reader${at}@example.org`, { topics: [{ name: 'Ice', query: 'glaciers', quota: 1 }] }),
      ),
    )
    await queues.enqueue([{ name: 'planDigests', payload: { tick: new Date().toISOString() } }])
    await untilVerdict(page, 'bad', 'All mail waits')
    expect(await page.locator('.verdict').textContent()).toContain('this network is not allowed to send')
    for (let minute = 0; minute < 3; minute += 1) await look()
    expect(subjects()).toEqual([expect.stringMatching(/^Needs a person: All mail waits/)])

    // The relay's people lift the block; the operator does not want to wait for the next try.
    site.refuse(undefined)
    await press(page, 'Try now')
    await page.getByText('The next mail is tried now.').waitFor()
    await countOn(page, `${READERS} sent`)
    await untilVerdict(page, 'good', 'All is well.')
    for (let minute = 0; minute < 3; minute += 1) await look()
    expect(subjects().slice(1)).toEqual([expect.stringMatching(/^Cleared: All mail waits/)])
    expect(mailsTo(OPERATOR)).toHaveLength(3)
    for (let at = 0; at < READERS; at += 1) expect(mailsTo(`reader${at}@example.org`)).toHaveLength(1)

    // A reader's mail program sends the mail that asks for no more; the reader writes to the operator too.
    const [{ parsed }] = mailsTo('reader3@example.org') as [(typeof site.mail.mails)[0]]
    const stopAddress = /<mailto:([^>?]+)/.exec(
      parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '',
    )![1]!
    const reader = createTransport({ host: '127.0.0.1', port: returns.port, ignoreTLS: true })
    await reader.sendMail({ from: 'reader3@example.org', to: stopAddress, subject: 'stop', text: 'stop' })
    reader.close()
    const { id } = readers[3]!
    await page.goto(`${home}/admin/subscribers`)
    await page.getByLabel('Address').fill('reader3')
    await press(page, 'Find')
    await page.locator('td.name a').click()
    await page.getByRole('heading', { name: 'unsubscribed', exact: true }).waitFor()
    await page.getByText('Send no more mail').click()
    await page.getByLabel('Why').fill('wrote: stop')
    await press(page, 'Suppress the address')
    await page.getByRole('heading', { name: 'unsubscribed, gets no mail' }).waitFor()
    await press(page, 'Mail the link to the preferences')
    await page.getByText('Nothing is mailed: the address is suppressed. Lift that first.').waitFor()
    expect(await barriers(page)).toEqual([])
    expect(mailsTo('reader3@example.org')).toHaveLength(1)

    await press(page, 'Let mail go again')
    await page.getByText('The address gets mail again.').waitFor()
    await press(page, 'Mail the link to the preferences')
    await page.getByText('The link is mailed again.').waitFor()
    await eventually(async () => expect(mailsTo('reader3@example.org')).toHaveLength(2))
    const deeds = (await listAudit(site.tools.db, 50)).filter(({ subject }) => subject === `subscriber ${id}`)
    const words = deeds.map(({ actor, action }) => `${actor}: ${action}`)
    for (const deed of ['admin: suppressed the address', 'admin: lifted the suppression']) {
      expect(words.filter((word) => word === deed)).toHaveLength(1)
    }
    await page.goto(`${home}/admin`)
    expect(await page.locator('main').textContent()).toContain('lifted the suppression')
    expect([complaints, strangers]).toEqual([[], []])
    await page.context().close()
  })
})
