import type { TrendingPaper } from '../../db/papers/paperViews.ts'
import type { Paper } from '../../domain.ts'
import { arxivUrl, doiUrl, httpUrl } from '../../mail/compose/link.ts'
import { authorsLine } from '../../text/authorsLine.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'

/** A paper in a list, ready for display. */
export interface ListedPaper {
  title: string
  url: string
  authors: string
  excerpt: string
  upvotes: number | null
  organization: string | null
}

/** Code points of an abstract's beginning. */
const EXCERPT = 280

export function showListed(paper: TrendingPaper): ListedPaper {
  return {
    title: displayLine(texToUnicode(paper.title)),
    url: `/papers/${paper.id}`,
    authors: authorsLine(paper.authors),
    excerpt: displayLine(texToUnicode(paper.abstract ?? ''), EXCERPT),
    upvotes: paper.dayUpvotes ?? paper.upvotes,
    organization: paper.organization,
  }
}

/** Where a paper can be read, its code and project: http(s) addresses only. */
export function paperLinks(paper: Paper): { label: string; url: string }[] {
  const { arxivId, doi } = paper
  const links: [string, string | null][] = [
    ['arXiv', arxivId && arxivUrl(arxivId)],
    ['PDF', arxivId && `https://arxiv.org/pdf/${arxivId}`],
    ['DOI', doi && doiUrl(doi)],
    ['Source page', paper.url],
    ['Code', paper.codeUrl],
    ['Project', paper.projectUrl],
  ]
  return links.flatMap(([label, address]) => {
    const url = httpUrl(address ?? undefined)
    return url === undefined ? [] : [{ label, url }]
  })
}
