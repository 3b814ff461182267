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
  'venue',
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

/**
 * Names of columns, in small letters without accents, blanks and signs; the surest first. English, the two letters of
 * citation tools, Chinese, Japanese, Korean, German, French, Spanish and Russian.
 */
const KNOWN_NAMES: Record<TableField, string> = {
  title:
    'title titles papertitle articletitle documenttitle primarytitle displayname ti 标题 標題 题名 论文标题 論文標題 题目 论文题目 篇名 タイトル 論文タイトル 題名 表題 論文名 제목 titel titre titulo название заглавие papername nameofpaper headline 论文名称 文献标题 названиестатьи заголовок titolo tituloarticulo titrearticle',
  abstract:
    'abstract abstracttext paperabstract abstractnote abstractinvertedindex summary descriptions description ab 摘要 要旨 抄録 アブストラクト 概要 초록 zusammenfassung kurzfassung resume resumen аннотация реферат abstracts 概述 内容摘要 要約 riassunto resumo',
  authors:
    'authors author authorships authornames authorlist authorfullnames creators creator contributors au 作者 著者 著者名 저자 autoren autor autorinnen auteurs auteur autores авторы автор authorsname authorname 论文作者 著者一覧 autori',
  arxivId:
    'arxivid arxiv paperarxivid arxivnumber eprint externalids entryid paperid ids id identifier identifiers',
  doi: 'doi paperdoi doilink doiurl externalids ids do di relateddoi identifier identifiers',
  url: 'ee url link links paperurl paperlink urlabs abs absurl abslink arxivurl entryid href canonical alternate landingpageurl primarylocation bestoalocation pdf pdfurl pdflink urlpdf 链接 网址 リンク lien enlace ссылка linktopaper linkpaper sourceurl weburl weblink sameas abstracturl fulltexturl hyperlink 論文リンク URL地址',
  publishedAt:
    'publishedat published publishedon publisheddate publishdate publishtime publicationdate datepublished pubdate dateposted posteddate submitted submitteddate issued publishedonline publishedprint firstpublicationdate coverdate created createdat dates pdate cdate 发表时间 发布时间 发布日期 出版日期 发表日期 日期 公開日 発表日 日付 발행일 datum veroffentlicht erscheinungsdatum datedepublication fecha fechadepublicacion дата датапубликации date publicationyear pubyear py 年份 年 出版年 연도 jahr erscheinungsjahr annee ano год year submissiondate datesubmitted announceddate dateannounced releasedate yearpublished yearofpublication 发布年份 годпубликации dateparution datedeparution annopubblicazione',
  venue:
    'venue venueid journal journalref journalreference journaltitle containertitle publicationtitle sourcetitle proceeding proceedings proceedingstitle booktitle conference journalbook primarylocation hostvenue so 期刊 刊名 会议 雑誌名 zeitschrift revue revista журнал venuename journalname conferencename conferencejournal journalconference journalorconference publishedin eventname 会议名称 期刊名称 rivista',
  categories: 'categories category primarycategory arxivcategories subjects subject 分类 カテゴリ kategorien',
  organization: 'organization organisation institution affiliation 机构 机构名称',
  codeUrl: 'codeurl code codelink githubrepo github githuburl repourl repository 代码',
  projectUrl: 'projecturl projectpage project homepage',
  thumbnailUrl: 'thumbnailurl thumbnail image',
  aiSummary: 'aisummary tldr',
  keywords:
    'keywords aikeywords keyword tags tasks authorkeywords de 关键词 关键字 キーワード 키워드 schlagworter schlusselworter motscles palabrasclave ключевыеслова',
  listedOn: 'listedon listeddate listingdate dailydate date',
  upvotes: 'upvotes upvote votes likes',
  comments: 'comments numcomments commentcount comment arxivcomment',
  stars: 'stars githubstars',
}
const KNOWN = Object.entries(KNOWN_NAMES).map(
  ([field, names]) => [field, names.split(' ').map(plain)] as const,
)

/**
 * For each field, the columns whose names say that they hold it. Columns that a person `named` come first.
 * Undefined if no column can be a title.
 */
export function chooseColumns(names: string[], named: Columns = {}): Columns | undefined {
  const byPlainName = new Map(names.map((name) => [plain(name), name]))
  const columns: Columns = {}
  for (const [field, known] of KNOWN) {
    const found = known.flatMap((name) => byPlainName.get(name) ?? byPlainName.get(`paper${name}`) ?? [])
    if (found.length > 0) columns[field as TableField] = found
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
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
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
  for (const column of columns ?? NONE) {
    const value = valueIn(record, column)
    if (!isEmpty(value)) return value
  }
  return undefined
}

/** All values in the named columns that are not empty. */
export function valuesOf(record: Fields, columns: string[] | undefined): unknown[] {
  if (columns === undefined) return NONE
  return columns.map((column) => valueIn(record, column)).filter((value) => !isEmpty(value))
}

/** Most fields have no column, and a record in a million reads them all: nothing is made for these. */
const NONE: never[] = []

function valueIn(record: Fields, column: string): unknown {
  return Object.hasOwn(record, column) ? record[column] : inside(record, column)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function inside(record: Fields, path: string): unknown {
  if (!path.includes('.')) return undefined
  return path.split('.').reduce<unknown>((value, name) => fieldsOf(value)?.[name], record)
}
