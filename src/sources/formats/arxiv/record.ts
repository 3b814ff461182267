import type { Entry, Reject } from '../../../domain.ts'
import { publication } from '../../reading/dates/dates.ts'
import { type Fields, fieldsOf, MAX_NAMES, namesOf, shown, textOf } from '../../reading/fields.ts'
import { authorsOf, fullName, splitNames } from '../../reading/names.ts'
import { arxivIdOf, arxivIdsIn, arxivUrl, doiOf, repairedArxivId } from '../../reading/paperIds.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'
import { namesIn, type RecordFormat } from '../../reading/recordFormat.ts'

/** Records of arXiv's metadata in dumps, one JSON object each. They say nothing about listings. */

/**
 * The metadata snapshot (Kaggle, Cornell-University/arxiv): `{id, authors, authors_parsed, title, doi, categories,
 * abstract, versions: [{version, created}], update_date, …}`.
 */
export const arxivSnapshot: RecordFormat = {
  name: 'arxiv-snapshot',
  reads: namesIn(
    'id authors authors_parsed title doi journal-ref comments categories abstract versions update_date',
  ),
  detect: (record) => {
    const fields = fieldsOf(record)
    return (
      typeof fields?.title === 'string' &&
      typeof fields.categories === 'string' &&
      ('versions' in fields || 'authors_parsed' in fields || 'update_date' in fields)
    )
  },
  parse: parseArxivRecord,
}

/** The day files of arXiv crawlers: `{id, pdf, abs, authors: [name], title, categories: [code], comment, summary}`. */
export const arxivDaily: RecordFormat = {
  name: 'arxiv-daily',
  reads: namesIn('id pdf abs authors title categories summary abstract doi'),
  detect: (record) => {
    const fields = fieldsOf(record)
    return (
      typeof fields?.title === 'string' &&
      Array.isArray(fields.authors) &&
      Array.isArray(fields.categories) &&
      /arxiv\.org\//.test(textOf(fields.abs) ?? textOf(fields.pdf) ?? '')
    )
  },
  parse: parseArxivDailyRecord,
}

/** One record of the snapshot. `where` names it in a reject: `line 12`. */
export function parseArxivRecord(record: unknown, where = 'record'): Entry | Reject {
  const fields = fieldsOf(record)
  if (fields === undefined) return { where, reason: `expected an arXiv record, got ${shown(record)}` }
  const published = publication(firstVersion(fields))
  const id = arxivIdOf(fields.id) ?? agreeing(repairedArxivId(fields.id), published.publishedAt)
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(fields.id)}` }
  const title = textOf(fields.title)
  if (title === undefined)
    return { where, reason: `expected a title, got ${shown(fields.title)} (paper ${id})` }
  return {
    title,
    abstract: textOf(fields.abstract),
    authors: parsedNames(fields.authors_parsed) ?? splitNames(textOf(fields.authors), 'given first'),
    arxivId: id,
    doi: doiOf(fields.doi),
    url: arxivUrl(id),
    ...published,
    venue: textOf(fields['journal-ref']) ?? acceptedVenue(fields.comments),
    categories: textOf(fields.categories)?.split(' '),
  }
}

/** One record of a day file. `where` names it in a reject: `line 12`. */
export function parseArxivDailyRecord(record: unknown, where = 'record'): Entry | Reject {
  const fields = fieldsOf(record)
  if (fields === undefined) return { where, reason: `expected an arXiv record, got ${shown(record)}` }
  const named = repairedArxivId(fields.id)
  const ids = arxivIdsIn([named, fields.abs, fields.pdf])
  const [id] = ids
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(fields.id)}` }
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.join(' and ')}` }
  const title = textOf(fields.title)
  if (title === undefined)
    return { where, reason: `expected a title, got ${shown(fields.title)} (paper ${id})` }
  return {
    title,
    abstract: textOf(fields.summary) ?? textOf(fields.abstract),
    authors: authorsOf(fields.authors),
    arxivId: id,
    doi: doiOf(fields.doi),
    url: arxivUrl(id),
    venue: acceptedVenue(fields.comment),
    categories: namesOf(fields.categories),
  }
}

/** `[[family, given, suffix, affiliation?], …]`. */
function parsedNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const names = value
    .slice(0, MAX_NAMES)
    .flatMap((parts) => (Array.isArray(parts) ? (fullName(parts[0], parts[1], parts[2]) ?? []) : []))
  return names.length > 0 ? names : undefined
}

/**
 * Accepts a repaired id if its month is that of the first version or a neighbouring month, or if the first version's
 * date is unknown.
 */
function agreeing(id: string | undefined, publishedAt: Date | undefined): string | undefined {
  if (id === undefined || publishedAt === undefined) return id
  const months = (2000 + Number(id.slice(0, 2))) * 12 + Number(id.slice(2, 4)) - 1
  const published = publishedAt.getUTCFullYear() * 12 + publishedAt.getUTCMonth()
  return Math.abs(months - published) <= 1 ? id : undefined
}

/** When the first version was submitted. `update_date` is when the record last changed, and says nothing about that. */
function firstVersion(fields: Fields): unknown {
  const versions = Array.isArray(fields.versions) ? fields.versions.map(fieldsOf) : []
  const first = versions.find((version) => version?.version === 'v1') ?? versions[0]
  return first?.created
}
