import { foldText } from '../../text/folding.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import type { TextClause, TopicQuery } from '../language/query.ts'
import { analyse } from '../language/text.ts'

/** Acronyms and what they stand for, as the papers themselves explain them. */
export interface Acronyms {
  /** Stem of the acronym → stems of the long form, and whether it is an ordinary word too ("ChIP" and "chip"). */
  longForms: ReadonlyMap<string, { stems: string[]; isWord: boolean }>
  /** Stems of the long form, joined by spaces → the acronym. */
  shortForms: ReadonlyMap<string, { stem: string; text: string }>
}

/** "graph neural networks (GNNs)": an acronym in brackets, and what ends the clause before it. */
const BRACKETED = /\(([A-Z][A-Za-z0-9-]{1,8})\)/g
const CLAUSE_END = /[()[\].;:?!]/
const LONGEST_CLAUSE = 150

/** An acronym is believed when so many papers explain it so, and when they are this part of all that explain it. */
const LEAST_PAPERS = 2
const LEAST_SHARE = 0.6

/** An acronym is an ordinary word too where more than this part of its occurrences is in lower case. */
const WORD_SHARE = 0.2

/** What the papers of a corpus model give one acronym for. */
type Meanings = Map<string, { long: string[]; text: string; papers: number }>

/** Reads the acronyms that the papers explain in their titles and abstracts. */
export function learnAcronyms(papers: readonly RankablePaper[]): Acronyms {
  const believed = [...meaningsIn(papers)].flatMap(([stem, meanings]) => {
    const best = mainMeaning(meanings)
    return best === undefined ? [] : [{ stem, ...best }]
  })
  const words = alsoWords(papers, new Set(believed.map(({ text }) => text.toLowerCase())))
  return {
    longForms: new Map(
      believed.map(({ stem, long, text }) => [stem, { stems: long, isWord: words.has(text.toLowerCase()) }]),
    ),
    shortForms: new Map(believed.map(({ stem, long, text }) => [long.join(' '), { stem, text }])),
  }
}

/** Made anew for each use: the texts of many papers would take as much memory again. */
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

/** Those acronyms (in lower case) that the papers also write as words. */
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

/** A query that also finds acronyms by their long forms and long forms by their acronyms. */
export function withAcronyms(query: TopicQuery, acronyms: Acronyms): TopicQuery {
  if (acronyms.longForms.size === 0) return query
  const clauses = query.clauses.map((clause) =>
    clause.kind === 'text' ? withAlternatives(clause, acronyms) : clause,
  )
  const texts = clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence === 'should',
  )
  return { ...query, clauses: [...clauses, ...spelledOut(texts, acronyms)] }
}

/** The clause itself where its words stand for nothing else, as most do. */
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

/** Long forms have from two to so many words. */
const MOST_WORDS = 6

/** The acronyms of long forms that the query's words spell out one after the other. */
function spelledOut(texts: readonly TextClause[], acronyms: Acronyms): TextClause[] {
  const found: TextClause[] = []
  const openings = openingsOf(acronyms)
  for (let from = 0; from < texts.length; from++) {
    if (!openings.has(texts[from]!.variants[0]![0]!)) continue
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

const openings = new WeakMap<Acronyms, ReadonlySet<string>>()

/** The stems with which long forms begin. */
function openingsOf(acronyms: Acronyms): ReadonlySet<string> {
  const known = openings.get(acronyms)
  if (known !== undefined) return known
  const first = new Set([...acronyms.longForms.values()].map(({ stems }) => stems[0]!))
  openings.set(acronyms, first)
  return first
}

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
  let at = nearest.length - 1
  for (let letter = acronym.length - 1; letter >= 0; letter--) {
    const wanted = acronym[letter]!.toLowerCase()
    if (!/[a-z0-9]/.test(wanted)) continue
    while (
      at >= 0 &&
      (nearest[at]!.toLowerCase() !== wanted ||
        (letter === 0 && at > 0 && /[\p{L}\p{N}]/u.test(nearest[at - 1]!)))
    )
      at--
    if (at < 0) return undefined
    at--
  }
  const { stems } = analyse(nearest.slice(at + 1))
  return stems.length >= 2 && stems.length <= MOST_WORDS ? stems : undefined
}
