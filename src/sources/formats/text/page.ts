import type { Listing, LocalDate } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf, shownDay } from '../../reading/dates/dates.ts'
import { linkOf } from '../../reading/fields.ts'
import { type Piece, readLinkedText } from '../../reading/linkedText.ts'
import type { PageFormat } from '../../reading/pageFormat.ts'
import { firstCard, parseTextCards } from './cards.ts'
import { textDump } from './dump.ts'

/**
 * A Hugging Face listing or search page that a crawler saved as text with its links: Markdown as firecrawl and
 * readability tools write it, numbered links as w3m and links write them, or addresses on lines of their own. Often a
 * few lines or YAML front matter above it say where it came from and when. Highlighted words of a search are glued to
 * their neighbours ("sourcecitations"); nothing can separate them again.
 */
export const textPage: PageFormat = { name: 'text-page', detect, parse }

const OWN = /Get trending papers in your email inbox|\/login\?next=%2Fpapers|^# (?:Daily|Trending) Papers/m
const CARD = /^#{2,4} ?\[|^https:\/\/huggingface\.co\/papers\/[\w./-]+$/m
const FRONT_MATTER = /^---\n(?:[^\n]{0,2000}\n){1,40}?---\n/
const MAX_LENGTH = 50_000_000

function detect(page: string): boolean {
  if (/^\s*[<{[]/.test(page) || !OWN.test(page)) return false
  return CARD.test(page) || (FRONT_MATTER.test(page) && textDump.detect(withoutFrontMatter(page)))
}

function parse(page: string): Listing {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected a page of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const about = readAbout(page)
  // A page that was copied without its links, under front matter.
  if (!CARD.test(page) && FRONT_MATTER.test(page)) {
    return {
      ...textDump.parse(withoutFrontMatter(page)),
      format: textPage.name,
      observedAt: about.observedAt,
    }
  }
  const { pieces, cutAt } = readLinkedText(page)
  const isTrending = /\/papers\/trending\b/.test(about.url ?? '') || /^# Trending Papers/m.test(page)
  const { entries, rejects } = parseTextCards(pieces, { readOn: about.readOn, isTrending })
  if (cutAt !== undefined)
    rejects.push({ where: `line ${cutAt}`, reason: 'the text ends in the middle of this link' })
  if (/^\[Content truncated\]$/m.test(page)) {
    rejects.push({
      where: `line ${page.trimEnd().split('\n').length}`,
      reason: 'the text says that it was truncated',
    })
  }
  if (entries.length === 0) {
    throw new PermanentError('expected the text of a listing page, got one without linked titles of papers')
  }
  return {
    format: textPage.name,
    listedOn: isDaily(about.url) ? pickedDay(pieces, about.readOn) : undefined,
    observedAt: about.observedAt,
    entries,
    rejects,
  }
}

/** Empties the lines of the front matter but keeps them, so that line numbers stay right. */
function withoutFrontMatter(page: string): string {
  return page.replace(FRONT_MATTER, (lines) => lines.replace(/[^\n]+/g, ''))
}

interface About {
  url: string | undefined
  observedAt: Date | undefined
  /** The day (UTC) on which the page was saved. */
  readOn: LocalDate | undefined
}

const URL_LINE = /^(?:[-*] )?(?:source )?url:\s*(\S+)/im
const TIME_LINE =
  /^(?:[-*] )?(?:captured|retrieved|fetched|crawled|scraped)(?:[ _-]at)?(?: \(utc\))?:\s*["']?([\d:T.+Z-]+)/im
const STATUS_LINE = /^status[ _]?code:\s*(\d{3})/im

/** Reads the lines above the page. Throws PermanentError if they say that it is an error page. */
function readAbout(page: string): About {
  const start = page.search(/^(?:Get trending|#+ ?\[)/m)
  const lines = page.slice(0, Math.min(start === -1 ? 2_000 : start, 5_000))
  const status = STATUS_LINE.exec(lines)?.[1] ?? '200'
  if (status !== '200') {
    throw new PermanentError(`expected a page saved with status 200, got status ${status}: fetch it again`)
  }
  const observedAt = momentOf(TIME_LINE.exec(lines)?.[1])
  return {
    url: linkOf(URL_LINE.exec(lines)?.[1]),
    observedAt,
    readOn: observedAt?.toISOString().slice(0, 10),
  }
}

/**
 * Whether the address is that of a day's list. Searches, trending, weeks and months mix days, although they show
 * today's date.
 */
function isDaily(url: string | undefined): boolean {
  return /^https:\/\/huggingface\.co\/papers(?:\/date\/[\d-]+|\?date=[\d-]+)?$/.test(url ?? '')
}

/** The date picker's day, `Oct 2`, above all papers. */
function pickedDay(pieces: Piece[], readOn: LocalDate | undefined): LocalDate | undefined {
  const above = pieces.slice(0, firstCard(pieces) ?? 0)
  return above.flatMap(({ text }) => shownDay(text, readOn) ?? [])[0]
}
