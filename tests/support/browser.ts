import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

import { openTestSite, type SiteOptions, type TestSite } from './web.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The path of the browser; undefined if there is none, and then suites that need one are skipped. */
export const CHROMIUM = PLACES.find((path) => existsSync(path))

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A test site that listens, and a browser to visit it. */
export interface BrowserSite {
  site: TestSite
  browser: Browser
  /** The site's address, `http://localhost:PORT`. */
  home: string
  close(): Promise<void>
}

/** Opens a site, fills it, lets it listen and starts a browser. */
export async function openBrowserSite(
  fill: (site: TestSite) => Promise<unknown>,
  options: SiteOptions = {},
): Promise<BrowserSite> {
  const site = await openTestSite({ publicUrl: 'http://localhost', ...options })
  await fill(site)
  await site.server.listen({ port: 0, host: '127.0.0.1' })
  const home = `http://localhost:${(site.server.server.address() as AddressInfo).port}`
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  return { site, browser, home, close: () => browser.close().then(() => site.close()) }
}

/** Effects of a page that a person does not see. */
export interface Watched {
  page: Page
  /** Errors of the console and of scripts, including blocked loads. */
  complaints: string[]
  /** Hosts other than our own to which the page sent a request. */
  strangers: string[]
  /** Messages of dialogs. Only a script that should not run opens one. */
  dialogs: string[]
}

/** Opens a new page without cookies or history. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  // How long a step takes on a busy machine is not what these tests are about; each test has a limit of its own.
  page.setDefaultTimeout(120_000)
  const watched: Watched = { page, complaints: [], strangers: [], dialogs: [] }
  page.on('console', (message) => {
    if (message.type() === 'error') watched.complaints.push(message.text())
  })
  page.on('pageerror', (error) => watched.complaints.push(error.message))
  page.on('request', (request) => {
    const { hostname } = new URL(request.url())
    if (hostname !== 'localhost' && hostname !== '') watched.strangers.push(request.url())
  })
  page.on('dialog', (dialog) => {
    watched.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return watched
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong with the page as it is now: rule and elements. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(
    (rules) =>
      // @ts-expect-error axe has just been put into the page
      axe.run(document, { runOnly: rules }) as Promise<{
        violations: { id: string; nodes: { html: string }[] }[]
      }>,
    RULES,
  )
  return violations.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
