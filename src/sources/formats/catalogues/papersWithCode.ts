import type { Entry, Reject } from '../../../domain.ts'
import { publication } from '../../reading/dates/dates.ts'
import { fieldsOf, linkOf, namesOf, shown, textOf } from '../../reading/fields.ts'
import { arxivIdsIn, arxivUrl, paperDoi, repairedArxivId } from '../../reading/paperIds.ts'
import { namesIn, type RecordFormat } from '../../reading/recordFormat.ts'

/**
 * A record of Papers With Code's `papers-with-abstracts` (closed in 2025; copies live on): `{paper_url, arxiv_id,
 * title, abstract, url_abs, url_pdf, proceeding, authors: [name], tasks: [name], date, …}`. Written from its
 * published list of fields; no real file was at hand.
 */
export const papersWithCode: RecordFormat = {
  name: 'papers-with-code',
  reads: namesIn('paper_url arxiv_id title abstract url_abs url_pdf proceeding authors tasks date'),
  detect: (record) => {
    const fields = fieldsOf(record)
    return (
      typeof fields?.title === 'string' &&
      'paper_url' in fields &&
      ('url_abs' in fields || 'url_pdf' in fields)
    )
  },
  parse: parsePapersWithCodeRecord,
}

/** `where` names the record in a reject: `[12]`. */
export function parsePapersWithCodeRecord(record: unknown, where = 'record'): Entry | Reject {
  const fields = fieldsOf(record)
  if (fields === undefined) return { where, reason: `expected a record, got ${shown(record)}` }
  const title = textOf(fields.title)
  if (title === undefined) return { where, reason: `expected a title, got ${shown(fields.title)}` }
  const ids = arxivIdsIn([repairedArxivId(fields.arxiv_id), fields.url_abs, fields.url_pdf])
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  const [id] = ids
  const links = [fields.url_abs, fields.url_pdf, fields.paper_url].flatMap((link) => linkOf(link) ?? [])
  return {
    title,
    abstract: textOf(fields.abstract),
    authors: namesOf(fields.authors),
    arxivId: id,
    doi: paperDoi([], [fields.url_abs, fields.url_pdf]),
    url: id === undefined ? links[0] : arxivUrl(id),
    ...publication(fields.date),
    venue: textOf(fields.proceeding),
    keywords: namesOf(fields.tasks),
  }
}
