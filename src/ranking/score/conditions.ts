import type { RankingIndex } from '../corpus/corpusModel.ts'
import { type Condition, fieldInWords, fieldTest, type PaperTest } from '../index/fieldMatch.ts'
import type { Clause, TextClause } from '../language/clauses.ts'
import type { QueryCondition, TopicQuery } from '../language/query.ts'
import { findClause } from './match.ts'

/** The conditions of a query on words, and those put together by AND, OR, NOT and parentheses. */
export function queryConditions(index: RankingIndex, { clauses, conditions = [] }: TopicQuery): Condition[] {
  return [
    ...clauses
      .filter((clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'should')
      .map((clause) => occurrenceCondition(index, clause)),
    ...conditions.map((condition) => ({
      test: testOf(index, condition),
      unmet: `not ${conditionInWords(condition)}`,
    })),
  ]
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
