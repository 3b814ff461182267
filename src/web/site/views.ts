import { join } from 'node:path'
import { Eta } from 'eta'
import { absoluteTime, dayLabel, longDay, shortDay } from '../../text/dates.ts'
import { plural } from '../../text/plural.ts'
import { size, span } from '../../text/quantities.ts'
import { assetUrl, TEMPLATES } from './assets.ts'
import { fieldState } from './form.ts'

/** The templates of templates/pages that are pages of their own, or parts of a page that htmx asks for. */
export type PageName =
  | `admin/${string}`
  | 'address'
  | 'checkMail'
  | 'confirm'
  | 'confirmAddress'
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
  | 'feedAddress'
  | 'landingPreview'
  | 'saved'
  | 'sayForm'
  | 'search'
  | 'trending'
  | 'tunePreview'
  | 'zones'
  | 'unsubscribe'

export interface Views {
  /** Renders a page to HTML; every value is escaped. Throws for a mistake in a template. */
  render(page: PageName, data: Record<string, unknown>): string
}

/** Opens the page templates. */
export function createViews(): Views {
  const engine = new Eta({ views: join(TEMPLATES, 'pages'), autoEscape: true, cache: true })
  const assets = {
    stylesheet: assetUrl('paperboy.css'),
    deskStylesheet: assetUrl('desk.css'),
    icon: assetUrl('favicon.svg'),
    htmx: assetUrl('htmx.min.js'),
    script: assetUrl('site.js'),
  }
  const shared = { ...assets, ...WORDS }
  return { render: (page, data) => engine.render(page, { ...shared, ...data }) }
}

/** What templates may call. */
const WORDS = { fieldState, absoluteTime, dayLabel, longDay, plural, shortDay, size, span }
