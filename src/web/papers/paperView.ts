import type { Paper } from '../../domain.ts'
import { arxivUrl, doiUrl, httpUrl } from '../../mail/compose/link.ts'

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
