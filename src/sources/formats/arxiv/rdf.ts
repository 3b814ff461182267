import type { Entry, Listing, Reject } from '../../../domain.ts'
import { momentOf, writtenDay } from '../../reading/dates/dates.ts'
import { shown, textOf } from '../../reading/fields.ts'
import { htmlText } from '../../reading/htmlText.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { arxivIdsIn, arxivUrl } from '../../reading/paperIds.ts'
import { child, children, childText, headOf, parseXml, rawText, type XmlElement } from '../../reading/xml.ts'
import { isReplacement } from './announcement.ts'

/**
 * arXiv's announcements until January 2024: RSS 1.0 (RDF). The title is followed by id, category and kind. Abstract
 * and names are escaped HTML, so their entities are escaped twice.
 */
export const arxivRdf: PageFormat = { name: 'arxiv-rdf', detect, parse, mayBeEmpty: true }

function detect(page: string): boolean {
  const found = headOf(page, /<item[\s>]/)
  return /^(?:rdf:)?RDF$/.test(found?.root ?? '') && /arxiv\.org/i.test(found!.head)
}

function parse(page: string): Listing {
  const feed = parseXml(page, 'RDF', 'an arXiv RSS 1.0 feed')
  const date = childText(child(feed, 'channel'), 'date')
  const items = children(feed, 'item').flatMap((item, index) => parseItem(item, `item[${index}]`))
  return {
    format: arxivRdf.name,
    observedAt: momentOf(date),
    listedOn: writtenDay(date),
    ...separate(items),
  }
}

/** `. (arXiv:1805.06430v2 [nucl-th] UPDATED)`. The feed adds it, including the full stop before it. */
const SUFFIX = /\.?\s*\(arXiv:(\S{1,40}) \[([\w.-]{1,30})\](?: ([A-Z ]{1,30}))?\)$/
const DAMAGED_SUFFIX = /\(arXiv:|\[[\w.-]{1,30}\][^()[\]]{0,30}\)$/i

function parseItem(item: XmlElement, where: string): Entry | Reject | [] {
  const written = childText(item, 'title')
  const suffix = SUFFIX.exec(written ?? '')
  if (isReplacement(suffix?.[3])) return []
  if (suffix === null && DAMAGED_SUFFIX.test(written ?? '')) {
    return {
      where,
      reason: `expected id, category and kind behind the title, got ${shown(written?.slice(-60))}`,
    }
  }
  const link = childText(item, 'link')
  const ids = arxivIdsIn([link, suffix?.[1]])
  const [id] = ids
  if (id === undefined) return { where, reason: `expected an arXiv id in the link, got ${shown(link)}` }
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  const title = textOf(written?.slice(0, suffix?.index))
  if (title === undefined) return { where, reason: `expected a title, got ${shown(written)} (paper ${id})` }
  return {
    title,
    abstract: htmlOf(item, 'description'),
    authors: splitNames(htmlOf(item, 'creator'), 'given first'),
    arxivId: id,
    url: arxivUrl(id),
    categories: suffix ? [suffix[2]!] : undefined,
  }
}

function htmlOf(item: XmlElement, name: string): string | undefined {
  const element = child(item, name)
  return element && htmlText(rawText(element))
}
