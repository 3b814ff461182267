import type { Paper } from '../../domain.ts'
import { arxivUrl, doiUrl, httpUrl } from '../../mail/compose/link.ts'
import { csvCell } from '../../text/csvCell.ts'
import { cleanLine } from '../../text/displayLine.ts'
import { foldText } from '../../text/folding.ts'
import { texParts } from '../../text/tex/texParts.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'

/**
 * A paper for reference managers: BibTeX, RIS (Research Information Systems), `citation_*` tags (Google Scholar's
 * inclusion guidelines, read by Zotero) and COinS (OpenURL 1.0, Z39.88-2004).
 */

/** One entry of a .bib file in UTF-8. */
export function bibtexOf(paper: Paper): string {
  const { arxivId, doi, categories, venue } = paper
  const isPreprint = arxivId !== null && venue === null
  const fields: [string, string | null | undefined][] = [
    ['title', `{${forBibtex(paper.title)}}`],
    ['author', paper.authors.map((name) => forBibtex(name)).join(' and ')],
    ['year', yearOf(paper)],
    ['journal', venue === null ? null : forBibtex(venue)],
    ['eprint', arxivId],
    ['archivePrefix', arxivId && 'arXiv'],
    ['primaryClass', arxivId && categories[0]],
    ['doi', doi],
    ['url', linkOf(paper)],
    ['abstract', paper.abstract && forBibtex(paper.abstract)],
  ]
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`)
  return `@${isPreprint || venue === null ? 'misc' : 'article'}{${keyOf(paper)},\n${lines.join(',\n')}\n}\n`
}

/** One record of a .ris file. */
export function risOf(paper: Paper): string {
  const { arxivId, doi, venue } = paper
  const lines: [string, string | null | undefined][] = [
    ['TY', venue === null ? 'UNPB' : 'JOUR'],
    ['TI', plain(paper.title)],
    ...paper.authors.map((name): [string, string] => ['AU', familyFirst(plain(name))]),
    ['PY', yearOf(paper)],
    ['DA', paper.publishedAt?.toISOString().slice(0, 10).replaceAll('-', '/')],
    ['JO', venue && plain(venue)],
    ['DO', doi],
    ['AN', arxivId && `arXiv:${arxivId}`],
    ['UR', linkOf(paper)],
    ['AB', paper.abstract && plain(paper.abstract)],
    ...paper.keywords.map((word): [string, string] => ['KW', plain(word)]),
  ]
  const filled = lines.filter(([, value]) => value).map(([tag, value]) => `${tag}  - ${value}\r\n`)
  return `${filled.join('')}ER  - \r\n`
}

/** A list in Markdown (CommonMark): a link for each paper, its authors, and what it says as a quote. */
export function markdownOf(papers: Paper[]): string {
  const items = papers.map((paper) => {
    const title = forMarkdown(plain(paper.title))
    const link = linkOf(paper)
    const authors = forMarkdown(paper.authors.map(plain).join(', '))
    const head = link === undefined ? `- **${title}**` : `- **[${title}](<${link}>)**`
    const about = [authors, yearOf(paper)].filter(Boolean).join(', ')
    const summary = plain(paper.aiSummary ?? paper.abstract ?? '')
    return [head, about && `  ${about}`, summary && `  > ${forMarkdown(summary)}`]
      .filter(Boolean)
      .join('\\\n')
  })
  return `# Saved papers\n\n${items.join('\n')}\n`
}

const CSV_COLUMNS = ['title', 'authors', 'year', 'arxivId', 'doi', 'url', 'categories', 'abstract'] as const

/** A table for spreadsheets (RFC 4180). No cell begins a formula. */
export function csvOf(papers: Paper[]): string {
  const rows = papers.map((paper) => [
    plain(paper.title),
    paper.authors.map(plain).join('; '),
    yearOf(paper) ?? '',
    paper.arxivId ?? '',
    paper.doi ?? '',
    linkOf(paper) ?? '',
    paper.categories.join(' '),
    plain(paper.abstract ?? ''),
  ])
  return [CSV_COLUMNS, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function forMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`)
}

/** Names and contents of the `<meta>` elements by which programs recognise the paper of a page. */
export function citationTags(paper: Paper): [string, string][] {
  const { arxivId, doi, venue, publishedAt } = paper
  const tags: [string, string | null | undefined][] = [
    ['citation_title', plain(paper.title)],
    ...paper.authors.map((name): [string, string] => ['citation_author', plain(name)]),
    [
      'citation_publication_date',
      publishedAt?.toISOString().slice(0, 10).replaceAll('-', '/') ?? yearOf(paper),
    ],
    ['citation_journal_title', venue && plain(venue)],
    ['citation_doi', doi],
    ['citation_arxiv_id', arxivId],
    ['citation_pdf_url', arxivId && `https://arxiv.org/pdf/${arxivId}`],
  ]
  return tags.filter((tag): tag is [string, string] => Boolean(tag[1]))
}

/** The OpenURL of a paper, for the title of a COinS span. */
export function coinsOf(paper: Paper): string {
  const params = new URLSearchParams({
    ctx_ver: 'Z39.88-2004',
    rft_val_fmt: 'info:ofi/fmt:kev:mtx:journal',
    'rft.genre': paper.venue === null ? 'preprint' : 'article',
    'rft.atitle': plain(paper.title),
  })
  if (paper.venue) params.set('rft.jtitle', plain(paper.venue))
  for (const name of paper.authors) params.append('rft.au', plain(name))
  const date = paper.publishedAt?.toISOString().slice(0, 10) ?? yearOf(paper)
  if (date) params.set('rft.date', date)
  if (paper.doi) params.append('rft_id', `info:doi/${paper.doi}`)
  if (paper.arxivId) params.append('rft_id', `info:arxiv/${paper.arxivId}`)
  const link = linkOf(paper)
  if (link) params.append('rft_id', link)
  return params.toString()
}

/** Where the paper can be read. */
export function linkOf({ arxivId, doi, url }: Paper): string | undefined {
  if (arxivId !== null) return arxivUrl(arxivId)
  return doi === null ? httpUrl(url ?? undefined) : doiUrl(doi)
}

function yearOf({ publishedAt, year }: Paper): string | undefined {
  return (publishedAt?.getUTCFullYear() ?? year)?.toString()
}

/** `lovelace2026lantern`: family name, year and the first word of the title that says something. */
function keyOf(paper: Paper): string {
  const word = (text: string) =>
    foldText(text)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
  const family = word(
    plain(paper.authors[0] ?? '')
      .split(' ')
      .at(-1) ?? '',
  )
  const subject = plain(paper.title)
    .split(/[\s\p{P}]+/u)
    .map(word)
    .find((one) => one.length > 3)
  return `${family || 'anonymous'}${yearOf(paper) ?? ''}${subject ?? paper.id}`
}

function plain(text: string): string {
  return cleanLine(texToUnicode(text))
}

/** `Lovelace, Ada` of `Ada Lovelace`; a name of one word stays. */
function familyFirst(name: string): string {
  const [, given, family] = /^(.+) (\S+)$/.exec(name) ?? []
  return family === undefined || name.includes(',') ? name : `${family}, ${given}`
}

/** Text as the value of a BibTeX field: TeX stays, signs that TeX would read are escaped, braces are in pairs. */
function forBibtex(text: string): string {
  const escaped = texParts(cleanLine(text))
    .map(({ text: part, kind }) =>
      kind === 'formula' ? `$${part}$` : part.replace(/(?<!\\)[&%#_]/g, (sign) => `\\${sign}`),
    )
    .join('')
  return hasPairs(escaped) ? escaped : escaped.replace(/(?<!\\)[{}]/g, '')
}

function hasPairs(text: string): boolean {
  let open = 0
  for (const [sign] of text.matchAll(/(?<!\\)[{}]/g)) {
    open += sign === '{' ? 1 : -1
    if (open < 0) return false
  }
  return open === 0
}
