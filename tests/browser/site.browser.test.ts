import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertCapturedMail } from '../../src/db/mail/capturedMails.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { createToken } from '../../src/db/subscribers/tokens.ts'
import { listTopics } from '../../src/db/subscribers/topics.ts'
import { type BrowserSite, barriers, CHROMIUM, openBrowserSite, openPage } from '../support/browser.ts'
import { papersOn, store } from '../support/listings.ts'
import { ADMIN_PASSWORD, enlist, type TestSite, tokenIn } from '../support/web.ts'

let site: TestSite
let browser: Browser
let home: string
let opened: BrowserSite

describe.skipIf(CHROMIUM === undefined)('in a real browser', () => {
  beforeAll(async () => {
    const hostile = {
      title: '<img src=x onerror=alert(1)> and <script>alert(2)</script>',
      abstract: '"><svg onload=alert(3)>',
      arxivId: '2611.90001',
      upvotes: 5000,
    }
    opened = await openBrowserSite(({ tools }) =>
      store(tools, '2026-11-20', [...papersOn('glaciers', 4), hostile]),
    )
    ;({ site, browser, home } = opened)
  })
  afterAll(() => opened?.close())

  const link = async (
    purpose: 'confirm' | 'view' | 'unsubscribe' | 'manage',
    subscriberId: number,
    digestId?: number,
  ) => createToken(site.tools.db, { purpose, subscriberId, digestId }, site.tools.now())

  async function everyPage(): Promise<string[]> {
    const { id, manage, unsubscribe } = await enlist(site, 'reader@example.org')
    site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
    await site.runJobs()
    const digest = await site.tools.db
      .selectFrom('digests')
      .select('id')
      .where('subscriber_id', '=', id)
      .executeTakeFirstOrThrow()
    const paper = await site.tools.db
      .selectFrom('papers')
      .select('id')
      .where('arxiv_id', '=', '2611.90001')
      .executeTakeFirstOrThrow()
    const { raw } = site.mail.mails.at(-1)!
    const mail = await insertCapturedMail(site.tools.db, {
      mailFrom: 'a@b.example',
      rcptTo: ['reader@example.org'],
      subject: '<script>alert(4)</script>',
      raw,
      receivedAt: site.tools.now(),
    })
    return [
      '/',
      '/trending',
      '/trending?q=glaciers&span=week',
      '/search?q=glaciers',
      `/papers/${paper.id}`,
      '/check-mail',
      '/preferences',
      `/confirm/${await link('confirm', id)}`,
      `/preferences/${manage}`,
      `/preferences/${manage}/papers/${paper.id}?say=less`,
      `/preferences/${manage}/schedule`,
      `/preferences/${manage}/taste`,
      `/preferences/${manage}/archive`,
      `/preferences/${manage}/my-data`,
      `/preferences/${manage}/saved`,
      `/preferences/${manage}/examples`,
      `/preferences/${manage}/delete`,
      `/unsubscribe/${unsubscribe}`,
      `/digests/${await link('view', id, digest.id)}`,
      '/admin',
      '/admin/inbox',
      `/admin/inbox/${mail}`,
    ]
  }

  test.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'every page, %s and %i wide: no barrier, nothing runs or is loaded from elsewhere, no sideways scrolling',
    async (colorScheme, width) => {
      const { page, complaints, strangers, dialogs } = await openPage(browser, {
        colorScheme,
        viewport: { width, height: 900 },
      })
      await page.goto(`${home}/admin/login`)
      const found = (await barriers(page)).map((barrier) => `/admin/login ${barrier}`)
      await page.getByLabel('Password').fill(ADMIN_PASSWORD)
      await page.getByRole('button', { name: 'Log in' }).click()
      for (const address of await everyPage()) {
        await page.goto(home + address)
        // A digest is a mail's HTML, whose own suite looks at it.
        if (!address.startsWith('/digests/'))
          found.push(...(await barriers(page)).map((barrier) => `${address} ${barrier}`))
        const overhang = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        if (Number(overhang) > 0) found.push(`${address} is ${overhang} px too wide`)
      }
      expect({ found, complaints, strangers, dialogs }).toEqual({
        found: [],
        complaints: [],
        strangers: [],
        dialogs: [],
      })
      await page.context().close()
    },
  )

  test('without JavaScript and by keyboard alone: from the form over the mail to the preferences and out', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false })
    await page.goto(home)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.getByRole('textbox', { name: 'What do you work on?' }).focus()
    await page.keyboard.type('glaciers "unfinished')
    await page.getByLabel('Mail address').focus()
    await page.keyboard.type('keys@example.org')
    await page.getByRole('button', { name: 'Subscribe', exact: true }).press('Enter')
    await page.getByText('One field needs another look.').waitFor()
    const box = page.getByRole('textbox', { name: 'What do you work on?' })
    expect(await box.inputValue()).toBe('glaciers "unfinished')
    await box.fill('glaciers')
    await page.getByRole('button', { name: 'Show me today’s digest' }).press('Enter')
    expect(await page.locator('#preview mark').first().textContent()).toBe('glaciers')
    await page.getByRole('button', { name: 'Subscribe', exact: true }).press('Enter')
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()

    await site.runJobs()
    const { text } = site.mail.mails.at(-1)!.parsed
    await page.goto(`${home}/confirm/${tokenIn(text, 'confirm')}`)
    await page.getByRole('button', { name: 'Confirm my subscription' }).press('Enter')
    await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
    const subscriber = (await findSubscriberByEmail(site.tools.db, 'keys@example.org'))!
    expect(subscriber.status).toBe('active')

    await page.goto(`${home}/preferences/${await link('manage', subscriber.id)}`)
    await page.locator('summary', { hasText: 'Add a topic' }).press('Enter')
    await page.getByLabel('Looks for').nth(1).fill('violins')
    await page.getByRole('button', { name: 'Preview' }).press('Enter')
    await page.getByText('nothing in 30 days').first().waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await page.getByText('Saved. Your next digest follows these preferences.').waitFor()
    expect(await listTopics(site.tools.db, subscriber.id)).toEqual([
      { name: 'Glaciers', query: 'glaciers', quota: null },
      { name: 'Violins', query: 'violins', quota: null },
    ])
    await page.getByRole('link', { name: 'Schedule' }).press('Enter')
    await page.getByLabel('Sunday').uncheck()
    await page.getByLabel('Time zone').fill('kolkata')
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await page.getByText('Saved. Your next digest follows these preferences.').waitFor()
    expect(await findSubscriberByEmail(site.tools.db, 'keys@example.org')).toMatchObject({
      weekdays: [1, 2, 3, 4, 5, 6],
      time_zone: 'Asia/Kolkata',
    })

    await page.goto(`${home}/unsubscribe/${tokenIn(text, 'unsubscribe')}`)
    await page.getByRole('button', { name: 'Unsubscribe', exact: true }).press('Enter')
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()
    expect((await findSubscriberByEmail(site.tools.db, 'keys@example.org'))?.status).toBe('unsubscribed')
    await page.context().close()
  })

  test('a mail’s links work from the inbox, in a page of their own, and its scripts do not', async () => {
    const { id } = await enlist(site, 'inbox@example.org')
    const address = `${home}/unsubscribe/${await link('unsubscribe', id)}`
    const raw = Buffer.from(
      `Subject: hello\r\nContent-Type: text/html\r\n\r\n<html><head></head><body><script>alert(1)</script><img src="${home}/pixel.gif"><a href="${address}">Leave</a></body></html>`,
    )
    const mail = await insertCapturedMail(site.tools.db, {
      mailFrom: 'a@b.example',
      rcptTo: ['inbox@example.org'],
      subject: 'hello',
      raw,
      receivedAt: site.tools.now(),
    })
    const { page, dialogs } = await openPage(browser)
    const asked: string[] = []
    page.on('response', (response) => asked.push(response.url()))
    await page.goto(`${home}/admin/login?next=${encodeURIComponent(`/admin/inbox/${mail}`)}`)
    await page.getByLabel('Password').fill(ADMIN_PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    const popup = page.waitForEvent('popup')
    await page.frameLocator('iframe').getByRole('link', { name: 'Leave' }).click()
    const opened = await popup
    await opened.getByRole('heading', { name: 'Fewer, or none' }).waitFor()
    expect(dialogs).toEqual([])
    expect(asked.filter((url) => url.includes('pixel'))).toEqual([])
    await page.context().close()
  })
})
