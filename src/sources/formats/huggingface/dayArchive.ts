import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { publication } from '../../reading/dates/dates.ts'
import {
  countOf,
  dayOf,
  type Fields,
  fieldsOf,
  instantOf,
  linkOf,
  namesOf,
  shown,
  textOf,
} from '../../reading/fields.ts'
import { parseJson } from '../../reading/json.ts'
import { type PageFormat, parseItems } from '../../reading/pageFormat.ts'
import { arxivIdOf } from '../../reading/paperIds.ts'
import { chooseColumns } from '../table/columns.ts'
import { parseAnyRecord } from '../table/tableRecord.ts'
import { hfPaperUrl } from './paper.ts'

/**
 * One JSON file a day, as archives of the daily list keep it: `{date, generated_at, paper_count, papers: [{id, title,
 * summary, authors: [name, …], …}]}`. A weekend's file has no papers and is valid.
 */
export const hfDayArchive: PageFormat = {
  name: 'hf-day-archive',
  detect: (page) =>
    /^\s*\{/.test(page) &&
    !SEVERAL_LINES.test(page) &&
    /"date"\s*:\s*"\d{4}-\d{2}-\d{2}"/.test(page) &&
    /"papers"\s*:\s*\[/.test(page),
  parse,
}

/** A line with a whole object and one more below it: JSON lines, a day each. */
const SEVERAL_LINES = /^\s*\{[^\n]*\}[^\S\n]*\n\s*\{/

function parse(page: string): Listing {
  const archive = fieldsOf(parseJson(page, 'a day archive'))
  if (archive === undefined || !Array.isArray(archive.papers)) {
    throw new PermanentError(
      `expected a day archive with a list of papers, got ${shown(archive?.papers ?? archive)}`,
    )
  }
  const announced = countOf(archive.paper_count)
  if (announced !== undefined && announced !== archive.papers.length) {
    throw new PermanentError(
      `expected ${announced} papers in the day archive (its paper_count), got ${archive.papers.length}: get a whole copy`,
    )
  }
  const listedOn = dayOf(archive.date)
  return {
    format: hfDayArchive.name,
    listedOn,
    observedAt: instantOf(archive.generated_at),
    ...parseItems(archive.papers, (item, index) => parsePaper(item, index, listedOn)),
  }
}

function parsePaper(item: unknown, index: number, listedOn: string | undefined): Entry | Reject {
  const where = `papers[${index}]`
  const paper = fieldsOf(item)
  if (paper !== undefined && isOfAnotherArchive(paper)) return parseAnyRecord(paper, where)
  if (paper === undefined) return { where, reason: `expected a paper, got ${shown(item)}` }
  const title = textOf(paper.title)
  if (title === undefined) return { where, reason: `expected a title, got ${shown(paper.title)}` }
  const id = arxivIdOf(paper.id)
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(paper.id)}` }
  const ownDay = dayOf(paper.daily_date)
  return {
    ...textFields(paper, title),
    arxivId: id,
    url: hfPaperUrl(id),
    ...publication(paper.published_at),
    listedOn: ownDay === listedOn ? undefined : ownDay,
    rank: index + 1,
    upvotes: countOf(paper.upvotes),
    comments: countOf(paper.num_comments),
  }
}

/** Fields of the archives of Hugging Face's daily list, whose papers' pages are there. */
const OWN_FIELDS = new Set(
  (
    'id title summary authors institution github_repo project_page thumbnail ai_keywords ai_summary published_at ' +
    'daily_date submitted_on_daily_at upvotes num_comments hf_url arxiv_url one_sentence_summary'
  ).split(' '),
)

/** Other keepers of day files name other fields, which a table of any columns may have: `abstract`, `arxiv_id`, `categories`. */
function isOfAnotherArchive(paper: Fields): boolean {
  const others = Object.keys(paper).filter((name) => !OWN_FIELDS.has(name))
  const columns = chooseColumns(['title', ...others]) ?? {}
  return SIGNS.some((field) => columns[field] !== undefined)
}

const SIGNS = ['abstract', 'arxivId', 'doi', 'url', 'publishedAt', 'categories', 'venue'] as const

// `one_sentence_summary` and the tags are words of the archive's keeper, not of the source, so they are left out.
function textFields(paper: Fields, title: string) {
  return {
    title,
    abstract: textOf(paper.summary),
    authors: namesOf(paper.authors),
    organization: textOf(paper.institution),
    codeUrl: linkOf(paper.github_repo),
    projectUrl: linkOf(paper.project_page),
    thumbnailUrl: linkOf(paper.thumbnail),
    keywords: namesOf(paper.ai_keywords),
  }
}
