import type { Reason } from '../../domain.ts'
import { insertTopK } from '../../topK.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { IN_ABSTRACT, IN_TITLE } from '../index/inverted.ts'
import type { Clause, TextClause } from '../language/clauses.ts'
import type { TopicQuery } from '../language/query.ts'
import { holds, positionOf } from '../score/match.ts'
import type { ScoredClause } from '../score/scoredClauses.ts'
import type { TopicScores } from '../score/topicScore.ts'
import { writtenIn } from './writtenForms.ts'

/** A clause of the query that adds to one paper's score. */
export interface MatchedWord {
  clause: Clause
  /** The clause for people; with its other form if the paper has that one: `“GNN” (= graph neural network)`. */
  name: string
  /** Bits of the fields in which the paper has it. 0 for a field clause, and where only similar papers have it. */
  fieldBits: number
  value: number
}

/** A reason names at most this many words. */
const NAMED_WORDS = 4

/** A reason looks at this many of the heaviest words; a pasted abstract has more, and finding phrases takes the square. */
const LOOKED_AT = 24

/** What of a topic's query one paper matches, in the order in which the score sums it. */
export function matchedWords(topic: TopicScores, doc: number): MatchedWord[] {
  const matched: MatchedWord[] = []
  for (const scored of topic.scored) {
    const one = matchedWord(topic, scored, doc)
    if (one !== undefined) matched.push(one)
  }
  return matched
}

function matchedWord(topic: TopicScores, scored: ScoredClause, doc: number): MatchedWord | undefined {
  const { clause, match, factor } = scored
  const at = positionOf(match.docs, doc, match.from, match.to)
  if (at < 0) return undefined
  const fieldBits = clause.kind === 'text' ? match.fieldBits[at]! : 0
  const name = fieldBits === 0 ? scored.name : nameOf(topic, scored, doc)
  return { clause, name, fieldBits, value: factor * match.weights[at]! }
}

/** The name of a clause that the paper has itself, maybe in its other form. */
function nameOf(
  { index, query }: TopicScores,
  { name, clause, otherForm }: ScoredClause,
  doc: number,
): string {
  if (otherForm === undefined || clause.kind !== 'text') return name
  const [own = [], ...others] = clause.variants
  if (others.length === 0 && own.length > 1) return name
  if (others.length === 0 ? isTyped(query, clause) : holds(index, own, doc)) return name
  return `${name} (= ${otherForm})`
}

/** Whether the clause was typed. A clause at the position of another one is the acronym of typed words. */
export function isTyped({ clauses }: TopicQuery, { position, text }: Clause): boolean {
  return clauses.find((clause) => clause.position === position)?.text === text
}

type WordsReason = Extract<Reason, { kind: 'words' }>

/** A reason, and what it adds to the score. */
export interface WeighedReason {
  reason: Reason
  value: number
}

/** One reason for each part of the paper that has words of the topic. */
export function wordReasons(
  index: RankingIndex,
  matched: readonly MatchedWord[],
  doc: number,
): WeighedReason[] {
  const title: MatchedWord[] = []
  const abstract: MatchedWord[] = []
  const keywords: MatchedWord[] = []
  const similar: MatchedWord[] = []
  for (const word of matched) {
    if (word.fieldBits & IN_TITLE) title.push(word)
    else if (word.fieldBits & IN_ABSTRACT) abstract.push(word)
    else if (word.fieldBits !== 0) keywords.push(word)
    else if (word.clause.kind === 'text') similar.push(word)
  }
  const reasons: WeighedReason[] = []
  const add = (place: WordsReason['place'], words: readonly MatchedWord[]): void => {
    if (words.length === 0) return
    const named = place === 'neighbours' ? words : asWritten(index, withRuns(index, words, doc), doc)
    let value = 0
    for (const word of words) value += word.value
    reasons.push({ reason: wordsReason(place, named), value })
  }
  add('title', heaviest(title))
  add('abstract', heaviest(abstract))
  add('keywords', heaviest(keywords))
  add('neighbours', heaviest(similar))
  return reasons
}

/** The words as the paper writes them: a query for “network” is answered by “networks”. Capitals stay as typed. */
function asWritten(index: RankingIndex, words: readonly MatchedWord[], doc: number): readonly MatchedWord[] {
  return words.map((word) => {
    const { clause, name } = word
    if (clause.kind !== 'text' || name !== `“${clause.text}”`) return word
    const written = writtenIn(index, doc, clause.variants[0]!)
    if (written === undefined || written.toLowerCase() === clause.text.toLowerCase()) return word
    const text = /\p{Lu}/u.test(written.slice(1)) ? written : written.toLowerCase()
    return { ...word, clause: { ...clause, text }, name: `“${text}”` }
  })
}

function wordsReason(place: WordsReason['place'], matched: readonly MatchedWord[]): WordsReason {
  const words = namesOf(matched)
  const placed = wordsInPlace({ place, words })
  return { kind: 'words', text: place === 'title' ? `matches ${placed}` : placed, place, words }
}

/** `“graph” and “neural” in the title` */
export function wordsInPlace({ place, words }: Pick<WordsReason, 'place' | 'words'>): string {
  const list = listInWords(words)
  return place === 'neighbours' ? `close to papers about ${list}` : `${list} in the ${place}`
}

/** `a, b and c`. A loop, because it is faster than join and runs for each reason. */
function listInWords(words: readonly string[]): string {
  let list = words[0]!
  for (let at = 1; at < words.length; at++) list += (at === words.length - 1 ? ' and ' : ', ') + words[at]!
  return list
}

/** The heaviest words in their order. Of many words each name comes once. */
function heaviest(words: readonly MatchedWord[]): readonly MatchedWord[] {
  if (words.length <= LOOKED_AT) return words
  const named = new Map<string, MatchedWord>()
  for (const word of words) {
    const known = named.get(word.name)
    named.set(word.name, known === undefined ? word : { ...known, value: known.value + word.value })
  }
  const kept = new Set([...named.values()].sort((a, b) => b.value - a.value).slice(0, LOOKED_AT))
  return [...named.values()].filter((word) => kept.has(word))
}

/** Adds the phrase "graph neural network" if the paper has it and "graph neural" and "neural network" matched. */
function withRuns(index: RankingIndex, words: readonly MatchedWord[], doc: number): readonly MatchedWord[] {
  if (words.length < 2 || words.filter(({ clause }) => isPhrase(clause)).length < 2) return words
  const all: MatchedWord[] = []
  for (const word of words) {
    const [run] = all
      .flatMap((before) => runOf(before, word) ?? [])
      .filter(({ stems }) => holds(index, stems, doc))
      .sort((a, b) => b.stems.length - a.stems.length)
    all.push(word)
    if (run === undefined) continue
    const clause: TextClause = { ...run.clause, variants: [run.stems] }
    all.push({ ...word, clause, name: `“${clause.text}”`, value: 0 })
  }
  return all
}

function isPhrase(clause: Clause): boolean {
  return clause.kind === 'text' && clause.variants[0]!.length > 1
}

/** Joins two phrases, where the second begins with the word that ends the first. */
function runOf(
  { clause: first }: MatchedWord,
  { clause: second }: MatchedWord,
): { clause: TextClause; stems: string[] } | undefined {
  if (first.kind !== 'text' || second.kind !== 'text') return undefined
  const [before, after] = [first.variants[0]!, second.variants[0]!]
  if (before.length < 2 || after.length < 2 || before.at(-1) !== after[0]) return undefined
  const text = `${first.text} ${second.text.replace(/^\S+\s*/, '')}`
  return { clause: { ...second, text }, stems: [...before, ...after.slice(1)] }
}

/** The names, heaviest first. A word that is part of a phrase named here counts for the phrase. */
function namesOf(words: readonly MatchedWord[]): string[] {
  const phrases = words.some(hasSpace) ? words.filter(hasSpace) : []
  const values = new Map<string, number>()
  for (const { clause, name: own, value } of words) {
    const name = phrases.length === 0 ? own : (longestWith(phrases, clause.text)?.name ?? own)
    values.set(name, (values.get(name) ?? 0) + value)
  }
  const named: { name: string; value: number }[] = []
  for (const [name, value] of values)
    insertTopK(named, { name, value }, NAMED_WORDS, (a, b) => b.value - a.value)
  return named.map(({ name }) => name)
}

function hasSpace({ clause }: MatchedWord): boolean {
  return clause.text.includes(' ')
}

function longestWith(phrases: readonly MatchedWord[], word: string): MatchedWord | undefined {
  let longest: MatchedWord | undefined
  for (const phrase of phrases)
    if (isWordOf(word, phrase.clause.text) && phrase.clause.text.length > (longest?.clause.text.length ?? 0))
      longest = phrase
  return longest
}

function isWordOf(word: string, phrase: string): boolean {
  return word.length < phrase.length && ` ${phrase} `.toLowerCase().includes(` ${word} `.toLowerCase())
}
