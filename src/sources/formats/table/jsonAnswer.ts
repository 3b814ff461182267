import type { Listing } from '../../../domain.ts'
import { fieldsOf } from '../../reading/fields.ts'
import { countIgnored, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { readJson } from '../../reading/json.ts'
import { type PageFormat, parseItems } from '../../reading/pageFormat.ts'
import { chooseColumns } from './columns.ts'
import { recordsIn } from './nested.ts'
import { parseAnyRecord, TABLE, topNames } from './tableRecord.ts'

/**
 * The answer of a catalogue in JSON, with a list of records with any keys somewhere in it: OpenAlex, Semantic Scholar,
 * Crossref, DBLP, bioRxiv, OpenReview, DataCite and others.
 */
export const jsonAnswer: PageFormat = { name: TABLE, detect, parse, mayBeEmpty: true }

/** Where catalogues have their list. One that is empty says that nothing was found. */
const LISTS = /^(?:results|items|notes|collection|data|hits|hit|works|papers|entries|records|message|result)$/

function detect(page: string): boolean {
  if (!/^\s*[[{]/.test(page)) return false
  const { value } = readJson(page)
  return isEmptyAnswer(value, 3) || recordsIn(value).some(({ record }) => chooseColumns(Object.keys(record)))
}

/** `{"results": []}`, `{"message": {"items": []}}`, and DBLP's count without a list. */
function isEmptyAnswer(value: unknown, depth: number): boolean {
  const fields = fieldsOf(value)
  if (fields === undefined || depth === 0) return false
  if (fields['@total'] === '0') return true
  return Object.entries(fields).some(
    ([name, inner]) =>
      LISTS.test(name) && (Array.isArray(inner) ? inner.length === 0 : isEmptyAnswer(inner, depth - 1)),
  )
}

function parse(page: string): Listing {
  const ignored: IgnoredFields = new Map()
  const listed = parseItems(recordsIn(readJson(page).value), ({ record, where }) => {
    const columns = chooseColumns(Object.keys(record))
    if (columns !== undefined) countIgnored(ignored, record, topNames(columns))
    return parseAnyRecord(record, where)
  })
  return { format: TABLE, ...listed, ignored: [...ignored] }
}
