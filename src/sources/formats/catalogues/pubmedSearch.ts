import type { Listing } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { shown } from '../../reading/fields.ts'
import type { PageFormat } from '../../reading/pageFormat.ts'
import { child, children, childText, headOf, parseXml, rawText } from '../../reading/xml.ts'

/**
 * The answer of a search of PubMed (ESearch, https://www.ncbi.nlm.nih.gov/books/NBK25499/): numbers of papers. The papers
 * themselves are its next part.
 */
export const pubmedSearch: PageFormat = { name: 'pubmed-search', detect, parse, mayBeEmpty: true }

function detect(page: string): boolean {
  return headOf(page, /<IdList\b/)?.root === 'eSearchResult'
}

function parse(page: string): Listing {
  const answer = parseXml(page, 'eSearchResult', 'an answer of ESearch')
  const fault = childText(answer, 'ERROR')
  if (fault !== undefined)
    throw new PermanentError(`expected numbers of papers from ESearch, got its error ${shown(fault)}`)
  const ids = children(child(answer, 'IdList'), 'Id').map((id) => rawText(id).trim())
  const numbers = ids.filter((id) => /^\d{1,9}$/.test(id))
  const next =
    numbers.length === 0
      ? undefined
      : `efetch.fcgi?db=pubmed&id=${numbers.join(',')}&retmode=xml&tool=paperboy`
  return { format: pubmedSearch.name, next, entries: [], rejects: [] }
}
