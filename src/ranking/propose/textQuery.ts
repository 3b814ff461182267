import type { Clause, FieldClause, TextClause } from '../language/clauses.ts'
import { nameKeys, readAuthor } from '../language/fields.ts'
import type { QueryCondition, TopicQuery } from '../language/query.ts'
import { analyse } from '../language/text.ts'
import { LEVEL_VALUES } from './searchWords.ts'

/*
 * Queries of topics as queries of PostgreSQL's full-text search (tsquery, PostgreSQL 13 documentation §8.11.2) on the words of
 * searchWords.ts. Each finds at least the papers that meet the condition; undefined stands for all papers.
 */

const TOP_LEVEL = LEVEL_VALUES.length - 1

/** Papers that have a word on this level or a higher one. */
function wordQuery(stem: string, least: number): string {
  const levels = Array.from({ length: TOP_LEVEL + 1 - least }, (_, at) => quoted(`${least + at}${stem}`))
  return anyOf(levels)!
}

/** Papers that have all words of a variant of the clause, on this level or a higher one; side by side or not. */
export function clauseQuery({ variants }: Pick<TextClause, 'variants'>, least = 0): string {
  return anyOf(variants.map((stems) => allOf(stems.map((stem) => wordQuery(stem, least)))!))!
}

/**
 * What tells how strongly a paper that has the clause has it: pairs of a level and its query, to be tried in this order. A single
 * word has one level in each paper, mostly a low one; several words have the lowest of theirs.
 */
export function levelQueries(clause: Pick<TextClause, 'variants'>): { level: number; match: string }[] {
  const levels = LEVEL_VALUES.map((_, level) => level)
  const [[word = ''] = []] = clause.variants
  if (clause.variants.length === 1 && clause.variants[0]!.length === 1)
    return levels.map((level) => ({ level, match: quoted(`${level}${word}`) }))
  return levels.reverse().map((level) => ({ level, match: clauseQuery(clause, level) }))
}

/** Papers that may meet the conditions of a query: the words and fields it demands, and what AND and OR make of them. */
export function conditionsQuery({ clauses, conditions = [] }: TopicQuery): string | undefined {
  const demanded = clauses.filter(({ occurrence }) => occurrence === 'must').map(partQuery)
  const filters = clauses.filter(
    (clause): clause is FieldClause =>
      clause.kind !== 'text' && clause.occurrence === 'should' && !clause.prefers,
  )
  const kinds = [...new Set(filters.map(({ kind }) => kind))]
  const groups = kinds.map((kind) => anyOf(filters.filter((one) => one.kind === kind).map(fieldQuery)))
  return allOf([...demanded, ...groups, ...conditions.map(conditionQuery)])
}

function conditionQuery(condition: QueryCondition): string | undefined {
  switch (condition.kind) {
    case 'has':
      return partQuery(condition.clause)
    // What the words of a phrase rule out, they rule out side by side, which is looked at later.
    case 'not':
      return undefined
    case 'all':
      return allOf(condition.of.map(conditionQuery))
    case 'any':
      return anyOf(condition.of.map(conditionQuery))
  }
}

function partQuery(clause: Clause): string | undefined {
  return clause.kind === 'text' ? clauseQuery(clause) : fieldQuery(clause)
}

/** Papers that may have the field. */
function fieldQuery({ kind, text }: FieldClause): string | undefined {
  switch (kind) {
    case 'author':
      return anyOf(namesIn(text).map((key) => quoted(`a:${key}`)))
    case 'category':
      return quoted(`c:${text.toLowerCase().replace(/\.?\*?$/, '')}`)
    case 'organization':
      return allOf(analyse(text).stems.map((stem) => quoted(`o:${stem}`)))
    case 'venue':
      return allOf(analyse(text).stems.map((stem) => quoted(`v:${stem}`)))
    case 'year':
      return yearsQuery(Number(text.slice(0, 4)), Number(text.slice(-4)))
    case 'since':
      return undefined
  }
}

function namesIn(text: string): string[] {
  return readAuthor(text).names.flatMap((name) => [...nameKeys(name)])
}

const MOST_YEARS = 100

function yearsQuery(from: number, to: number): string | undefined {
  const count = to - from + 1
  if (!(count > 0 && count <= MOST_YEARS)) return undefined
  return anyOf(Array.from({ length: count }, (_, at) => quoted(`y:${from + at}`)))
}

/** Papers that meet every part. */
export function allOf(parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined)
  return known.length === 0 ? undefined : joined(known, ' & ')
}

/** Papers that meet any part; all papers if one part is not known or there is none. */
export function anyOf(parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined)
  return known.length === 0 || known.length < parts.length ? undefined : joined(known, ' | ')
}

function joined(parts: readonly string[], operator: string): string {
  return parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(operator)
}

/** A lexeme in a tsquery: in quotes, with `'` and `\` doubled. */
function quoted(lexeme: string): string {
  return `'${lexeme.replace(/['\\]/g, (sign) => sign + sign)}'`
}
