import { keep, newCache } from '../../caching.ts'
import { QueryError } from './queryError.ts'
import { type Occurrence, type QueryItem, scanQuery } from './queryScanner.ts'
import { isStopWord } from './stopWords.ts'
import { analyse, isUnspaced, wordsOf } from './text.ts'

/** A word or phrase looked for in title, abstract and keywords. */
export interface TextClause {
  kind: 'text'
  /** As typed, without quotes, sign and weight. */
  text: string
  /** The ways to find it, each a sequence of stems that stand side by side. */
  variants: string[][]
  occurrence: Occurrence
  weight: number
  /** Where it starts in the query, in code units from 0. */
  position: number
}

/** A person, arXiv category or organization. */
export interface FieldClause {
  kind: 'author' | 'category' | 'organization'
  text: string
  occurrence: Occurrence
  weight: number
  /** With a weight (`author:"Yann LeCun"^2`) the clause is a wish that adds to the score; without one, papers must pass it. */
  prefers: boolean
  position: number
}

export type Clause = TextClause | FieldClause

/** A topic's query, parsed. A paper that does not pass `minUpvotes` and all filters is left out. */
export interface TopicQuery {
  clauses: Clause[]
  /** From `min:20`; 0 without. */
  minUpvotes: number
}

export const MAX_QUERY_LENGTH = 4000

/** The query of a subscriber without interests: every paper, by trend. */
export const EVERYTHING: TopicQuery = { clauses: [], minUpvotes: 0 }

/**
 * Parses a topic's query: words, "phrases", `^weight`, `-never`, `+must`, `author:`, `cat:`, `org:`, `min:`. The result is shared
 * and must not be changed. Words that a corpus model does not know are fine. Only filters or only exclusions mean "everything
 * else, by trend". Takes time linear in the text's length. Throws QueryError where the text cannot be read.
 */
export function parseQuery(text: string): TopicQuery {
  const known = parsed.entries.get(text)
  if (known !== undefined) return known
  const query = readQuery(text)
  return text.length > LONGEST_TOPIC ? query : keep(parsed, text, query)
}

/** A topic's query is the same every day. Each takes about 5 kB, with what a corpus model knows of it. */
const parsed = newCache<string, TopicQuery>(5_000)
const LONGEST_TOPIC = 200

function readQuery(text: string): TopicQuery {
  if (text.length > MAX_QUERY_LENGTH) throw tooLong(text.length)
  const query: TopicQuery = { clauses: [], minUpvotes: 0 }
  let ignored: string | undefined
  for (const item of scanQuery(text)) {
    if (item.field === 'min') query.minUpvotes = Math.max(query.minUpvotes, Number(item.text))
    else if (item.field !== undefined) query.clauses.push(fieldClause(item.field, item))
    else {
      const clauses = textClauses(item)
      if (clauses.length === 0) ignored ??= item.text
      query.clauses.push(...clauses)
    }
  }
  if (query.clauses.length === 0 && query.minUpvotes === 0) throw nothingToFind(ignored)
  return query
}

/** The query for a text in ordinary language, such as a pasted abstract. Its words are never read as operators. */
export function queryFromText(text: string): TopicQuery {
  const plain = { quoted: false, occurrence: 'should', weight: 1, position: 0 } as const
  return {
    clauses: analyse(text).words.flatMap((word) => textClauses({ ...plain, text: word })),
    minUpvotes: 0,
  }
}

/** One clause for a word or phrase, several for a long run of Chinese, none for a stop word or punctuation. */
function textClauses({ text, quoted, occurrence, weight = 1, position }: QueryItem): TextClause[] {
  const readings = quoted ? readingsOf(text, true) : wordReadings(text)
  return readings.map((variants) => ({ kind: 'text', text, variants, occurrence, weight, position }))
}

/** Queries repeat their words. At this limit the cache takes a few MB. */
const readings = newCache<string, string[][][]>(20_000)
const LONGEST_KEPT = 40

function wordReadings(text: string): string[][][] {
  const known = readings.entries.get(text)
  if (known !== undefined) return known
  const isStop = wordsOf(text.replace(/’/g, "'")).every((word) => isStopWord(word.toLowerCase()))
  const found = isStop ? [] : readingsOf(text, false)
  return text.length > LONGEST_KEPT ? found : keep(readings, text, found)
}

function fieldClause(field: FieldClause['kind'], item: QueryItem): FieldClause {
  return {
    kind: field,
    text: item.text,
    occurrence: item.occurrence,
    weight: item.weight ?? 1,
    prefers: item.weight !== undefined && item.occurrence === 'should',
    position: item.position,
  }
}

/** A run of Chinese or a similar script of more pairs of characters is several words: any of its pairs may match. */
const LONGEST_UNSPACED_WORD = 5

/** The clauses of a text, each with its variants. "chest x-ray" has two: [chest, x, ray] and [chest, xray]. Most texts have one. */
function readingsOf(text: string, quoted: boolean): string[][][] {
  const { stems, compounds } = analyse(text)
  if (stems.length === 0) return []
  if (!quoted && stems.length > LONGEST_UNSPACED_WORD && isUnspaced(text))
    return stems.map((pair) => [[pair]])
  if (compounds.length === 0) return [[stems]]
  const together = analyse(text.replace(/(?<=[\p{L}\p{N}])[-\u2010-\u2013]+(?=[\p{L}\p{N}])/gu, ''))
  return [[stems, together.stems]]
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
