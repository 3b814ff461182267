import type { Entry, Reject } from '../../../domain.ts'
import { givenFirst } from '../../../text/names/personName.ts'
import { momentOf, publication } from '../../reading/dates/dates.ts'
import { linkOf, MAX_NAMES, shown, textOf } from '../../reading/fields.ts'
import { fullName, splitNames } from '../../reading/names.ts'
import { arxivIdsIn, arxivUrl, doiOf, paperDoi } from '../../reading/paperIds.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'
import { children, childText, rawText, type XmlElement } from '../../reading/xml.ts'

/**
 * The metadata of one OAI-PMH record: `oai_dc`, which every repository has, and arXiv's own formats `arXiv` and
 * `arXivRaw`.
 */

type Fields = Omit<Entry, 'title' | 'arxivId' | 'url'> & { title: string | undefined; ids: unknown[] }

const READERS: Record<string, (metadata: XmlElement) => Fields> = {
  arXiv: readArxiv,
  arXivRaw: readArxivRaw,
  dc: readDublinCore,
}

/**
 * `identifier` comes from the record's header; it and the metadata must name the same paper. `where` names the record
 * in a reject.
 */
export function parseMetadata(
  metadata: XmlElement,
  identifier: string | undefined,
  where: string,
): Entry | Reject {
  const read = READERS[metadata.name]
  if (read === undefined) {
    return { where, reason: `expected metadata as arXiv, arXivRaw or oai_dc, got ${shown(metadata.name)}` }
  }
  const { ids: named, title, ...rest } = read(metadata)
  const ids = arxivIdsIn([identifier, ...named])
  const [id] = ids
  if (id === undefined && metadata.name === 'dc' && !/^oai:arxiv\.org:/i.test(identifier ?? '')) {
    return parseElsewhere(metadata, identifier, where)
  }
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(identifier)}` }
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  if (title === undefined) return { where, reason: `expected a title, got nothing (paper ${id})` }
  return { title, ...rest, arxivId: id, url: arxivUrl(id) }
}

/** What repositories hold besides papers (DCMI Type Vocabulary, COAR resource types). */
const OTHER_KINDS =
  /^(?:info:eu-repo\/semantics\/)?(?:data ?set|image|still ?image|moving ?image|sound|software|video|audio|interactive ?resource|physical ?object|collection|event|map|music\w*|poster|presentation|lecture)\b/i

/** A record of a repository other than arXiv. */
function parseElsewhere(metadata: XmlElement, identifier: string | undefined, where: string): Entry | Reject {
  const all = (name: string) => children(metadata, name).flatMap((element) => textOf(rawText(element)) ?? [])
  const { ids: _, title, ...rest } = readDublinCore(metadata)
  const kinds = all('type')
  if (kinds.length > 0 && kinds.every((kind) => OTHER_KINDS.test(kind)))
    return { where, reason: `expected a paper, got ${shown(kinds[0])} (${identifier ?? 'no identifier'})` }
  if (title === undefined)
    return { where, reason: `expected a title, got nothing (${identifier ?? 'no identifier'})` }
  const links = all('identifier').flatMap((text) => linkOf(text) ?? [])
  const url = links.find((link) => !doiOf(link)) ?? links[0]
  if (url === undefined && rest.doi === undefined) {
    return { where, reason: `expected an arXiv id, a DOI or an address, got ${shown(identifier)}` }
  }
  const subjects = all('subject')
  return {
    title,
    ...rest,
    venue: rest.venue ?? all('source').find((text) => !isLink(text)),
    keywords: subjects.length > 0 ? subjects.slice(0, MAX_NAMES) : undefined,
    url,
  }
}

function readArxiv(metadata: XmlElement): Fields {
  const authors = children(metadata, 'authors')
    .flatMap((list) => children(list, 'author'))
    .slice(0, MAX_NAMES)
    .flatMap((author) => {
      const [family, given, suffix] = ['keyname', 'forenames', 'suffix'].map((part) =>
        childText(author, part),
      )
      return fullName(family, given, suffix) ?? []
    })
  return {
    ...readCommon(metadata),
    authors: authors.length > 0 ? authors : undefined,
    ...publication(childText(metadata, 'created')),
  }
}

function readArxivRaw(metadata: XmlElement): Fields {
  const first = children(metadata, 'version').find(({ attributes }) => attributes.version === 'v1')
  return {
    ...readCommon(metadata),
    authors: splitNames(childText(metadata, 'authors'), 'given first'),
    ...publication(childText(first, 'date')),
  }
}

function readCommon(metadata: XmlElement): Fields {
  return {
    ids: [childText(metadata, 'id')],
    title: childText(metadata, 'title'),
    abstract: childText(metadata, 'abstract'),
    doi: doiOf(childText(metadata, 'doi')),
    venue: childText(metadata, 'journal-ref') ?? acceptedVenue(childText(metadata, 'comments')),
    categories: childText(metadata, 'categories')?.split(' '),
  }
}

/**
 * Dublin Core (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/): names are "Family, Given", the
 * first date is that of the first version, comments are a second description. Subjects are names of categories, not
 * their codes.
 */
function readDublinCore(metadata: XmlElement): Fields {
  const all = (name: string) => children(metadata, name).flatMap((element) => textOf(rawText(element)) ?? [])
  const identifiers = all('identifier')
  const creators = all('creator').slice(0, MAX_NAMES).map(givenFirst)
  // A year or a month beside a day of it says less.
  const dates = all('date').filter(
    (date, _, every) => !every.some((other) => other !== date && other.startsWith(date)),
  )
  const [publishedAt] = dates
    .flatMap((date) => momentOf(date) ?? [])
    .sort((one, other) => one.getTime() - other.getTime())
  return {
    ids: identifiers.filter((identifier) => !doiOf(identifier)),
    title: all('title')[0],
    venue: acceptedVenue(
      all('description')
        .find((text) => text.startsWith('Comment: '))
        ?.slice(9),
    ),
    abstract: all('description').find((text) => !text.startsWith('Comment: ')),
    authors: creators.length > 0 ? creators : undefined,
    doi: paperDoi(
      identifiers.filter((identifier) => !isLink(identifier)),
      identifiers.filter(isLink),
    ),
    ...(publishedAt === undefined ? publication(...dates) : { publishedAt }),
  }
}

function isLink(identifier: string): boolean {
  return /^https?:/i.test(identifier)
}
