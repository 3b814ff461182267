import { addDays } from '../../calendar.ts'
import type { DigestItem, LocalDate } from '../../domain.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { fieldInWords } from '../index/fieldMatch.ts'
import { postingsOf } from '../index/paperIndex.ts'
import { writtenWord } from '../index/writtenWords.ts'
import type { Clause } from '../language/clauses.ts'
import { parseQuery, type TopicQuery } from '../language/query.ts'
import { QueryError } from '../language/queryError.ts'
import { isStopWord } from '../language/stopWords.ts'
import { clauseTest } from '../score/conditions.ts'
import { passes, type ScoreOptions, scoreTopic, type TopicScores } from '../score/topicScore.ts'
import { selectDigest } from './selectDigest.ts'

/** The papers on which a query is tried. */
export interface TuningPapers {
  /** Those listed in the last `days` days. */
  month: RankingIndex
  /** Those that today's digest chooses from. */
  today: RankingIndex
}

export interface TuningOptions extends ScoreOptions {
  /** The last day counted: today. */
  on: LocalDate
  /** The number of days counted, `on` included. Default 30. */
  days?: number
  /** At most this many papers in the digest. Default 10. */
  max?: number
  /** Papers that must not come, for instance those already sent. */
  exclude?: (paperId: number) => boolean
}

/** What a query would bring. */
export interface Tuned {
  readable: true
  /** The digest that the query would give today, best first. `reason` says why it would be empty. */
  digest: (DigestItem & { title: string })[]
  reason?: string
  /** For each day, oldest first, how many of its papers the query matches; days without any are listed too. */
  perDay: { day: LocalDate; papers: number }[]
  /** Words, phrases and fields of the query, as typed, that no paper of these days has. */
  unknown: string[]
  /** Words to add, best first, and how many papers of these days have each. */
  suggestions: { word: string; papers: number }[]
}

/** Why a query cannot be read: the position in UTF-16 code units from 0, and one line of advice. */
export interface Unreadable {
  readable: false
  position: number
  advice: string
}

const DAYS = 30
const MAX_PAPERS = 10
const MOST_SUGGESTIONS = 8

/** A shorter word is no useful suggestion. */
const SHORTEST_WORD = 3

/** Tries a query. Does not throw for a query that cannot be read. Takes milliseconds for some thousand papers. */
export function tuneTopic(
  { month, today }: TuningPapers,
  query: string,
  options: TuningOptions,
): Tuned | Unreadable {
  const parsed = tryToParse(query)
  if ('position' in parsed) return parsed
  const { max = MAX_PAPERS, ...rest } = options
  const { items, reason } = selectDigest(today, [{ name: 'this topic', query, quota: null }], {
    ...rest,
    max,
  })
  const titles = new Map(today.papers.map(({ id, title }) => [id, title]))
  const scores = scoreTopic(month, parsed, options)
  return {
    readable: true,
    digest: items.map((item) => ({ ...item, title: titles.get(item.paperId)! })),
    ...(reason === undefined ? {} : { reason }),
    perDay: matchesPerDay(month, scores, options),
    unknown: unknownTerms(month, scores.query.clauses.slice(0, parsed.clauses.length)),
    suggestions: suggestionsFor(month, scores),
  }
}

function tryToParse(query: string): TopicQuery | Unreadable {
  try {
    return parseQuery(query)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { readable: false, position: error.position, advice: error.message }
  }
}

function matchesPerDay(
  { papers }: RankingIndex,
  scores: TopicScores,
  { on, days = DAYS }: TuningOptions,
): Tuned['perDay'] {
  const counts = new Map<LocalDate | null, number>()
  papers.forEach(({ day }, doc) => {
    if (passes(scores, doc)) counts.set(day, (counts.get(day) ?? 0) + 1)
  })
  return Array.from({ length: days }, (_, at) => {
    const day = addDays(on, at + 1 - days)
    return { day, papers: counts.get(day) ?? 0 }
  })
}

/** The clauses, wished for or demanded, that no paper has itself. Document expansion does not count. */
function unknownTerms(index: RankingIndex, clauses: readonly Clause[]): string[] {
  const unknown = clauses.filter((clause) => clause.occurrence !== 'never' && !isHeld(index, clause))
  return [...new Set(unknown.map((clause) => (clause.kind === 'text' ? clause.text : fieldInWords(clause))))]
}

function isHeld(index: RankingIndex, clause: Clause): boolean {
  const test = clauseTest(index, clause)
  return index.papers.some((_, doc) => test(doc))
}

/** The corpus model's related words that are in these papers and not in the query. Function words are left out. */
function suggestionsFor(index: RankingIndex, { query, expansion }: TopicScores): Tuned['suggestions'] {
  if (index.corpus === undefined) return []
  const typed = new Set(
    query.clauses.flatMap((clause) => (clause.kind === 'text' ? clause.variants.flat() : [])),
  )
  const { stems } = index.corpus
  return expansion.terms
    .map((term) => stems[term]!)
    .map((stem) => ({ stem, papers: postingsOf(index, stem)?.docs.length ?? 0 }))
    .filter(({ stem, papers }) => papers > 0 && !typed.has(stem) && isSubject(writtenWord(index, stem)))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ stem, papers }) => ({ word: writtenWord(index, stem), papers }))
}

function isSubject(word: string): boolean {
  return word.length >= SHORTEST_WORD && /\p{L}/u.test(word) && !isStopWord(word.toLowerCase())
}
