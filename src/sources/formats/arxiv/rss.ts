import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf, writtenDay } from '../../reading/dates/dates.ts'
import { shown, textOf } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { arxivIdsIn, arxivUrl, doiOf } from '../../reading/paperIds.ts'
import { child, children, childText, headOf, parseXml, rawText, type XmlElement } from '../../reading/xml.ts'
import { byDay, isReplacement, splitAnnouncement } from './announcement.ts'

/**
 * arXiv's announcements of a category as RSS 2.0, since 2024 (https://info.arxiv.org/help/rss_specifications.html).
 * On weekends and holidays the channel is empty, and valid.
 */
export const arxivRss: PageFormat = { name: 'arxiv-rss', detect, parse, mayBeEmpty: true }

const OWN = /arxiv\.org\/schemas\/atom|rss\.arxiv\.org|updates on arXiv\.org/

function detect(page: string): boolean {
  const found = headOf(page, /<item[\s>]/)
  return found?.root === 'rss' && OWN.test(found.head)
}

function parse(page: string): Listing {
  const channel = child(parseXml(page, 'rss', 'an arXiv RSS feed'), 'channel')
  if (channel === undefined) throw new PermanentError('expected an arXiv RSS feed, got one without a channel')
  const items = children(channel, 'item').flatMap((item, index) => parseItem(item, `item[${index}]`))
  const { entries, rejects } = separate(items)
  return {
    format: arxivRss.name,
    observedAt: momentOf(childText(channel, 'lastBuildDate')),
    ...byDay(entries, writtenDay(childText(channel, 'pubDate'))),
    rejects,
  }
}

function parseItem(item: XmlElement, where: string): Entry | Reject | [] {
  const { kind, abstract } = splitAnnouncement(childText(item, 'description'))
  if (isReplacement(childText(item, 'announce_type') ?? kind)) return []
  const link = childText(item, 'link')
  const ids = arxivIdsIn([link, childText(item, 'guid')])
  const [id] = ids
  if (id === undefined) return { where, reason: `expected an arXiv id in the link, got ${shown(link)}` }
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  const title = childText(item, 'title')
  if (title === undefined) return { where, reason: `expected a title, got nothing (paper ${id})` }
  const categories = children(item, 'category').flatMap((category) => textOf(rawText(category)) ?? [])
  return {
    title,
    abstract,
    authors: splitNames(childText(item, 'creator'), 'given first'),
    arxivId: id,
    doi: doiOf(childText(item, 'DOI') ?? childText(item, 'doi')),
    url: arxivUrl(id),
    venue: childText(item, 'journal_reference'),
    categories: categories.length > 0 ? categories : undefined,
    listedOn: writtenDay(childText(item, 'pubDate')),
  }
}
