import { keptFor } from '../../caching.ts'
import { parseArxivId } from '../../text/ids/arxivId.ts'
import { parseDoi } from '../../text/ids/doi.ts'

/** The ids of an entry or a paper, canonical. */
export interface StrongIds {
  arxiv?: string
  doi?: string
}

interface WithIds {
  arxivId?: string | null
  doi?: string | null
}

/**
 * Canonical ids of an entry or paper, read once for each. A DOI that arXiv gave out is an arXiv id. Entries and papers are
 * never changed in place.
 */
export const strongIds: (of: WithIds) => StrongIds = keptFor(({ arxivId, doi }: WithIds): StrongIds => {
  const arxiv = (parseArxivId(arxivId ?? '') ?? parseArxivId(doi ?? ''))?.id
  const publisher = parseDoi(doi ?? '')
  return { ...(arxiv !== undefined && { arxiv }), ...(publisher !== undefined && { doi: publisher }) }
})
