import type { Reason } from '../../domain.ts'
import { IN_ABSTRACT, IN_TITLE } from '../index/inverted.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import type { Clause, TextClause, TopicQuery } from '../language/query.ts'
import { findText } from '../score/match.ts'
import type { ScoredClause } from '../score/scoredClauses.ts'
import type { TopicScores } from '../score/topicScore.ts'

/** A clause that adds to one paper's score. */
export interface Hit {
  clause: Clause
  /** The clause in words; with what it stands for where it was found by that: `“GNN” (= graph neural network)`. */
  name: string
  /** Bits of where the paper has it; 0 for a field, and where only papers like it have it. */
  places: number
  value: number
}

/** Words a reason names at most. */
const NAMED_WORDS = 4

/** Of a pasted abstract so many words, the heaviest, are looked at for a reason: finding phrases among them takes a square. */
const LOOKED_AT = 24

/** What of a topic's query one paper of the index matches, in the order of the score's sum. */
export function hitsOf(index: PaperIndex, topic: TopicScores, doc: number): Hit[] {
  const hits: Hit[] = []
  for (const scored of topic.scored) {
    const hit = hitOf(index, topic, scored, doc)
    if (hit !== undefined) hits.push(hit)
  }
  return hits
}

function hitOf(index: PaperIndex, topic: TopicScores, scored: ScoredClause, doc: number): Hit | undefined {
  const { clause, match, factor } = scored
  const at = positionOf(match.docs, doc, match.from, match.to)
  if (at < 0) return undefined
  const places = clause.kind === 'text' ? match.places[at]! : 0
  const name = places === 0 ? scored.name : nameOf(index, topic, scored, doc)
  return { clause, name, places, value: factor * match.weights[at]! }
}

/** Whether a paper of the index itself has the stem. */
export function holds(index: PaperIndex, stems: readonly string[], doc: number): boolean {
  const [word = ''] = stems
  if (stems.length === 1 && !index.compounds.has(word)) return hasWord(index, word, doc)
  const { docs, places, from, to } = findText(index, [stems])
  const at = positionOf(docs, doc, from, to)
  return at >= 0 && places[at] !== 0
}

function hasWord(index: PaperIndex, word: string, doc: number): boolean {
  const term = index.terms.get(word)
  return term !== undefined && hasTerm(index, term, doc)
}

/** Whether a paper of the index itself has the term of this number. */
function hasTerm({ inverted: { starts, all } }: PaperIndex, term: number, doc: number): boolean {
  return positionOf(all.docs, doc, starts[term]!, starts[term + 1]!) >= 0
}

/** Where a number stands in a list that rises from place `start` to `end`; -1 where it does not. */
function positionOf(docs: Int32Array, doc: number, start = 0, end: number = docs.length): number {
  let from = start
  let to = end - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    const found = docs[middle]!
    if (found === doc) return middle
    if (found < doc) from = middle + 1
    else to = middle - 1
  }
  return -1
}

/** A clause's name for a paper that itself has it, but may have it in its other form. */
function nameOf(
  index: PaperIndex,
  { query }: TopicScores,
  { name, clause, otherForm }: ScoredClause,
  doc: number,
): string {
  if (otherForm === undefined || clause.kind !== 'text') return name
  const [own = [], ...others] = clause.variants
  if (others.length === 0 && own.length > 1) return name
  if (others.length === 0 ? isTyped(query, clause) : holds(index, own, doc)) return name
  return `${name} (= ${otherForm})`
}

/** Whether a clause stands as such in the query; one in the place of another is the acronym of words that do. */
export function isTyped({ clauses }: TopicQuery, { position, text }: Clause): boolean {
  return clauses.find((clause) => clause.position === position)?.text === text
}

type WordsReason = Extract<Reason, { kind: 'words' }>

/** A reason for each place of the paper that has words of the topic. */
export function wordReasons(index: PaperIndex, hits: readonly Hit[], doc: number): Reason[] {
  const title: Hit[] = []
  const abstract: Hit[] = []
  const keywords: Hit[] = []
  const borrowed: Hit[] = []
  for (const hit of hits) {
    if (hit.places & IN_TITLE) title.push(hit)
    else if (hit.places & IN_ABSTRACT) abstract.push(hit)
    else if (hit.places !== 0) keywords.push(hit)
    else if (hit.clause.kind === 'text') borrowed.push(hit)
  }
  const reasons: Reason[] = []
  if (title.length > 0) reasons.push(wordsReason('title', withRuns(index, heaviest(title), doc)))
  if (abstract.length > 0) reasons.push(wordsReason('abstract', withRuns(index, heaviest(abstract), doc)))
  if (keywords.length > 0) reasons.push(wordsReason('keywords', withRuns(index, heaviest(keywords), doc)))
  if (borrowed.length > 0) reasons.push(wordsReason('neighbours', heaviest(borrowed)))
  return reasons
}

function wordsReason(place: WordsReason['place'], hits: readonly Hit[]): WordsReason {
  const words = namesOf(hits).slice(0, NAMED_WORDS)
  const placed = wordsInPlace({ place, words })
  return { kind: 'words', text: place === 'title' ? `matches ${placed}` : placed, place, words }
}

/** `“graph” and “neural” in the title` */
export function wordsInPlace({ place, words }: Pick<WordsReason, 'place' | 'words'>): string {
  const list = listInWords(words)
  return place === 'neighbours' ? `close to papers about ${list}` : `${list} in the ${place}`
}

/** `a, b and c`; a loop, because it is faster than join and runs for each reason. */
function listInWords(words: readonly string[]): string {
  let list = words[0]!
  for (let at = 1; at < words.length; at++) list += (at === words.length - 1 ? ' and ' : ', ') + words[at]!
  return list
}

/** The heaviest hits, in their order; of many, each name once. */
function heaviest(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length <= LOOKED_AT) return hits
  const named = new Map<string, Hit>()
  for (const hit of hits) {
    const known = named.get(hit.name)
    named.set(hit.name, known === undefined ? hit : { ...known, value: known.value + hit.value })
  }
  const kept = new Set([...named.values()].sort((a, b) => b.value - a.value).slice(0, LOOKED_AT))
  return [...named.values()].filter((hit) => kept.has(hit))
}

/** The hits, and "graph neural network" where the paper has that and the hits are "graph neural" and "neural network". */
function withRuns(index: PaperIndex, hits: readonly Hit[], doc: number): readonly Hit[] {
  if (hits.length < 2 || hits.filter(({ clause }) => isPhrase(clause)).length < 2) return hits
  const all: Hit[] = []
  for (const hit of hits) {
    const [run] = all
      .flatMap((before) => runOf(before, hit) ?? [])
      .filter(({ stems }) => holds(index, stems, doc))
      .sort((a, b) => b.stems.length - a.stems.length)
    all.push(hit)
    if (run === undefined) continue
    const clause: TextClause = { ...run.clause, variants: [run.stems] }
    all.push({ ...hit, clause, name: `“${clause.text}”`, value: 0 })
  }
  return all
}

function isPhrase(clause: Clause): boolean {
  return clause.kind === 'text' && clause.variants[0]!.length > 1
}

/** Two phrases of which the second begins with the word that ends the first, as one. */
function runOf(
  { clause: first }: Hit,
  { clause: second }: Hit,
): { clause: TextClause; stems: string[] } | undefined {
  if (first.kind !== 'text' || second.kind !== 'text') return undefined
  const [before, after] = [first.variants[0]!, second.variants[0]!]
  if (before.length < 2 || after.length < 2 || before.at(-1) !== after[0]) return undefined
  const text = `${first.text} ${second.text.replace(/^\S+\s*/, '')}`
  return { clause: { ...second, text }, stems: [...before, ...after.slice(1)] }
}

/** The names, best first; words that also stand in a phrase named here count for that. */
function namesOf(hits: readonly Hit[]): string[] {
  const phrases = hits.some(hasSpace) ? hits.filter(hasSpace) : []
  const names: string[] = []
  const values: number[] = []
  for (const { clause, name: own, value } of hits) {
    const name = phrases.length === 0 ? own : (longestWith(phrases, clause.text)?.name ?? own)
    const known = names.indexOf(name)
    if (known >= 0) values[known]! += value
    else values[names.push(name) - 1] = value
  }
  sortByValue(names, values)
  return names
}

function hasSpace({ clause }: Hit): boolean {
  return clause.text.includes(' ')
}

/** Puts the few names in the order of their values, falling; equal ones stay in their order. */
function sortByValue(names: string[], values: number[]): void {
  for (let next = 1; next < names.length; next++) {
    const name = names[next]!
    const value = values[next]!
    let at = next
    for (; at > 0 && values[at - 1]! < value; at--) {
      names[at] = names[at - 1]!
      values[at] = values[at - 1]!
    }
    names[at] = name
    values[at] = value
  }
}

function longestWith(phrases: readonly Hit[], word: string): Hit | undefined {
  let longest: Hit | undefined
  for (const phrase of phrases)
    if (isWordOf(word, phrase.clause.text) && phrase.clause.text.length > (longest?.clause.text.length ?? 0))
      longest = phrase
  return longest
}

function isWordOf(word: string, phrase: string): boolean {
  return word.length < phrase.length && ` ${phrase} `.toLowerCase().includes(` ${word} `.toLowerCase())
}
