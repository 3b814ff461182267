import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

/**
 * Writes docs/screenshots: the pages of a running Paperboy, such as the demo, in light and dark, wide and narrow. `npm run
 * screenshots -- http://localhost:3000 LINK`, where LINK is a preferences link of one of its mails.
 */
const [home, link] = process.argv.slice(2)
if (home === undefined || link === undefined) {
  console.error(
    'expected an address and a preferences link: npm run screenshots -- http://localhost:3000 LINK',
  )
  process.exit(2)
}
const token = /[\w-]{43}/.exec(link)[0]
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url))
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  for (const width of [1280, 390])
    for (const colorScheme of ['light', 'dark']) await shoot(width, colorScheme)
} finally {
  await browser.close()
}

/**
 * @param {number} width
 * @param {'light' | 'dark'} colorScheme
 */
async function shoot(width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme, locale: 'en-GB' })
  const page = await context.newPage()
  const take = async (name, path) => {
    if (path !== undefined) await page.goto(home + path)
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.jpg`, type: 'jpeg', quality: 62 })
  }
  await page.goto(home)
  await page.getByRole('textbox', { name: 'What do you work on?' }).fill('robot')
  await page.locator('#preview mark').first().waitFor()
  await take('front')
  await take('check-mail', '/check-mail')
  await page.goto(`${home}/preferences/${token}`)
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await page.locator('.topic summary').first().click()
  await page.locator('#topic-0-spark svg').waitFor()
  await take('topics')
  await take('papers', '/trending?span=week')
  await take('search', '/search?q=robot')
  await page.locator('.row a').first().click()
  await take('paper')
  for (const tab of ['schedule', 'taste', 'archive', 'saved', 'my-data'])
    await take(tab, `/preferences/me/${tab}`)
  await context.close()
}
