import { parseArxivId } from '../../text/ids/arxivId.ts'
import { parseDoi } from '../../text/ids/doi.ts'

/** The ids of an entry or a paper, canonical. */
export interface StrongIds {
  arxiv?: string
  doi?: string
}

/** Canonical ids of an entry or paper. A DOI that arXiv gave out is an arXiv id. */
export function strongIds(of: { arxivId?: string | null; doi?: string | null }): StrongIds {
  const arxiv = (parseArxivId(of.arxivId ?? '') ?? parseArxivId(of.doi ?? ''))?.id
  const doi = parseDoi(of.doi ?? '')
  return { ...(arxiv !== undefined && { arxiv }), ...(doi !== undefined && { doi }) }
}
