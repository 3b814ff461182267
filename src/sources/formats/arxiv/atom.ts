import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf, publication, writtenDay } from '../../reading/dates/dates.ts'
import { MAX_NAMES, shown, textOf } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { arxivIdsIn, arxivUrl, doiOf } from '../../reading/paperIds.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'
import { child, children, childText, headOf, parseXml, type XmlElement } from '../../reading/xml.ts'
import { byDay, isReplacement, splitAnnouncement } from './announcement.ts'

/**
 * arXiv's Atom: answers of the query API (https://info.arxiv.org/help/api/user-manual.html) and announcements of a
 * category (https://info.arxiv.org/help/rss.html). In an answer `published` is the submission of the first version.
 * In an announcement it is the day of the announcement, which is the listing's day.
 */
export const arxivAtom: PageFormat = { name: 'arxiv-atom', detect, parse, mayBeEmpty: true }

const OWN = /arxiv\.org\/(?:schemas\/atom|api\b|atom\/)/

function detect(page: string): boolean {
  const found = headOf(page, /<entry[\s>]/)
  return found?.root === 'feed' && OWN.test(found.head)
}

function parse(page: string): Listing {
  const feed = parseXml(page, 'feed', 'an arXiv Atom feed')
  const items = children(feed, 'entry')
  refuseErrors(items)
  refuseEmptied(feed, items)
  const { entries, rejects } = separate(items.flatMap((item, index) => parseEntry(item, `entry[${index}]`)))
  return {
    format: arxivAtom.name,
    observedAt: momentOf(childText(feed, 'updated')),
    ...byDay(entries),
    rejects,
  }
}

/** The API reports an error as a feed with one entry. */
function refuseErrors(items: XmlElement[]): void {
  const error = items.find((item) => /arxiv\.org\/api\/errors/.test(childText(item, 'id') ?? ''))
  if (error === undefined) return
  const message = childText(error, 'summary') ?? childText(error, 'title')
  throw new PermanentError(
    `expected papers from the arXiv API, got its error ${shown(message)}: correct the query`,
  )
}

/** The API sometimes answers a page without its entries (arxiv.py calls it an unexpected empty page). */
function refuseEmptied(feed: XmlElement, items: XmlElement[]): void {
  const total = Number(childText(feed, 'totalResults') ?? 0)
  const start = Number(childText(feed, 'startIndex') ?? 0)
  const asked = Number(childText(feed, 'itemsPerPage') ?? 0)
  if (items.length > 0 || asked === 0 || !(total > start)) return
  throw new PermanentError(
    `expected papers from the arXiv API (${total} in all, from ${start}), got an answer without any: fetch it again later`,
  )
}

function parseEntry(item: XmlElement, where: string): Entry | Reject | [] {
  const { kind, abstract } = splitAnnouncement(childText(item, 'summary'))
  const announced = childText(item, 'announce_type') ?? kind
  if (isReplacement(announced)) return []
  const ids = arxivIdsIn([childText(item, 'id'), ...links(item)])
  const [id] = ids
  if (id === undefined) {
    return { where, reason: `expected an arXiv id, got ${shown(childText(item, 'id'))}` }
  }
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  const title = childText(item, 'title')
  if (title === undefined) return { where, reason: `expected a title, got nothing (paper ${id})` }
  const published = childText(item, 'published')
  return {
    title,
    abstract,
    authors: authorsOf(item),
    arxivId: id,
    doi: doiOf(childText(item, 'doi') ?? childText(item, 'DOI')),
    url: arxivUrl(id),
    ...(announced === undefined && publication(published)),
    venue: venueIn(item),
    categories: categoriesOf(item),
    listedOn: announced === undefined ? undefined : writtenDay(published),
  }
}

/** The journal; else where the authors' comment says that the paper was accepted. */
function venueIn(item: XmlElement): string | undefined {
  const journal = childText(item, 'journal_ref') ?? childText(item, 'journal_reference')
  return journal ?? acceptedVenue(childText(item, 'comment'))
}

/** The abstract page and the PDF; other links lead to the publisher. */
function links(item: XmlElement): (string | undefined)[] {
  return children(item, 'link')
    .filter(({ attributes }) => attributes.title !== 'doi')
    .map(({ attributes }) => attributes.href)
}

/** The API has one element per author, with affiliations inside; announcements have one string for all. */
function authorsOf(item: XmlElement): string[] | undefined {
  const names = children(item, 'author')
    .slice(0, MAX_NAMES)
    .flatMap((author) => childText(author, 'name') ?? [])
  return names.length > 0 ? names : splitNames(childText(item, 'creator'), 'given first')
}

/** The primary category first. */
function categoriesOf(item: XmlElement): string[] | undefined {
  const primary = child(item, 'primary_category')
  const terms = [...(primary ? [primary] : []), ...children(item, 'category')]
  const names = [...new Set(terms.flatMap(({ attributes }) => textOf(attributes.term) ?? []))]
  return names.length > 0 ? names : undefined
}
