import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPaper } from '../../src/db/papers/papers.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { listTopics } from '../../src/db/subscribers/topics.ts'
import { type BrowserSite, barriers, CHROMIUM, openBrowserSite, openPage } from '../support/browser.ts'
import { corpusOf } from '../support/corpusModel.ts'
import { store } from '../support/listings.ts'
import { replayBytes } from '../support/replay.ts'
import { type TestSite, tokenIn } from '../support/web.ts'

let site: TestSite
let browser: Browser
let home: string
let opened: BrowserSite

describe.skipIf(CHROMIUM === undefined)('the whole story, in a browser', () => {
  beforeAll(async () => {
    opened = await openBrowserSite(async ({ tools, enqueued, runJobs }) => {
      await store(tools, '2026-11-10', corpusOf(560))
      await store(tools, '2026-11-20', corpusOf(30, 1001))
      enqueued.push({ name: 'trainCorpusModel', payload: { tick: tools.now().toISOString() } })
      await runJobs()
    })
    ;({ site, browser, home } = opened)
  })
  afterAll(() => opened?.close())

  /** The hour comes: digests are planned, composed and sent. */
  async function nextDay(now: string): Promise<{ text: string; html: string }> {
    site.setNow(now)
    site.enqueued.push({ name: 'planDigests', payload: { tick: now } })
    await site.runJobs()
    const { text = '', html = '' } = site.mail.mails.at(-1)!.parsed
    return { text, html: `${html}` }
  }

  const titles = (page: Page, place: string) => page.locator(`${place} .row :is(h3, h4)`).allTextContents()

  test('see my digest, sign up, confirm, tune, replay a day, get it, like a paper, get a better one, take it along, leave', async () => {
    const { page, complaints, strangers } = await openPage(browser)
    await page.goto(home)
    await page.getByRole('textbox', { name: 'What do you work on?' }).fill('glaciers')
    await page.locator('#preview mark').first().waitFor()
    for (const title of await titles(page, '#preview')) expect(title).toContain('glaciers')

    await page.getByLabel('Mail address').fill('story@example.org')
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await site.runJobs()
    await page.goto(`${home}/confirm/${tokenIn(site.mail.mails.at(-1)!.parsed.text, 'confirm')}`)
    await page.getByRole('button', { name: 'Confirm my subscription' }).click()
    await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
    await site.runJobs()
    expect(site.mail.mails.at(-1)!.parsed.text).toContain('glaciers')

    await page.getByRole('link', { name: 'Tune my topics' }).click()
    await page.locator('#topic-0-spark svg').waitFor()
    await page.getByText('Add a topic').click()
    await page.getByLabel('Looks for').nth(1).fill('violins')
    await page.locator('#preview h3', { hasText: 'Violins' }).waitFor()
    expect((await titles(page, '#preview')).some((title) => title.includes('violins'))).toBe(true)
    expect(await barriers(page)).toEqual([])
    expect(await page.locator('[data-count-changes]').textContent()).toBe('1 change, not saved')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    expect(await page.getByLabel('Looks for').nth(1).inputValue()).toBe('')
    await page.getByLabel('Looks for').nth(1).fill('violins')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved. Your next digest').waitFor()
    const { id } = (await findSubscriberByEmail(site.tools.db, 'story@example.org'))!
    expect((await listTopics(site.tools.db, id)).map(({ name }) => name)).toEqual(['Glaciers', 'Violins'])

    const day = corpusOf(24, 2001).map((entry) => JSON.stringify({ ...entry, listed_on: '2026-11-21' }))
    const replayed = await replayBytes('2026-11-21.jsonl', day.join('\n'), site.tools)
    expect(replayed).toMatchObject({ entries: 24, new: 24, rejected: 0 })
    const second = await nextDay('2026-11-21T09:00:00Z')
    expect(second.text).toContain('violins')
    const link = /\/preferences\/[\w-]{43}\/papers\/\d+\?say=more/.exec(second.html)![0]
    await page.goto(home + link)
    await page.getByRole('button', { name: 'More like this' }).click()
    await page.getByText('You want more like this.').waitFor()

    await store(site.tools, '2026-11-22', corpusOf(24, 3001))
    const third = await nextDay('2026-11-22T09:00:00Z')
    const { title } = (await findPaper(site.tools.db, Number(/papers\/(\d+)/.exec(link)![1])))!
    expect(third.text.replace(/\s+/g, ' ')).toContain(`close to “${title}”, which you liked on 21 Nov`)

    await page.goto(`${home}/trending`)
    const star = page.getByRole('button', { name: /^Save: / }).first()
    await star.click()
    await page.locator('button[aria-pressed=true]').first().waitFor()
    await page.goto(`${home}/preferences/me/saved`)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'BibTeX' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^@misc\{/)

    await page.goto(`${home}/unsubscribe/${tokenIn(third.text, 'unsubscribe')}`)
    await page.getByRole('button', { name: 'Unsubscribe' }).click()
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()
    expect((await findSubscriberByEmail(site.tools.db, 'story@example.org'))?.status).toBe('unsubscribed')
    expect([complaints, strangers]).toEqual([[], []])
    await page.context().close()
  })
})
