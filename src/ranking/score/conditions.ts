import type { RankingIndex } from '../corpus/corpusModel.ts'
import { fieldInWords, fieldTest, type PaperTest } from '../index/fieldMatch.ts'
import type { Clause, FieldClause, TextClause } from '../language/clauses.ts'
import type { QueryCondition, TopicQuery } from '../language/query.ts'
import { findClause } from './match.ts'

/** A condition that a paper has to meet, and what to say about a paper that does not. */
export interface Condition {
  test: PaperTest
  unmet: string
}

/** All conditions of a query: on words, those put together by AND, OR, NOT and parentheses, and on fields and upvotes. */
export function queryConditions(index: RankingIndex, query: TopicQuery): Condition[] {
  if (isPlain(query)) return []
  const { clauses, conditions = [] } = query
  return [
    ...clauses
      .filter((clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'should')
      .map((clause) => occurrenceCondition(index, clause)),
    ...conditions.map((condition) => ({
      test: testOf(index, condition),
      unmet: `not ${conditionInWords(condition)}`,
    })),
    ...fieldConditions(index, query),
  ]
}

/** Whether the query has only optional words and phrases, as most queries do. */
function isPlain({ clauses, minUpvotes, conditions }: TopicQuery): boolean {
  return (
    conditions === undefined &&
    minUpvotes === 0 &&
    clauses.every(({ kind, occurrence }) => kind === 'text' && occurrence === 'should')
  )
}

function occurrenceCondition(index: RankingIndex, clause: TextClause): Condition {
  const test = textTest(index, clause)
  return clause.occurrence === 'must'
    ? { test, unmet: `without “${clause.text}”` }
    : { test: (doc) => !test(doc), unmet: `ruled out: “${clause.text}”` }
}

function textTest(index: RankingIndex, clause: TextClause): PaperTest {
  const holders = new Uint8Array(index.papers.length)
  const { docs, fieldBits, from, to } = findClause(index, clause)
  for (let at = from; at < to; at++) if (fieldBits[at] !== 0) holders[docs[at]!] = 1
  return (doc) => holders[doc] === 1
}

/** Whether the paper itself has the words, or the field, of a clause. */
export function clauseTest(index: RankingIndex, clause: Clause): PaperTest {
  return clause.kind === 'text' ? textTest(index, clause) : fieldTest(index, clause)
}

function testOf(index: RankingIndex, condition: QueryCondition): PaperTest {
  switch (condition.kind) {
    case 'has':
      return clauseTest(index, condition.clause)
    case 'not': {
      const test = testOf(index, condition.of)
      return (doc) => !test(doc)
    }
    case 'all': {
      const tests = condition.of.map((part) => testOf(index, part))
      return (doc) => tests.every((test) => test(doc))
    }
    case 'any': {
      const tests = condition.of.map((part) => testOf(index, part))
      return (doc) => tests.some((test) => test(doc))
    }
  }
}

/** `(“robot” or “arm”) and not “video”` */
function conditionInWords(condition: QueryCondition): string {
  switch (condition.kind) {
    case 'has':
      return condition.clause.kind === 'text' ? `“${condition.clause.text}”` : fieldInWords(condition.clause)
    case 'not':
      return `not ${conditionInWords(condition.of)}`
    case 'all':
      return `(${condition.of.map(conditionInWords).join(' and ')})`
    case 'any':
      return `(${condition.of.map(conditionInWords).join(' or ')})`
  }
}

const KINDS = ['author', 'category', 'organization', 'venue', 'year', 'since'] as const

/**
 * The field clauses of a query as conditions. Each clause with `-` or `+` is a condition. The filters of one kind together are
 * one condition, and a paper needs any of them (`cat:cs.CL cat:cs.LG`). A clause with a weight is a wish, not a condition.
 */
function fieldConditions(index: RankingIndex, query: TopicQuery): Condition[] {
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
