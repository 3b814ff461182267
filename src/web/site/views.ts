import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { absoluteTime, longDay, shortDay } from '../../text/dates.ts'
import { plural } from '../../text/plural.ts'
import { size, span } from '../../text/quantities.ts'
import { fieldState } from './form.ts'

/** The templates of templates/pages that are pages of their own. */
export type PageName =
  | `admin/${string}`
  | 'checkMail'
  | 'confirm'
  | 'deletion'
  | 'inbox'
  | 'inboxMail'
  | 'judge'
  | 'landing'
  | 'login'
  | 'message'
  | 'paper'
  | 'preferences'
  | 'preferencesLink'
  | 'examples'
  | 'trending'
  | 'unsubscribe'

export interface Views {
  /** Renders a page to HTML; every value is escaped. Throws for a mistake in a template. */
  render(page: PageName, data: Record<string, unknown>): string
}

/** Beside src/ and beside dist/ alike. */
const TEMPLATES = fileURLToPath(new URL('../../../templates/', import.meta.url))
export const STATIC_FOLDER = join(TEMPLATES, 'static')

/** Opens the page templates. */
export function createViews(): Views {
  const engine = new Eta({ views: join(TEMPLATES, 'pages'), autoEscape: true, cache: true })
  const shared = {
    stylesheet: staticUrl('paperboy.css'),
    deskStylesheet: staticUrl('desk.css'),
    icon: staticUrl('favicon.svg'),
    ...WORDS,
  }
  return { render: (page, data) => engine.render(page, { ...shared, ...data }) }
}

/** What templates may call. */
const WORDS = { fieldState, absoluteTime, longDay, plural, shortDay, size, span }

/** The address of a static file; it changes with the content, so that browsers may keep it for ever. */
export function staticUrl(file: string): string {
  const hash = createHash('sha256').update(readFileSync(join(STATIC_FOLDER, file)))
  return `/static/${file}?v=${hash.digest('hex').slice(0, 10)}`
}
