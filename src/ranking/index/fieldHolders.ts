import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import type { FieldClause } from '../language/clauses.ts'
import {
  type FoldedName,
  isCategory,
  type NamedAuthor,
  nameKeys,
  organizationWords,
  readAuthor,
} from '../language/fields.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'

/** The papers of an index by what their fields hold, so that a query looks at each distinct value once, not at each paper. */
interface FieldIndex {
  /** Category → the papers in it. */
  categories: ReadonlyMap<string, number[]>
  /** Stems of an organization's name, with a space at either end → its papers. */
  organizations: ReadonlyMap<string, number[]>
  /** Stems of a venue's name, in the same way → its papers. */
  venues: ReadonlyMap<string, number[]>
  /** The day on which papers came out, or the year where only that is known → its papers. */
  dates: ReadonlyMap<string, number[]>
  /** Key of a name (see nameKeys) → the authors who have it: paper and folded name. */
  names: ReadonlyMap<string, { doc: number; author: FoldedName }[]>
  /** Answers to earlier questions. */
  holders: BoundedCache<string, Uint8Array>
}

/** A query has at most 4,000 characters, so it asks for fewer fields than this. */
const CACHE_LIMIT = 1_000

/** For each paper of the index 1 if it has the author, category, organization, venue or time that the clause names, else 0. */
export function holdersOf(index: PaperIndex, { kind, text }: Pick<FieldClause, 'kind' | 'text'>): Uint8Array {
  const fields = fieldIndexOf(index)
  const key = `${kind}:${text}`
  const known = fields.holders.entries.get(key)
  if (known !== undefined) return known
  const holders = new Uint8Array(index.papers.length)
  for (const doc of docsWith(fields, kind, text)) holders[doc] = 1
  return keep(fields.holders, key, holders)
}

function docsWith(fields: FieldIndex, kind: FieldClause['kind'], text: string): number[] {
  switch (kind) {
    case 'author': {
      const author = readAuthor(text)
      return author.names.flatMap((name) => writtenBy(fields, name, author))
    }
    case 'category':
      return valuesWhere(fields.categories, (category) => isCategory(text, category))
    case 'organization':
      return namedBy(fields.organizations, text)
    case 'venue':
      return namedBy(fields.venues, text)
    case 'year':
    case 'since':
      return valuesWhere(fields.dates, (date) => isOfTime(kind, text, date))
  }
}

/** The papers whose organization or venue has the words of a name side by side. */
function namedBy(values: ReadonlyMap<string, number[]>, name: string): number[] {
  const wanted = organizationWords(name)
  // A name without a letter must not match the papers that have none.
  return wanted.trim() === '' ? [] : valuesWhere(values, (words) => words.includes(wanted))
}

function valuesWhere(values: ReadonlyMap<string, number[]>, isWanted: (value: string) => boolean): number[] {
  return [...values].flatMap(([value, docs]) => (isWanted(value) ? docs : []))
}

/** The papers one of whose authors the name names. */
function writtenBy({ names }: FieldIndex, wanted: FoldedName, { isNamed }: NamedAuthor): number[] {
  return [...nameKeys(wanted)]
    .flatMap((key) => names.get(key) ?? [])
    .filter(({ author }) => isNamed(wanted, author))
    .map(({ doc }) => doc)
}

const fieldIndexOf = keptFor(({ papers, authors }: PaperIndex): FieldIndex => {
  const categories = new Map<string, number[]>()
  const organizations = new Map<string, number[]>()
  const venues = new Map<string, number[]>()
  const dates = new Map<string, number[]>()
  const names = new Map<string, { doc: number; author: FoldedName }[]>()
  papers.forEach((paper, doc) => {
    for (const category of paper.categories) addTo(categories, category, doc)
    addTo(organizations, paper.organization ?? '', doc)
    addTo(venues, paper.venue ?? '', doc)
    addTo(dates, dateOf(paper), doc)
    for (const author of authors[doc]!) for (const key of nameKeys(author)) addTo(names, key, { doc, author })
  })
  return {
    categories,
    organizations: byWords(organizations),
    venues: byWords(venues),
    dates,
    names,
    holders: newCache(CACHE_LIMIT),
  }
})

/** The day on which a paper came out, else the year, else the day of its listing; empty if none is known. */
export function dateOf({ publishedAt, year, day }: RankablePaper): string {
  if (publishedAt) return publishedAt.toISOString().slice(0, 10)
  return year ? String(year) : (day ?? '')
}

/** Whether a date is in `2020-2026`, or not before `2026-04`. Of a year alone the last day counts. */
function isOfTime(kind: 'year' | 'since', text: string, date: string): boolean {
  if (date === '') return false
  if (kind === 'since') return (date.length === 4 ? `${date}-12-31` : date) >= text
  const year = date.slice(0, 4)
  return year >= text.slice(0, 4) && year <= text.slice(-4)
}

function byWords(named: ReadonlyMap<string, number[]>): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [name, docs] of named) for (const doc of docs) addTo(found, organizationWords(name), doc)
  return found
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
