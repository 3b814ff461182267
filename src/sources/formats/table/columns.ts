import { UsageError } from '../../../errors.ts'
import { type Fields, fieldsOf } from '../../reading/fields.ts'

/** The fields of an entry that a table may hold, under columns of any names. */
export const TABLE_FIELDS = [
  'title',
  'abstract',
  'authors',
  'arxivId',
  'doi',
  'url',
  'publishedAt',
  'categories',
  'organization',
  'codeUrl',
  'projectUrl',
  'thumbnailUrl',
  'aiSummary',
  'keywords',
  'listedOn',
  'upvotes',
  'comments',
  'stars',
] as const
export type TableField = (typeof TABLE_FIELDS)[number]

/** For each field, the columns that may hold it. The first one that is not empty counts. */
export type Columns = Partial<Record<TableField, string[]>>

/** Known names of columns, in lower case without blanks and punctuation; the most certain first. */
const KNOWN_NAMES: Record<TableField, string> = {
  title: 'title papertitle articletitle documenttitle primarytitle ti',
  abstract: 'abstract abstracttext paperabstract abstractnote summary description ab',
  authors: 'authors author authornames authorlist authorfullnames creators creator au',
  arxivId: 'arxivid arxiv paperarxivid arxivnumber eprint paperid id',
  doi: 'doi paperdoi doilink do di',
  url: 'url link paperurl paperlink urlabs abs absurl arxivurl href pdf pdfurl pdflink urlpdf',
  publishedAt:
    'publishedat published publishedon publisheddate publicationdate pubdate submitted date publicationyear year',
  categories: 'categories category primarycategory arxivcategories subjects subject',
  organization: 'organization organisation institution affiliation',
  codeUrl: 'codeurl code codelink githubrepo github githuburl repourl repository',
  projectUrl: 'projecturl projectpage project homepage',
  thumbnailUrl: 'thumbnailurl thumbnail image',
  aiSummary: 'aisummary tldr',
  keywords: 'keywords aikeywords keyword tags tasks authorkeywords',
  listedOn: 'listedon listeddate listingdate dailydate date',
  upvotes: 'upvotes upvote votes likes',
  comments: 'comments numcomments commentcount',
  stars: 'stars githubstars',
}

/**
 * For each field, the columns whose names say that they hold it. Columns that a person `named` come first.
 * Undefined if no column can be a title.
 */
export function chooseColumns(names: string[], named: Columns = {}): Columns | undefined {
  const byPlainName = new Map(names.map((name) => [plain(name), name]))
  const columns: Columns = {}
  for (const field of TABLE_FIELDS) {
    const found = KNOWN_NAMES[field].split(' ').flatMap((known) => byPlainName.get(known) ?? [])
    if (found.length > 0) columns[field] = found
  }
  const chosen = { ...withOneDate(columns), ...named }
  return chosen.title === undefined ? undefined : chosen
}

/** `date` beside a day of publication is the day of a listing; alone it is the day of publication. */
function withOneDate(columns: Columns): Columns {
  const isDate = (name: string) => plain(name) === 'date'
  const published = columns.publishedAt?.filter((name) => !isDate(name)) ?? []
  if (published.length > 0) return { ...columns, publishedAt: published }
  const listedOn = columns.listedOn?.filter((name) => !isDate(name)) ?? []
  const { listedOn: _, ...others } = columns
  return listedOn.length > 0 ? { ...others, listedOn } : others
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * The option `--map title=Name,abstract=Summary`: which columns hold which fields.
 * @throws UsageError for an unknown field.
 */
export function parseColumns(text: string): Columns {
  const columns: Columns = {}
  for (const pair of text.split(',')) {
    const [, name, column] = /^\s*(\w+)\s*=\s*(\S.*?)\s*$/.exec(pair) ?? []
    const field = TABLE_FIELDS.find((known) => known.toLowerCase() === name?.toLowerCase())
    if (field === undefined || column === undefined) {
      throw new UsageError(
        `--map: expected FIELD=COLUMN,… with fields of ${TABLE_FIELDS.join(', ')}, got ${JSON.stringify(pair.trim())}`,
      )
    }
    columns[field] = [column]
  }
  return columns
}

/** The first value in the named columns that is not empty. `a.b` reads inside objects. */
export function columnOf(record: Fields, columns: string[] | undefined): unknown {
  return valuesOf(record, columns)[0]
}

/** All values in the named columns that are not empty. */
export function valuesOf(record: Fields, columns: string[] | undefined): unknown[] {
  return (columns ?? [])
    .map((column) => (Object.hasOwn(record, column) ? record[column] : inside(record, column)))
    .filter((value) => value !== undefined && value !== null && value !== '')
}

function inside(record: Fields, path: string): unknown {
  if (!path.includes('.')) return undefined
  return path.split('.').reduce<unknown>((value, name) => fieldsOf(value)?.[name], record)
}
