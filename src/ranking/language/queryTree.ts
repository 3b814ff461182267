import { QueryError } from './queryError.ts'
import type { QueryItem, QueryToken } from './queryScanner.ts'

/** A query as a tree. A `row` holds what stands side by side without an operator. */
export type QueryNode =
  | { kind: 'item'; item: QueryItem }
  | { kind: 'not'; of: QueryNode }
  | { kind: 'row' | 'and' | 'or'; of: QueryNode[] }

/** More parentheses inside one another are refused. */
const MOST_NESTED = 50

interface Parsing {
  tokens: readonly QueryToken[]
  at: number
  depth: number
  /** In a pasted text, AND and OR in capitals may be no operators: without operands they are left out. */
  isLenient: boolean
}

/**
 * Parses the tokens of a query: OR binds least, then AND, then standing side by side, then NOT. A parenthesis that is not closed
 * ends with the query. Throws QueryError for an operator without operand, and for too many nested parentheses.
 */
export function parseTree(tokens: readonly QueryToken[], isLenient: boolean): QueryNode {
  const parsing: Parsing = { tokens, at: 0, depth: 0, isLenient }
  const parts: QueryNode[] = []
  while (parsing.at < tokens.length) {
    parts.push(parseOr(parsing))
    // A closing parenthesis without an opening one.
    if (parsing.at < tokens.length) parsing.at++
  }
  return parts.length === 1 ? parts[0]! : { kind: 'row', of: parts }
}

function parseOr(parsing: Parsing): QueryNode {
  return parseList(parsing, 'OR', parseAnd)
}

function parseAnd(parsing: Parsing): QueryNode {
  return parseList(parsing, 'AND', parseRow)
}

function parseList(
  parsing: Parsing,
  operator: 'OR' | 'AND',
  parseOperand: (parsing: Parsing) => QueryNode,
): QueryNode {
  const of = [parseOperand(parsing)]
  while (peek(parsing)?.kind === operator) {
    parsing.at++
    of.push(parseOperand(parsing))
  }
  return of.length === 1 ? of[0]! : { kind: operator === 'OR' ? 'or' : 'and', of }
}

function parseRow(parsing: Parsing): QueryNode {
  const of: QueryNode[] = []
  for (let unit = parseUnit(parsing); unit !== undefined; unit = parseUnit(parsing)) of.push(unit)
  if (of.length === 0) checkOperand(parsing)
  return { kind: 'row', of }
}

/** An item, a group, or a negation; undefined if something else comes. */
function parseUnit(parsing: Parsing): QueryNode | undefined {
  const token = peek(parsing)
  switch (token?.kind) {
    case 'item':
      parsing.at++
      return { kind: 'item', item: token.item }
    case 'NOT': {
      parsing.at++
      const of = parseUnit(parsing)
      if (of === undefined) checkOperand(parsing)
      return of && { kind: 'not', of }
    }
    case 'open':
      return parseGroup(parsing, token)
    default:
      return undefined
  }
}

function parseGroup(parsing: Parsing, { sign, position }: Extract<QueryToken, { kind: 'open' }>): QueryNode {
  parsing.at++
  parsing.depth++
  if (parsing.depth > MOST_NESTED)
    throw new QueryError(
      position,
      `Expected at most ${MOST_NESTED} parentheses inside one another, got one more at position ${position}: leave some out`,
    )
  const isEmpty = peek(parsing)?.kind === 'close'
  const group: QueryNode = isEmpty ? { kind: 'row', of: [] } : parseOr(parsing)
  if (peek(parsing)?.kind === 'close') parsing.at++
  parsing.depth--
  if (sign === 'never') return { kind: 'not', of: group }
  return sign === 'must' ? { kind: 'and', of: [group] } : group
}

/** Where an operand is missing: an error, or in a pasted text nothing. */
function checkOperand({ tokens, at, isLenient }: Parsing): void {
  const before = tokens[at - 1]
  const after = tokens[at]
  const operator = [before, after].find((token) => token !== undefined && isOperator(token))
  if (isLenient || operator === undefined) return
  const side = operator === before ? 'after' : 'before'
  throw new QueryError(
    operator.position,
    `Expected a word, phrase or field ${side} ${operator.kind} at position ${operator.position}, got none: write for example robot ${operator.kind === 'NOT' ? 'NOT video' : `${operator.kind} navigation`}, or put the word in quotes`,
  )
}

function isOperator({ kind }: QueryToken): boolean {
  return kind === 'AND' || kind === 'OR' || kind === 'NOT'
}

function peek({ tokens, at }: Parsing): QueryToken | undefined {
  return tokens[at]
}
