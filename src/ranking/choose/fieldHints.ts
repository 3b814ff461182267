import { editDistance } from '../../text/editDistance.ts'
import { foldText } from '../../text/folding.ts'
import { fieldInWords, fieldTest } from '../index/fieldMatch.ts'
import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'
import type { Clause, FieldClause } from '../language/clauses.ts'

const MOST_NAMED = 3
/** A value is close if at most this part of its letters differ. */
const MOST_DIFFERENT = 0.34

/** What a query writes for a field, and the values of a paper. A family name alone names an author too. */
const FIELDS: Partial<
  Record<FieldClause['kind'], { typed: string; valuesOf: (paper: RankablePaper) => string[] }>
> = {
  category: { typed: 'cat', valuesOf: ({ categories }) => categories },
  author: { typed: 'author', valuesOf: ({ authors }) => authors },
  organization: { typed: 'org', valuesOf: ({ organization }) => (organization ? [organization] : []) },
  venue: { typed: 'venue', valuesOf: ({ venue }) => (venue ? [venue] : []) },
}

/**
 * One line for each filter or wish of a query that no paper of the index meets: `no paper of these days is in cs.CX: write for example
 * cat:cs.CL or cat:cs.CV`. What is ruled out needs no paper.
 */
export function fieldHints(index: PaperIndex, clauses: readonly Clause[]): string[] {
  const fields = clauses.filter((clause): clause is FieldClause => clause.kind !== 'text')
  const unmet = fields.filter((clause) => {
    const test = fieldTest(index, clause)
    return clause.occurrence !== 'never' && !index.papers.some((_, doc) => test(doc))
  })
  return [...new Set(unmet.map((clause) => hintFor(index, clause)))]
}

function hintFor({ papers }: PaperIndex, clause: FieldClause): string {
  const { kind, text } = clause
  const field = FIELDS[kind]
  if (field === undefined)
    return `no paper of these days came out ${kind === 'year' ? 'in' : kind} ${text}: choose another time, or leave it out`
  const none = `no paper of these days is ${fieldInWords(clause)}`
  const counts = new Map<string, number>()
  for (const paper of papers)
    for (const value of field.valuesOf(paper)) counts.set(value, (counts.get(value) ?? 0) + 1)
  const close = closest(clause, counts)
  const named = close.length > 0 || clause.kind !== 'category' ? close : commonest(clause.text, counts)
  if (named.length === 0) return `${none}: check the spelling, or leave it out`
  const written = named.map((value) => `${field.typed}:${/\s/.test(value) ? `"${value}"` : value}`)
  return `${none}: write for example ${written.join(' or ')}`
}

/** The values that differ in few letters, closest first; of equals the commonest. */
function closest({ kind, text }: FieldClause, counts: ReadonlyMap<string, number>): string[] {
  const wanted = lettersOf(text)
  return [...counts]
    .map(([value, count]) => ({ value, count, distance: distanceTo(wanted, value, kind) }))
    .filter(({ distance }) => distance <= Math.ceil(MOST_DIFFERENT * wanted.length))
    .sort((a, b) => a.distance - b.distance || b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_NAMED)
    .map(({ value }) => value)
}

function distanceTo(wanted: string, value: string, kind: FieldClause['kind']): number {
  const whole = differenceOf(wanted, lettersOf(value))
  return kind === 'author'
    ? Math.min(whole, differenceOf(wanted, lettersOf(value.split(/[\s,]+/).at(-1)!)))
    : whole
}

/** The distance, or the difference of the lengths where that is too large already. */
function differenceOf(a: string, b: string): number {
  const least = Math.abs(a.length - b.length)
  return least > MOST_DIFFERENT * a.length + 1 ? least : editDistance(a, b)
}

/** The commonest categories, those of the archive named first. */
function commonest(text: string, counts: ReadonlyMap<string, number>): string[] {
  const archive = text.toLowerCase().split('.')[0]!
  const isOf = (value: string) => value.toLowerCase().startsWith(`${archive}.`)
  return [...counts]
    .sort((a, b) => Number(isOf(b[0])) - Number(isOf(a[0])) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_NAMED)
    .map(([value]) => value)
}

function lettersOf(text: string): string {
  return foldText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
