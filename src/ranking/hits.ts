import type { Acronyms } from './acronyms.ts'
import { findText } from './match.ts'
import { IN_ABSTRACT, IN_TITLE, type PaperIndex } from './paperIndex.ts'
import type { Clause, TextClause, TopicQuery } from './query.ts'
import type { ScoredClause } from './scoredClauses.ts'
import type { TopicScores } from './topicScore.ts'
import { writtenWord } from './writtenWords.ts'

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

function hitOf(
  index: PaperIndex,
  topic: TopicScores,
  { clause, match, places, factor, name }: ScoredClause,
  doc: number,
): Hit | undefined {
  const at = positionOf(match.docs, doc)
  if (at < 0) return undefined
  const place = places?.[at] ?? 0
  const found = place === 0 || clause.kind !== 'text' ? name : nameOf(index, topic, clause, name, doc)
  return { clause, name: found, places: place, value: factor * match.parts[at]! }
}

/** Whether a paper of the index itself has the stem. */
export function holds(index: PaperIndex, stems: readonly string[], doc: number): boolean {
  const [word = ''] = stems
  if (stems.length === 1 && !index.compounds.has(word)) return hasWord(index, word, doc)
  const { docs, places } = findText(index, [stems])
  const at = positionOf(docs, doc)
  return at >= 0 && places[at] !== 0
}

function hasWord(index: PaperIndex, word: string, doc: number): boolean {
  const term = index.terms.get(word)
  return term !== undefined && hasTerm(index, term, doc)
}

/** Whether a paper of the index itself has the term of this number. */
export function hasTerm({ inverted: { starts, all } }: PaperIndex, term: number, doc: number): boolean {
  return positionOf(all.docs, doc, starts[term]!, starts[term + 1]!) >= 0
}

/** Where a number stands in a list that rises from place `start` to `end`; -1 where it does not. */
export function positionOf(docs: Int32Array, doc: number, start = 0, end: number = docs.length): number {
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

/** A clause's name for a paper that itself has it. */
function nameOf(
  index: PaperIndex,
  { query }: TopicScores,
  clause: TextClause,
  typed: string,
  doc: number,
): string {
  const [own = [], ...others] = clause.variants
  const acronyms = index.collection?.acronyms
  if (acronyms === undefined || (others.length === 0 && own.length > 1)) return typed
  if (others.length === 0 ? isTyped(query, clause) : holds(index, own, doc)) return typed
  const other = otherForm(index, acronyms, own)
  return other === undefined ? typed : `${typed} (= ${other})`
}

/** Whether a clause stands as such in the query; one in the place of another is the acronym of words that do. */
export function isTyped({ clauses }: TopicQuery, { position, text }: Clause): boolean {
  return clauses.find((clause) => clause.position === position)?.text === text
}

/** What the collection writes for an acronym, or the acronym for that. */
function otherForm(
  index: PaperIndex,
  { longForms, shortForms }: Acronyms,
  stems: readonly string[],
): string | undefined {
  const long = stems.length === 1 ? longForms.get(stems[0]!) : undefined
  if (long !== undefined) return long.stems.map((stem) => writtenWord(index, stem)).join(' ')
  return shortForms.get(stems.join(' '))?.text
}

/** Where a paper has the words of its hits, in words; best first in each place. */
export function placesInWords(index: PaperIndex, hits: readonly Hit[], doc: number): string[] {
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
  const reasons: string[] = []
  if (title.length > 0)
    reasons.push(reason('matches ', withRuns(index, heaviest(title), doc), ' in the title'))
  if (abstract.length > 0)
    reasons.push(reason('', withRuns(index, heaviest(abstract), doc), ' in the abstract'))
  if (keywords.length > 0)
    reasons.push(reason('', withRuns(index, heaviest(keywords), doc), ' in the keywords'))
  if (borrowed.length > 0) reasons.push(reason('close to papers about ', heaviest(borrowed), ''))
  return reasons
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

function reason(before: string, hits: readonly Hit[], after: string): string {
  const names = namesOf(hits)
  if (names.length > NAMED_WORDS) names.length = NAMED_WORDS
  const last = names.pop()!
  return `${before}${names.length > 0 ? `${names.join(', ')} and ${last}` : last}${after}`
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
  const phrases = hits.filter(({ clause }) => clause.text.includes(' '))
  const names: { name: string; value: number }[] = []
  for (const { clause, name: own, value } of hits) {
    const name = phrases.length === 0 ? own : (longestWith(phrases, clause.text)?.name ?? own)
    const known = names.find((other) => other.name === name)
    if (known === undefined) names.push({ name, value })
    else known.value += value
  }
  if (names.length > 1) names.sort((a, b) => b.value - a.value)
  return names.map(({ name }) => name)
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
