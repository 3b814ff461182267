import type { Entry, Listing, LocalDate, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { writtenDay } from '../../reading/dates/dates.ts'
import { shown, textOf } from '../../reading/fields.ts'
import { type HtmlElement, htmlTextOf, outermost, parseHtml } from '../../reading/html.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, refuseTooMany, separate } from '../../reading/pageFormat.ts'
import { arxivIdOf, arxivUrl, doiOf } from '../../reading/paperIds.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'
import { byDay } from './announcement.ts'

/**
 * A listing page of arXiv: `/list/cs.CL/new`, `recent`, `pastweek`. Each paper is a `<dt>` with its id and a `<dd>` with
 * the rest; headings above them name the day, or part new submissions, cross-lists and replacements. A replacement
 * lists nothing anew and is left out.
 */
export const arxivListing: PageFormat = { name: 'arxiv-listing', detect, parse }

function detect(page: string): boolean {
  return /^\s*</.test(page) && page.includes('list-title') && /<dt[\s>]/i.test(page) && page.includes('/abs/')
}

const PARTS = new Set(['h1', 'h2', 'h3', 'dt', 'dd'])

function parse(page: string): Listing {
  if (/<html[\s>]/i.test(page.slice(0, 10_000)) && !/<\/html\s*>/i.test(page)) {
    throw new PermanentError(
      'expected a whole listing page of arXiv, got truncated HTML (no </html> at its end): fetch or save it again',
    )
  }
  const parts = outermost(parseHtml(page), ({ name }) => PARTS.has(name))
  refuseTooMany(parts)
  const results: (Entry | Reject)[] = []
  let day: LocalDate | undefined
  let isOld = false
  for (const [index, part] of parts.entries()) {
    if (part.name.startsWith('h')) {
      const heading = textIn(part) ?? ''
      day = headingDay(heading) ?? day
      isOld = /^replacement/i.test(heading)
    } else if (part.name === 'dt' && !isOld && !/\(replaced\)/i.test(htmlTextOf(part))) {
      const next = parts[index + 1]
      results.push(parsePaper(part, next?.name === 'dd' ? next : undefined, day))
    }
  }
  const { entries, rejects } = separate(results)
  return { format: arxivListing.name, ...byDay(entries, day), rejects }
}

/** "Showing new listings for Tuesday, 3 March 2026", "Fri, 27 Feb 2026 (showing first 50 of 300 entries )". */
function headingDay(heading: string): LocalDate | undefined {
  return writtenDay(/\b\d{1,2} \p{L}{3,9} \d{4}\b/u.exec(heading)?.[0])
}

function parsePaper(
  term: HtmlElement,
  about: HtmlElement | undefined,
  listedOn: LocalDate | undefined,
): Entry | Reject {
  const [link] = outermost(term, ({ name, attribs }) => name === 'a' && /\/abs\//.test(attribs.href ?? ''))
  const id = arxivIdOf(link?.attribs.href?.replace(/^.*\/abs\//, 'https://arxiv.org/abs/'))
  const where = `paper ${shown(textIn(term)?.slice(0, 60))}`
  if (id === undefined)
    return { where, reason: `expected an arXiv id in the link, got ${shown(link?.attribs.href)}` }
  const title = fieldOf(about, 'list-title')
  if (title === undefined) return { where, reason: `expected a title, got nothing (paper ${id})` }
  const subjects = fieldOf(about, 'list-subjects') ?? ''
  const categories = Array.from(subjects.matchAll(/\(([a-z-]+(?:\.[A-Za-z-]+)?)\)/g), (match) => match[1]!)
  return {
    title,
    abstract: abstractIn(about),
    authors: authorsIn(about),
    arxivId: id,
    doi: doiOf(fieldOf(about, 'list-doi')),
    url: arxivUrl(id),
    venue: fieldOf(about, 'list-journal-ref') ?? acceptedVenue(fieldOf(about, 'list-comments')),
    categories: categories.length > 0 ? categories : undefined,
    listedOn,
  }
}

function hasClass({ attribs }: HtmlElement, name: string): boolean {
  return (attribs.class ?? '').split(/\s+/).includes(name)
}

function textIn(element: HtmlElement | undefined): string | undefined {
  return textOf(htmlTextOf(element))
}

/** The text of a field without its descriptor ("Title:"). */
function fieldOf(about: HtmlElement | undefined, name: string): string | undefined {
  const [field] = about === undefined ? [] : outermost(about, (element) => hasClass(element, name))
  return (
    field &&
    textOf(
      field.children.map((child) => (isDescriptor(child) ? '' : htmlTextOf(child as HtmlElement))).join(''),
    )
  )
}

function isDescriptor(node: unknown): boolean {
  const element = node as Partial<HtmlElement>
  return element.attribs !== undefined && hasClass(element as HtmlElement, 'descriptor')
}

function authorsIn(about: HtmlElement | undefined): string[] | undefined {
  const [field] = about === undefined ? [] : outermost(about, (element) => hasClass(element, 'list-authors'))
  const links = field === undefined ? [] : outermost(field, ({ name }) => name === 'a')
  const names = links.flatMap((link) => textIn(link) ?? [])
  return names.length > 0 ? names : splitNames(fieldOf(about, 'list-authors'), 'given first')
}

function abstractIn(about: HtmlElement | undefined): string | undefined {
  const paragraphs = about === undefined ? [] : outermost(about, ({ name }) => name === 'p')
  return textOf(paragraphs.map(htmlTextOf).join(' '))
}
