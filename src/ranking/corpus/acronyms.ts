import { keptFor } from '../../caching.ts'
import { foldText } from '../../text/folding.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import type { TextClause } from '../language/clauses.ts'
import type { QueryCondition, TopicQuery } from '../language/query.ts'
import { analyse } from '../language/text.ts'

/** Acronyms and what they stand for, as the papers themselves explain them. */
export interface Acronyms {
  /** Stem of the acronym → stems of the long form, and whether it is an ordinary word too ("ChIP" and "chip"). */
  longForms: ReadonlyMap<string, { stems: string[]; isWord: boolean }>
  /** Stems of the long form, joined by spaces → the acronym. */
  shortForms: ReadonlyMap<string, { stem: string; text: string }>
}

/** An acronym in brackets, as in "graph neural networks (GNNs)", and the characters that end the clause before it. */
const BRACKETED = /\(([A-Z][A-Za-z0-9-]{1,8})\)/g
const CLAUSE_END = /[()[\].;:?!]/
const LONGEST_CLAUSE = 150

/** A long form is accepted when this many papers give it, and when they are this part of all papers that explain the acronym. */
const LEAST_PAPERS = 2
const LEAST_SHARE = 0.6

/** An acronym is an ordinary word too where more than this part of its occurrences are in lower case. */
const WORD_SHARE = 0.2

/** The long forms that papers give for one acronym. */
type Meanings = Map<string, { long: string[]; text: string; papers: number }>

/** Learns the acronyms that papers explain in their titles and abstracts. */
export function learnAcronyms(papers: readonly RankablePaper[]): Acronyms {
  const accepted = [...meaningsIn(papers)].flatMap(([stem, meanings]) => {
    const best = mainMeaning(meanings)
    return best === undefined ? [] : [{ stem, ...best }]
  })
  const words = alsoWords(papers, new Set(accepted.map(({ text }) => text.toLowerCase())))
  return {
    longForms: new Map(
      accepted.map(({ stem, long, text }) => [stem, { stems: long, isWord: words.has(text.toLowerCase()) }]),
    ),
    shortForms: new Map(accepted.map(({ stem, long, text }) => [long.join(' '), { stem, text }])),
  }
}

/** Computed for each use, because keeping the folded texts of many papers would take as much memory as the papers. */
function textOf({ title, abstract }: RankablePaper): string {
  return foldText(`${title}. ${abstract ?? ''}`)
}

function meaningsIn(papers: readonly RankablePaper[]): Map<string, Meanings> {
  const all = new Map<string, Meanings>()
  for (const paper of papers)
    for (const { short, long, text } of explainedIn(textOf(paper))) {
      const meanings: Meanings = all.get(short) ?? new Map()
      const key = long.join(' ')
      meanings.set(key, { long, text, papers: (meanings.get(key)?.papers ?? 0) + 1 })
      all.set(short, meanings)
    }
  return all
}

function mainMeaning(meanings: Meanings): { long: string[]; text: string } | undefined {
  const all = [...meanings.values()]
  const explained = all.reduce((sum, { papers }) => sum + papers, 0)
  return all.find(({ papers }) => papers >= Math.max(LEAST_PAPERS, LEAST_SHARE * explained))
}

/** The acronyms (in lower case) that papers also use as ordinary words. */
function alsoWords(papers: readonly RankablePaper[], acronyms: ReadonlySet<string>): Set<string> {
  const counts = new Map<string, { all: number; lower: number }>()
  for (const paper of papers)
    for (const word of textOf(paper).match(/[A-Za-z0-9]+/g) ?? []) {
      const lower = word.toLowerCase()
      if (!acronyms.has(lower)) continue
      const count = counts.get(lower) ?? { all: 0, lower: 0 }
      counts.set(lower, { all: count.all + 1, lower: count.lower + (hasCapitals(word) ? 0 : 1) })
    }
  const words = [...counts].filter(([, { all, lower }]) => lower > WORD_SHARE * all)
  return new Set(words.map(([word]) => word))
}

function hasCapitals(word: string): boolean {
  return (word.match(/[A-Z]/g) ?? []).length >= 2
}

/** Extends a query so that it finds acronyms by their long forms, and long forms by their acronyms. */
export function withAcronyms(query: TopicQuery, acronyms: Acronyms): TopicQuery {
  if (acronyms.longForms.size === 0) return query
  const clauses = query.clauses.map((clause) =>
    clause.kind === 'text' ? withAlternatives(clause, acronyms) : clause,
  )
  const texts = clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence === 'should',
  )
  const conditions = query.conditions?.map((condition) => conditionWithAcronyms(condition, acronyms))
  return {
    ...query,
    clauses: [...clauses, ...spelledOut(texts, acronyms)],
    ...(conditions && { conditions }),
  }
}

function conditionWithAcronyms(condition: QueryCondition, acronyms: Acronyms): QueryCondition {
  switch (condition.kind) {
    case 'has': {
      const { clause } = condition
      return clause.kind === 'text' ? { kind: 'has', clause: withAlternatives(clause, acronyms) } : condition
    }
    case 'not':
      return { kind: 'not', of: conditionWithAcronyms(condition.of, acronyms) }
    default:
      return { ...condition, of: condition.of.map((part) => conditionWithAcronyms(part, acronyms)) }
  }
}

/** Most clauses have no other form; they are returned as they are. */
function withAlternatives(clause: TextClause, { longForms, shortForms }: Acronyms): TextClause {
  const { text, variants } = clause
  const all: string[][] = []
  for (const stems of variants) {
    all.push(stems)
    const long = stems.length === 1 ? longForms.get(stems[0]!) : undefined
    if (long !== undefined && (!long.isWord || hasCapitals(text))) all.push(long.stems)
    const short = stems.length === 1 ? undefined : shortForms.get(stems.join(' '))
    if (short !== undefined) all.push([short.stem])
  }
  return all.length === variants.length ? clause : { ...clause, variants: all }
}

/** Long forms have two to six words. */
const MOST_WORDS = 6

/** The acronyms of long forms that the words of the query spell out one after the other. */
function spelledOut(texts: readonly TextClause[], acronyms: Acronyms): TextClause[] {
  const found: TextClause[] = []
  const firstStems = firstStemsOf(acronyms)
  for (let from = 0; from < texts.length; from++) {
    if (!firstStems.has(texts[from]!.variants[0]![0]!)) continue
    let long = texts[from]!.variants[0]!.join(' ')
    for (let to = from + 2; to <= Math.min(from + MOST_WORDS, texts.length); to++) {
      long += ` ${texts[to - 1]!.variants[0]!.join(' ')}`
      const short = acronyms.shortForms.get(long)
      if (short === undefined) continue
      const words = texts.slice(from, to)
      const weight = words.reduce((sum, word) => sum + word.weight, 0) / words.length
      found.push({ ...words[0]!, text: short.text, variants: [[short.stem]], weight })
    }
  }
  return found
}

/** The stems with which long forms begin. */
const firstStemsOf = keptFor(
  ({ longForms }: Acronyms): ReadonlySet<string> =>
    new Set([...longForms.values()].map(({ stems }) => stems[0]!)),
)

function explainedIn(text: string): { short: string; long: string[]; text: string }[] {
  return [...text.matchAll(BRACKETED)].flatMap(({ index, 1: acronym = '' }) => {
    if (!hasCapitals(acronym)) return []
    const before = text
      .slice(Math.max(index - LONGEST_CLAUSE, 0), index)
      .split(CLAUSE_END)
      .at(-1)!
    const singular = acronym.replace(/(?<=[A-Z])s$/, '')
    const long = longFormIn(before, singular)
    const { stems } = analyse(singular)
    return long === undefined || stems.length !== 1 ? [] : [{ short: stems[0]!, long, text: singular }]
  })
}

/**
 * The shortest end of `before` whose letters spell the acronym, its first letter beginning a word: Schwartz & Hearst, "A Simple
 * Algorithm for Identifying Abbreviation Definitions in Biomedical Text" (2003).
 */
function longFormIn(before: string, acronym: string): string[] | undefined {
  const words = before.trim().split(/\s+/)
  const nearest = words.slice(-Math.min(acronym.length + 5, acronym.length * 2)).join(' ')
  let at = nearest.length
  for (let letter = acronym.length - 1; letter >= 0; letter--) {
    const wanted = acronym[letter]!.toLowerCase()
    if (!/[a-z0-9]/.test(wanted)) continue
    at = lastBefore(nearest, at, wanted, letter === 0)
    if (at < 0) return undefined
  }
  const { stems } = analyse(nearest.slice(at))
  return stems.length >= 2 && stems.length <= MOST_WORDS ? stems : undefined
}

/** The last position before `end` that has the letter, and begins a word if it has to; -1 if none does. */
function lastBefore(text: string, end: number, letter: string, beginsWord: boolean): number {
  for (let at = end - 1; at >= 0; at--)
    if (text[at]!.toLowerCase() === letter && !(beginsWord && at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!)))
      return at
  return -1
}
