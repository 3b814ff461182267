import type { Listing, LocalDate } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { dayOf, type Fields, fieldsOf, shown } from '../../reading/fields.ts'
import { type HtmlDocument, outermost, parseHtml } from '../../reading/html.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, parseItems } from '../../reading/pageFormat.ts'
import { parseCards } from './cards.ts'
import { ignoredIn, parseDailyItem, submittedDay } from './paper.ts'

/**
 * A Hugging Face listing page. `<div data-target="DailyPapers" data-props="{…}">` has everything as JSON; if a saved
 * page has lost it, the cards are read. Pages saved through a DOM have the attributes in another order and quoting,
 * so only an HTML parser finds them.
 */
export const hfPage: PageFormat = {
  name: 'hf-page',
  detect: (page) =>
    /^\s*</.test(page) && (TARGET.test(page) || (/<article[\s>]/i.test(page) && page.includes('/papers/'))),
  parse,
}

const TARGET = /\bdata-target\s*=\s*["']?DailyPapers["'\s>]/i

function parse(page: string): Listing {
  if (isCut(page)) {
    throw new PermanentError(
      'expected a whole listing page, got truncated HTML (no </html> at its end): fetch or save it again',
    )
  }
  const root = parseHtml(page)
  const [target] = outermost(root, ({ attribs }) => attribs['data-target'] === 'DailyPapers')
  const props = target?.attribs['data-props']
  if (props !== undefined) return parseProps(props)
  // The tag is in the text but the parser dropped it: the text ends inside the tag.
  if (TARGET.test(page) && target === undefined) {
    throw new PermanentError(
      'expected a whole listing page, got one that ends inside its listing data: save it again',
    )
  }
  return parseCardPage(root)
}

/** Whether a document began and did not end. A fragment saved without `<html>` has no end to miss. */
function isCut(page: string): boolean {
  return /<(?:html|!doctype)\b/i.test(page.slice(0, 10_000)) && !/<\/html\s*>/i.test(page)
}

function parseProps(json: string): Listing {
  const props = fieldsOf(parseJson(json, 'the listing data (data-props)'))
  const items = isSearch(props) ? props?.searchResults : props?.dailyPapers
  if (props === undefined || !Array.isArray(items)) {
    throw new PermanentError(
      `expected a list of papers in the listing data (dailyPapers), got ${shown(items)}`,
    )
  }
  return {
    format: hfPage.name,
    listedOn: listingDay(props, items),
    ...parseItems(items, (item, index) => parseDailyItem(item, `dailyPapers[${index}]`, index + 1)),
    ignored: ignoredIn(items),
  }
}

/** A search page has its results beside the day's papers. */
function isSearch(props: Fields | undefined): boolean {
  return Array.isArray(props?.searchResults) && props.searchResults.length > 0
}

/** The listing's day. Only a day's own page says it; pages of a week, a month or a search mix days. */
function listingDay(props: Fields, items: unknown[]): LocalDate | undefined {
  if (isSearch(props)) return undefined
  if (props.periodType !== undefined && props.periodType !== 'day') return undefined
  const day = dayOf(props.dateString ?? props.date)
  return mixesDays(items, day) ? undefined : day
}

/** Whether the page mixes days. Trending shows papers of all years under today's date. */
function mixesDays(items: unknown[], day: LocalDate | undefined): boolean {
  const days = items.flatMap((item) => submittedDay(item) ?? [])
  return days.filter((other) => other !== day).length > days.length / 2
}

function parseCardPage(root: HtmlDocument): Listing {
  const listing = parseCards(root)
  if (listing.entries.length === 0 && listing.rejects.length === 0) {
    throw new PermanentError('expected a listing page, got HTML without a paper listing')
  }
  return { format: hfPage.name, ...listing }
}
