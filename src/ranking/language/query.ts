import { keep, newCache } from '../../caching.ts'
import { type Clause, clausesOf, isTextField, textClauses } from './clauses.ts'
import { QueryError } from './queryError.ts'
import { type QueryItem, type QueryToken, scanQuery } from './queryScanner.ts'
import { parseTree, type QueryNode } from './queryTree.ts'
import { analyse } from './text.ts'

/** A topic's query, parsed. A paper that does not pass `minUpvotes` and all filters is left out. */
export interface TopicQuery {
  clauses: Clause[]
  /** From `min:20`; 0 without. */
  minUpvotes: number
  /** What AND, OR, NOT and parentheses demand beyond the occurrences of the clauses. A paper must meet all. */
  conditions?: QueryCondition[]
}

/** A condition on a paper, put together from clauses. */
export type QueryCondition =
  | { kind: 'has'; clause: Clause }
  | { kind: 'not'; of: QueryCondition }
  | { kind: 'all' | 'any'; of: QueryCondition[] }

export const MAX_QUERY_LENGTH = 4000

/** Each author, category, organization or venue is compared with those of all papers. */
const MAX_FIELDS = 50

/** The query of a subscriber without interests: every paper, by trend. */
export const EVERYTHING: TopicQuery = { clauses: [], minUpvotes: 0 }

/**
 * Parses a topic's query: words, "phrases", `^weight`, `-never`, `+must`, fields such as `title:` and `author:`, AND, OR, NOT and
 * parentheses. The result is shared and must not be changed. Words that a corpus model does not know are fine. Only filters or only exclusions mean "everything
 * else, by trend". Takes time linear in the text's length. Throws QueryError if the text cannot be read.
 */
export function parseQuery(text: string): TopicQuery {
  const known = parsed.entries.get(text)
  if (known !== undefined) return known
  const query = readQuery(text)
  return text.length > LONGEST_KEPT ? query : keep(parsed, text, query)
}

/** A topic's query is the same every day. Each takes about 5 kB, with what a corpus model knows of it. */
const parsed = newCache<string, TopicQuery>(5_000)
const LONGEST_KEPT = 200
/** A longer text is taken for a pasted sentence or abstract, in which AND and OR may be no operators. */
const LONGEST_TYPED = 200

function readQuery(text: string): TopicQuery {
  if (text.length > MAX_QUERY_LENGTH) throw tooLong(text.length)
  const query: TopicQuery = { clauses: [], minUpvotes: 0 }
  const tokens = scanQuery(text)
  checkFieldCount(tokens)
  addNode(query, parseTree(tokens, text.length > LONGEST_TYPED))
  setGroups(query.clauses, text)
  if (query.clauses.length === 0 && query.minUpvotes === 0 && query.conditions === undefined)
    throw nothingToFind(tokens.find((token) => token.kind === 'item')?.item.text)
  return query
}

const ALTERNATIVE = /[,;|，、；。]|\bOR\b/g

/** Tells which words belong together. */
function setGroups(clauses: readonly Clause[], text: string): void {
  const ends = [...text.matchAll(ALTERNATIVE)].map(({ index }) => index)
  if (ends.length === 0) return
  for (const clause of clauses)
    if (clause.kind === 'text') clause.group = ends.filter((end) => end < clause.position).length
}

/** Adds what a node of the query's tree asks for. */
function addNode(query: TopicQuery, node: QueryNode): void {
  switch (node.kind) {
    case 'item':
      addItem(query, node.item)
      break
    case 'not':
      addNegated(query, node.of)
      break
    case 'row':
      for (const unit of node.of) addNode(query, unit)
      break
    case 'and':
      for (const operand of node.of) addDemanded(query, operand)
      break
    case 'or':
      if (isPlainChoice(node.of)) for (const operand of node.of) addNode(query, operand)
      else addCondition(query, node)
  }
}

/** An operand of AND: a single word is demanded; of a row of words the paper needs any. */
function addDemanded(query: TopicQuery, node: QueryNode): void {
  if (node.kind === 'row') {
    const wanted = node.of.filter(isWanted)
    for (const unit of node.of) if (!isWanted(unit)) addNode(query, unit)
    if (wanted.length === 1) addDemanded(query, wanted[0]!)
    else if (wanted.length > 1) addCondition(query, { kind: 'row', of: wanted })
  } else if (node.kind === 'item' && isWanted(node)) addItem(query, { ...node.item, occurrence: 'must' })
  else if (node.kind === 'or') addCondition(query, node)
  else addNode(query, node)
}

/** Whether a unit is neither ruled out nor demanded by itself. */
function isWanted(node: QueryNode): boolean {
  return node.kind === 'item'
    ? node.item.occurrence === 'should' && node.item.field !== 'min'
    : node.kind !== 'not'
}

/** NOT rules out each of a row of words and of alternatives; what AND joins is ruled out only together. */
function addNegated(query: TopicQuery, node: QueryNode): void {
  switch (node.kind) {
    case 'item':
      addItem(query, { ...node.item, occurrence: node.item.occurrence === 'never' ? 'must' : 'never' })
      break
    case 'not':
      addDemanded(query, node.of)
      break
    case 'and':
      addCondition(query, { kind: 'not', of: node })
      break
    default:
      for (const unit of node.of) addNegated(query, unit)
  }
}

/** Whether alternatives are all words, or all fields of one kind: then they are what side by side means anyway. */
function isPlainChoice(nodes: readonly QueryNode[]): boolean {
  const units = nodes.flatMap((node) => (node.kind === 'row' ? node.of : [node]))
  const fields = units.map((unit) =>
    unit.kind === 'item' && isWanted(unit) ? fieldKindOf(unit.item) : undefined,
  )
  return fields.every((field) => field !== undefined && field === fields[0])
}

function fieldKindOf({ field }: QueryItem): string {
  return isTextField(field) ? 'text' : field
}

function addItem(query: TopicQuery, item: QueryItem): void {
  if (item.field === 'min') query.minUpvotes = Math.max(query.minUpvotes, Number(item.text))
  else query.clauses.push(...clausesOf(item).filter((clause) => !isSaidAlready(query, clause)))
}

/** A word that is demanded or ruled out twice is so once: hundreds of them would only cost time. A wish said twice counts twice. */
function isSaidAlready({ clauses }: TopicQuery, clause: Clause): boolean {
  if (clause.occurrence === 'should') return false
  const wordsOf = (one: Clause) => (one.kind === 'text' ? `${one.within}:${one.variants.join('|')}` : '')
  return clauses.some(
    (one) =>
      one.kind === clause.kind &&
      one.text === clause.text &&
      one.occurrence === clause.occurrence &&
      one.weight === clause.weight &&
      wordsOf(one) === wordsOf(clause),
  )
}

/** Adds a condition, and its wanted words as words that add to the score. */
function addCondition(query: TopicQuery, node: QueryNode): void {
  const condition = conditionOf(node)
  if (condition === undefined) return
  query.conditions = [...(query.conditions ?? []), condition]
  for (const item of wantedItems(node)) query.clauses.push(...textClauses({ ...item, occurrence: 'should' }))
}

/** Undefined if the node has no word of a subject. */
function conditionOf(node: QueryNode): QueryCondition | undefined {
  switch (node.kind) {
    case 'item': {
      const has = joined(
        'any',
        clausesOf(node.item).map((clause): QueryCondition => ({ kind: 'has', clause })),
      )
      return has && node.item.occurrence === 'never' ? { kind: 'not', of: has } : has
    }
    case 'not': {
      const of = conditionOf(node.of)
      return of && { kind: 'not', of }
    }
    case 'row': {
      const wanted = joined('any', conditionsOf(node.of.filter(isWanted)))
      const others = conditionsOf(node.of.filter((unit) => !isWanted(unit)))
      return joined('all', wanted === undefined ? others : [wanted, ...others])
    }
    case 'and':
      return joined('all', conditionsOf(node.of))
    case 'or':
      return joined('any', conditionsOf(node.of))
  }
}

function conditionsOf(nodes: readonly QueryNode[]): QueryCondition[] {
  return nodes.map(conditionOf).filter((condition) => condition !== undefined)
}

function joined(kind: 'all' | 'any', of: QueryCondition[]): QueryCondition | undefined {
  return of.length > 1 ? { kind, of } : of[0]
}

/** The words of a node that are not ruled out. */
function wantedItems(node: QueryNode): QueryItem[] {
  if (node.kind === 'not') return []
  if (node.kind !== 'item') return node.of.flatMap(wantedItems)
  return isTextField(node.item.field) && node.item.occurrence !== 'never' ? [node.item] : []
}

/** The query for a text in ordinary language, such as a pasted abstract. Its words are never read as operators. */
export function queryFromText(text: string): TopicQuery {
  const plain = { quoted: false, occurrence: 'should', weight: 1, position: 0 } as const
  return {
    clauses: analyse(text).words.flatMap((word) => textClauses({ ...plain, text: word })),
    minUpvotes: 0,
  }
}

function checkFieldCount(tokens: readonly QueryToken[]): void {
  const fields = tokens.filter((token) => token.kind === 'item' && !isTextField(token.item.field))
  const extra = fields[MAX_FIELDS]
  if (extra === undefined) return
  throw new QueryError(
    extra.position,
    `Expected at most ${MAX_FIELDS} fields such as author: or cat: in a query, got ${fields.length}: spread them over several topics`,
  )
}

function tooLong(length: number): QueryError {
  const limit = MAX_QUERY_LENGTH.toLocaleString('en-US')
  return new QueryError(
    MAX_QUERY_LENGTH,
    `Expected a query of at most ${limit} characters, got ${length.toLocaleString('en-US')}: keep the words that matter most, or spread them over several topics`,
  )
}

function nothingToFind(ignored: string | undefined): QueryError {
  const came =
    ignored === undefined
      ? 'got none'
      : `got only words without a subject of their own, such as “${ignored.slice(0, 40)}”`
  return new QueryError(
    0,
    `Expected a word, a "phrase" or a field such as cat:cs.CL in the query, ${came}: name a subject, for example protein folding`,
  )
}
