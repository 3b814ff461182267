import { addDays } from '../../calendar.ts'
import { type DigestItem, type LocalDate, PICKINESS, type Pickiness } from '../../domain.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { fieldInWords } from '../index/fieldMatch.ts'
import { postingsOf } from '../index/paperIndex.ts'
import { type Spelling, spellingsOf } from '../index/spellings.ts'
import { writtenWord } from '../index/writtenWords.ts'
import type { Clause } from '../language/clauses.ts'
import { parseQuery, type TopicQuery } from '../language/query.ts'
import { QueryError } from '../language/queryError.ts'
import { isStopWord } from '../language/stopWords.ts'
import { clauseTest } from '../score/conditions.ts'
import { asPicky, passes, type ScoreOptions, scoreTopic, type TopicScores } from '../score/topicScore.ts'
import { fieldHints } from './fieldHints.ts'
import { type NothingChosen, nearestMisses } from './nothingChosen.ts'
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
  /** For each level, how many papers a day the topic would have brought on average in these days, at most `max` a day. */
  papersADay: Record<Pickiness, number>
  /** If the last seven days brought nothing: a sentence that says so, and the nearest misses. */
  quiet?: NothingChosen
  /** Words, phrases and fields of the query, as typed, that no paper of these days has. */
  unknown: string[]
  /** The spellings under which the query's authors are found in these papers. */
  spellings: Spelling[]
  /** One line for each field that no paper of these days has: what to write instead. */
  hints: string[]
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

/** If a topic had no paper for this many days, the answer says so. */
const QUIET_DAYS = 7
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
  const { max = MAX_PAPERS, pickiness, ...rest } = options
  const topic = { name: 'this topic', query, quota: null, pickiness }
  const { items, reason } = selectDigest(today, [topic], { ...rest, max })
  const titles = new Map(today.papers.map(({ id, title }) => [id, title]))
  const scores = scoreTopic(month, parsed, options)
  const perDay = matchesPerDay(month, scores, options)
  const quiet = perDay.slice(-QUIET_DAYS).some(({ papers }) => papers > 0)
    ? undefined
    : quietWeek(month, scores, options.on)
  return {
    readable: true,
    digest: items.map((item) => ({ ...item, title: titles.get(item.paperId)! })),
    ...(reason === undefined ? {} : { reason }),
    perDay,
    papersADay: papersADay(month, scores, { ...options, max }),
    ...(quiet === undefined ? {} : { quiet }),
    unknown: unknownTerms(month, scores.query.clauses.slice(0, parsed.clauses.length)),
    spellings: spellingsOf(month, parsed.clauses),
    hints: fieldHints(month, parsed.clauses),
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

function papersADay(
  month: RankingIndex,
  scores: TopicScores,
  options: TuningOptions & { max: number },
): Tuned['papersADay'] {
  const ofLevel = (level: Pickiness): number => {
    const days = matchesPerDay(month, asPicky(scores, level), options)
    const sent = days.reduce((sum, { papers }) => sum + Math.min(papers, options.max), 0)
    return Math.round((10 * sent) / days.length) / 10
  }
  return Object.fromEntries(PICKINESS.map((level) => [level, ofLevel(level)])) as Tuned['papersADay']
}

function quietWeek(month: RankingIndex, scores: TopicScores, on: LocalDate): NothingChosen {
  const from = addDays(on, 1 - QUIET_DAYS)
  const older = new Set(month.papers.filter(({ day }) => day === null || day < from).map(({ id }) => id))
  const misses = nearestMisses(month, [{ name: '', scores }], (paperId) => older.has(paperId))
  return { why: `Nothing in the last ${QUIET_DAYS} days.`, misses }
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
