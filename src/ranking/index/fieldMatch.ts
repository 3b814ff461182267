import type { FieldClause } from '../language/clauses.ts'
import type { TopicQuery } from '../language/query.ts'
import { holdersOf } from './fieldHolders.ts'
import type { PaperIndex } from './paperIndex.ts'

/** Whether a paper, given by its position in the index, meets a condition. */
export type PaperTest = (doc: number) => boolean

/** Whether the paper has the author, category, organization or venue that the clause names. */
export function fieldTest(index: PaperIndex, clause: FieldClause): PaperTest {
  const holders = holdersOf(index, clause)
  return (doc) => holders[doc] === 1
}

const KINDS = ['author', 'category', 'organization', 'venue', 'year', 'since'] as const

/** A condition that a paper has to meet, and what to say about a paper that does not. */
export interface Condition {
  test: PaperTest
  unmet: string
}

/**
 * The field clauses of a query as conditions. Each clause with `-` or `+` is a condition. The filters of one kind together are
 * one condition, and a paper needs any of them (`cat:cs.CL cat:cs.LG`). A clause with a weight is a wish, not a condition.
 */
export function fieldConditions(index: PaperIndex, query: TopicQuery): Condition[] {
  const fields = query.clauses.filter((clause) => clause.kind !== 'text')
  const filters = fields.filter(({ occurrence, prefers }) => occurrence === 'should' && !prefers)
  return [
    ...fields.filter(({ occurrence }) => occurrence === 'never').map(never),
    ...fields.filter(({ occurrence }) => occurrence === 'must').map((clause) => anyOf([clause])),
    ...KINDS.map((kind) => filters.filter((clause) => clause.kind === kind))
      .filter((clauses) => clauses.length > 0)
      .map(anyOf),
    ...(query.minUpvotes > 0 ? [minimum(query.minUpvotes)] : []),
  ]

  function never(clause: FieldClause): Condition {
    const test = fieldTest(index, clause)
    return { test: (doc) => !test(doc), unmet: `ruled out: ${fieldInWords(clause)}` }
  }

  function anyOf(clauses: FieldClause[]): Condition {
    const tests = clauses.map((clause) => fieldTest(index, clause))
    const unmet = `not ${clauses.map(fieldInWords).join(' or ')}`
    return { test: (doc) => tests.some((test) => test(doc)), unmet }
  }

  function minimum(upvotes: number): Condition {
    const test = (doc: number): boolean => (index.papers[doc]!.upvotes ?? 0) >= upvotes
    return { test, unmet: `fewer than ${upvotes} upvotes` }
  }
}

const PREPOSITIONS = {
  author: 'by',
  category: 'in',
  organization: 'from',
  venue: 'at',
  year: 'of',
  since: 'since',
}

/** `by Yann LeCun`, `in cs.CL`, `from DeepMind`, `at ICLR`, `of 2026`, `since 2026-04` */
export function fieldInWords({ kind, text }: Pick<FieldClause, 'kind' | 'text'>): string {
  return `${PREPOSITIONS[kind]} ${kind === 'author' ? text.replace(/^=/, '') : text}`
}
