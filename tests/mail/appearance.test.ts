import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderDigestHtml } from '../../src/mail/compose/render.ts'
import { ALL_MAILS } from './allMails.ts'
import { paperWith, said, sampleDigest, sampleMail } from './sampleMail.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
/** Landmarks are left to the mail program, in whose page the mail stands. */
const RULES = '{ rules: { region: { enabled: false }, "landmark-one-main": { enabled: false } } }'
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What a subscriber with a browser's eyes would notice. */
describe.skipIf(!existsSync(CHROMIUM))('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(() => browser.close())

  async function open(html: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    await page.setContent(html)
    return page
  }

  const mails: Record<string, () => Promise<string>> = {
    page: () => renderDigestHtml(sampleDigest()),
    ...Object.fromEntries(
      Object.entries(ALL_MAILS).map(([name, make]) => [name, async () => (await make()).html]),
    ),
  }
  const names = Object.keys(mails)

  test.each(names)('a %s is accessible in light and dark', async (name) => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(await mails[name]!(), 900, scheme)
      await page.addScriptTag({ path: AXE })
      const violations = await page.evaluate(
        `axe.run(${RULES}).then(({ violations }) => violations.map(({ id }) => id))`,
      )
      expect(violations).toEqual([])
      await page.close()
    }
  })

  test.each(names)('a %s fits a telephone', async (name) => {
    const page = await open(await mails[name]!(), 360)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await page.close()
  })

  test('in the dark every text is light on dark', async () => {
    const page = await open(await mails.digest!(), 600, 'dark')
    const brightness = (color: string) => Math.max(...color.match(/\d+/g)!.slice(0, 3).map(Number))
    const colors = await stylesOf(page, 'h1, h2, h3 a, p, p a', 'color')
    expect(colors.length).toBeGreaterThan(10)
    expect(colors.filter((color) => brightness(color) < 170)).toEqual([])
    const backgrounds = await stylesOf(page, 'body, body > div, .card', 'backgroundColor')
    expect(backgrounds.filter((color) => color !== 'rgba(0, 0, 0, 0)' && brightness(color) > 60)).toEqual([])
    await page.close()
  })

  test('hostile text runs nothing, fetches nothing and is read as it stands', async () => {
    const hostile =
      '"><img src=https://evil.example/x onerror=alert(1)><script>alert(2)</script><!--[if mso]>\u202Ex'
    const fields = { title: hostile, authors: [hostile], abstract: hostile }
    const item = paperWith(fields, { topic: hostile, reasons: [said(hostile)] })
    const { html } = await sampleMail({ papers: [item], note: hostile })
    const page = await browser.newPage()
    const happened: string[] = []
    page.on('dialog', (dialog) => dialog.dismiss().then(() => happened.push('dialog')))
    page.on('request', (request) => void happened.push(request.url()))
    await page.setContent(html, { waitUntil: 'networkidle' })
    expect(happened).toEqual([])
    // A line of the message may end at any space.
    const title = (await page.locator('h3').textContent())!.replace(/\s+/g, ' ')
    expect(title).toBe(hostile.replace('\u202E', ''))
    expect(await page.locator('script, img').count()).toBe(0)
    await page.close()
  })
})

function stylesOf(page: Page, selector: string, property: string): Promise<string[]> {
  return page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((node) => getComputedStyle(node).${property})`,
  )
}
