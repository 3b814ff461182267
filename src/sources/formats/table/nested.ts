import { type Fields, fieldsOf } from '../../reading/fields.ts'
import { chooseColumns } from './columns.ts'
import { recordsOfFrame } from './frames.ts'
import { hasTitle, unwrapped } from './wrapped.ts'

/** The records inside of a JSON value, wherever its lists are; never their neighbours. */

export interface FoundRecord {
  record: Fields
  /** `top.days[3].papers[0]`. */
  where: string
}

const MOST_DEPTH = 6
/** What stands in lists under these names is near papers and is none. */
const NEIGHBOURS =
  /^(?:titles|descriptions|dates|(?:related_?|alternate_?)?identifiers|references?|referenced_?works?|cit(?:ed|ing|ations?)(?!_?papers?$)\w*|bibliography|related\w*|similar\w*|authors?|authorships|creators?|contributors?|editors?|reviews?|replies|comments?|licen[sc]es?|links?|tags?|topics?|concepts?|keywords?|subjects?|categories|journals?|venues?|sources?|feeds?|subscriptions?|facets?|aggregations?|filters?|funders?|grants?|affiliations?|institutions?|organi[sz]ations?|datasets?|models?|spaces?|blogs?|news|menu|nav\w*|sponsors?|ads?)$/i
/** Under a title of their own, objects with nothing but titles are parts, unless their list is named as papers are. */
const LIST_OF_PAPERS =
  /\.(?:results?|items|papers|entries|works|publications|articles|hits|data|records|rows)\[\d+\]$/i
const DAY = /^\d{4}-\d\d-\d\d$/

/**
 * The records of a value: those in lists, however deep; if the lists hold no record, the one object that is a record. A title
 * above a list is the list's. Objects without a sign of a paper beside a title are none if others have one.
 */
export function recordsIn(value: unknown): FoundRecord[] {
  const rows = recordsOfFrame(value, isTitledPaper)
  if (rows !== undefined) return rows.map((record, index) => ({ record, where: `row ${index + 1}` }))
  const listed = inLists(value, 'top', MOST_DEPTH)
  const signed = listed.filter(({ record }) => isPaper(record))
  if (signed.length > 0) return keepLists(listed, signed)
  if (listed.length > 0)
    return hasTitle(fieldsOf(value)) ? listed.filter(({ where }) => LIST_OF_PAPERS.test(where)) : listed
  const single = singleRecord(value, 'top', MOST_DEPTH)
  return single !== undefined && isPaper(single.record) ? [single] : []
}

/** A list with one paper is a list of papers: what is wrong with its other items is told of each. */
function keepLists(listed: FoundRecord[], signed: FoundRecord[]): FoundRecord[] {
  const lists = new Set(signed.map(({ where }) => listName(where)))
  return listed.filter(({ where }) => lists.has(listName(where)) || DAY.test(listName(where).slice(-10)))
}

function listName(where: string): string {
  return where.slice(0, where.lastIndexOf('['))
}

function inLists(value: unknown, where: string, depth: number): FoundRecord[] {
  if (depth === 0) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => inItem(item, `${where}[${index}]`, depth))
  }
  const fields = fieldsOf(value)
  if (fields === undefined) return []
  return Object.entries(fields)
    .filter(([name]) => !NEIGHBOURS.test(name))
    .flatMap(([name, inner]) =>
      inLists(inner, `${where}.${name}`, depth - 1).map((found) => datedBy(found, name, fields)),
    )
}

/** An item of a list: a record, or something that holds lists of records under a title of its own. */
function inItem(item: unknown, where: string, depth: number): FoundRecord[] {
  const record = fieldsOf(unwrapped(item))
  if (record === undefined) return []
  const inner = inLists(item, where, depth - 1).filter(
    (found) => isPaper(found.record) || hasTitle(found.record),
  )
  if (inner.length > 0) return inner
  return [{ record, where }]
}

/** A list under a day, or beside one, is that day's. */
function datedBy({ record, where }: FoundRecord, name: string, around: Fields): FoundRecord {
  const day = DAY.test(name) ? name : [around.date, around.listed_on, around.day].find(isDay)
  return { record: day === undefined || hasDay(record) ? record : { listedOn: day, ...record }, where }
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value)
}

function hasDay(record: Fields): boolean {
  return record.listedOn !== undefined
}

function singleRecord(value: unknown, where: string, depth: number): FoundRecord | undefined {
  const record = fieldsOf(unwrapped(value))
  if (record === undefined || depth === 0) return undefined
  if (hasTitle(record)) return { record, where }
  const inner = Object.entries(record)
    .filter(([name]) => !NEIGHBOURS.test(name))
    .flatMap(([name, one]) => singleRecord(one, `${where}.${name}`, depth - 1) ?? [])
  return inner.length === 1 ? inner[0] : undefined
}

function isTitledPaper(record: Fields): boolean {
  return hasTitle(record) && isPaper(record)
}

/** A title with an abstract, authors, an id or an address. */
function isPaper(record: Fields): boolean {
  const columns = chooseColumns(Object.keys(record).slice(0, 500))
  return (
    columns !== undefined &&
    [columns.abstract, columns.authors, columns.arxivId, columns.doi, columns.url].some((names) =>
      names?.some((name) => record[name] !== null && record[name] !== '' && record[name] !== undefined),
    )
  )
}

/**
 * Whether one object is a whole list: a table in one object, or something that is named by a title, holds others, and
 * has no sign of a paper, such as a site or the parts of a survey.
 */
export function isWholeList(value: unknown): boolean {
  const record = fieldsOf(unwrapped(value))
  if (record === undefined) return false
  if (recordsOfFrame(value, isTitledPaper) !== undefined) return true
  return (
    !isPaper(record) && Object.values(record).some((inner) => typeof inner === 'object' && inner !== null)
  )
}

/** Whether records like these hold lists of others, so that none of them is a paper itself. */
export function areContainers(samples: unknown[]): boolean {
  return samples.some((sample) => {
    const inner = inLists(sample, 'top', 3)
    return inner.some(({ record }) => isPaper(record))
  })
}
