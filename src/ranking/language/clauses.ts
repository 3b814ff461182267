import { keep, newCache } from '../../caching.ts'
import type { FieldKind, Occurrence, QueryItem } from './queryScanner.ts'
import { isStopWord } from './stopWords.ts'
import { analyse, isUnspaced, wordsOf } from './text.ts'

/** A word or phrase looked for in title, abstract and keywords. */
export interface TextClause {
  kind: 'text'
  /** As typed, without quotes, sign and weight. */
  text: string
  /** The ways to find it, each a sequence of stems that stand side by side. */
  variants: string[][]
  /** The one field in which it is looked for; undefined: in all. */
  within?: 'title' | 'abstract'
  occurrence: Occurrence
  weight: number
  /** Where it starts in the query, in code units from 0. */
  position: number
  /** Words side by side belong together. A comma or OR begins the next group, an alternative. Absent: the first. */
  group?: number
}

/** A person, arXiv category, organization or venue; the years in which a paper came out, or the day from which on. */
export interface FieldClause {
  kind: FieldKind
  text: string
  occurrence: Occurrence
  weight: number
  /** With a weight (`author:"Yann LeCun"^2`) the clause is a wish that adds to the score; without one, papers must pass it. */
  prefers: boolean
  position: number
}

export type Clause = TextClause | FieldClause

/** The clauses of an item. `min:` has none. */
export function clausesOf(item: QueryItem): Clause[] {
  if (isTextField(item.field)) return textClauses(item)
  return item.field === 'min' ? [] : [fieldClause(item.field, item)]
}

/** Whether a field, or none, names a part of the text. */
export function isTextField(field: QueryItem['field']): field is 'title' | 'abstract' | 'all' | undefined {
  return field === undefined || field === 'title' || field === 'abstract' || field === 'all'
}

/** One clause for a word or phrase, several for a long run of Chinese, none for a stop word or punctuation. */
export function textClauses({
  text,
  quoted,
  occurrence,
  weight = 1,
  position,
  field,
}: QueryItem): TextClause[] {
  const readings = quoted ? readingsOf(text, true) : wordReadings(text)
  const place = field === 'title' || field === 'abstract' ? { within: field } : {}
  return readings.map((variants) => ({
    kind: 'text',
    text,
    variants,
    ...place,
    occurrence,
    weight,
    position,
  }))
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
