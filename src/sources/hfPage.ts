import { type CheerioAPI, load } from 'cheerio/slim'
import type { Listing, LocalDate } from '../domain.ts'
import { PermanentError } from '../errors.ts'
import { dayOf, type Fields, fieldsOf, shown } from './fields.ts'
import { type PageFormat, separate } from './format.ts'
import { parseCards } from './hfCards.ts'
import { parseDailyItem } from './hfPaper.ts'
import { parseJson } from './json.ts'

/**
 * A Hugging Face listing page: `<div data-target="DailyPapers" data-props="{…}">` holds all as JSON; where a saved page
 * has lost it, the cards are read. Pages saved through a DOM have the attributes in another order and quoting, so only
 * an HTML parser finds them. htmlparser2 (`cheerio/slim`) is taken for its linear time on deeply nested pages.
 */
export const hfPage: PageFormat = {
  name: 'hf-page',
  detect: (page) =>
    /^\s*</.test(page) && (TARGET.test(page) || (/<article[\s>]/i.test(page) && page.includes('/papers/'))),
  parse,
}

const TARGET = /\bdata-target\s*=\s*["']?DailyPapers["'\s>]/i
const MAX_LENGTH = 50_000_000

function parse(page: string): Listing {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(
      `expected a listing page of at most ${MAX_LENGTH} characters, got ${page.length}`,
    )
  }
  if (isCut(page)) {
    throw new PermanentError(
      'expected a whole listing page, got truncated HTML (no </html> at its end): fetch or save it again',
    )
  }
  const $ = load(page)
  const props = $('[data-target="DailyPapers"]').first().attr('data-props')
  if (props !== undefined) return parseProps(props)
  // The tag was there and the parser dropped it: the text ends inside of it.
  if (TARGET.test(page) && $('[data-target="DailyPapers"]').length === 0) {
    throw new PermanentError(
      'expected a whole listing page, got one that ends inside its listing data: save it again',
    )
  }
  return parseCardPage($)
}

/** A document that began and did not end. A fragment, saved without `<html>`, has no end to miss. */
function isCut(page: string): boolean {
  return /<(?:html|!doctype)\b/i.test(page.slice(0, 10_000)) && !/<\/html\s*>/i.test(page)
}

function parseProps(json: string): Listing {
  const props = fieldsOf(parseJson(json, 'the listing data (data-props)'))
  const items = props?.searchResults ?? props?.dailyPapers
  if (props === undefined || !Array.isArray(items)) {
    throw new PermanentError(
      `expected a list of papers in the listing data (dailyPapers), got ${shown(items)}`,
    )
  }
  const results = items.map((item, index) => parseDailyItem(item, `dailyPapers[${index}]`, index + 1))
  return {
    format: hfPage.name,
    listedOn: listingDay(props),
    ...separate(results),
  }
}

/** Only a day's own page says which day its papers were listed; those of a week, a month or a search mix days. */
function listingDay(props: Fields): LocalDate | undefined {
  if (props.searchResults !== undefined) return undefined
  if (props.periodType !== undefined && props.periodType !== 'day') return undefined
  return dayOf(props.dateString ?? props.date)
}

function parseCardPage($: CheerioAPI): Listing {
  const listing = parseCards($)
  if (listing.entries.length === 0 && listing.rejects.length === 0) {
    throw new PermanentError('expected a listing page, got HTML without a paper listing')
  }
  return { format: hfPage.name, ...listing }
}
