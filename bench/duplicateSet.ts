import { existsSync, readFileSync } from 'node:fs'
import { MOST_HOLDERS } from '../src/papers/keys/blockingKeys.ts'
import { entryKeys, isBlockingKey, type Key } from '../src/papers/keys/entryKeys.ts'
import { type DedupRecord, readRecords } from './dedupRecords.ts'

/** A set of records with known answers: which of them are one paper. */
export interface DuplicateSet {
  records: DedupRecord[]
  /** For each record, a number that all records of its paper share. */
  paperOf: number[]
  /** How many pairs of records are known to be one paper. */
  samePairs: number
  /** Whether the answer for a pair is known. */
  isKnown(one: number, other: number): boolean
  /** Whether a pair counts for the score. If there are two sources, only pairs across them do. */
  isScored(one: number, other: number): boolean
  isSame(one: number, other: number): boolean
}

/** Reads `records.jsonl`, `truth.csv` and, if only some pairs were judged, `judged.csv`. */
export function readDuplicateSet(folder: string): DuplicateSet {
  const records = readRecords(`${folder}/records.jsonl`)
  const indexOf = new Map(records.map(({ id }, index) => [id, index]))
  const readPairs = (name: string) =>
    pairsIn(`${folder}/${name}`).map((ids) => ids.map((id) => indexOf.get(id)!))
  const truth = readPairs('truth.csv') as [number, number][]
  const same = new Set(truth.map(([one, other]) => pairName(one, other)))
  const judged = existsSync(`${folder}/judged.csv`)
    ? new Set(readPairs('judged.csv').map(([one, other]) => pairName(one!, other!)))
    : undefined
  const paperOf = papersOf(records.length, truth)
  const source = (index: number) => records[index]!.id.split(':')[0]!
  const hasTwoSources = new Set(records.map((_, index) => source(index))).size > 1
  const isCross = (one: number, other: number) => source(one) !== source(other)
  const sizes = countBy(paperOf)
  // Nothing was judged about two records of one source. The answer is known if both are linked to records of the
  // other source.
  const isLinked = (index: number) => source(index) === 'dblp' || sizes.get(paperOf[index]!)! > 1
  return {
    records,
    paperOf,
    samePairs: truth.length,
    isKnown: (one, other) =>
      judged === undefined ||
      (isCross(one, other) ? judged.has(pairName(one, other)) : isLinked(one) && isLinked(other)),
    isScored: (one, other) => !hasTwoSources || isCross(one, other),
    isSame: (one, other) =>
      same.has(pairName(one, other)) ||
      ((judged === undefined || !isCross(one, other)) && paperOf[one] === paperOf[other]),
  }
}

/** The pairs that ingest would compare: records with a common key that few records have. */
export function comparedPairs(records: DedupRecord[]): [number, number][] {
  const keys = records.map(({ entry }) => entryKeys(entry))
  const holders = new Map<Key, number[]>()
  for (const [index, { held }] of keys.entries()) {
    for (const key of held) holders.set(key, [...(holders.get(key) ?? []), index])
  }
  const pairs = new Map<string, [number, number]>()
  for (const [index, { asked }] of keys.entries()) {
    const found = asked.map((key) => ({ key, held: holders.get(key) ?? [] }))
    for (const { held } of found.filter(({ key, held }) => !isBlockingKey(key) || held.length <= MOST_HELD)) {
      for (const other of held) if (other !== index) pairs.set(pairName(index, other), [index, other])
    }
  }
  return [...pairs.values()]
}

/** Here a paper has many records, so more records than papers may have a key. */
const MOST_HELD = 3 * MOST_HOLDERS

/** Counts each value. */
export function countBy<T>(values: T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Gives one number to all records that pairs connect, directly or not. */
function papersOf(count: number, pairs: [number, number][]): number[] {
  const root = Array.from({ length: count }, (_, index) => index)
  const rootOf = (index: number): number => {
    let at = index
    while (root[at] !== at) at = root[at]!
    return at
  }
  for (const [one, other] of pairs) root[rootOf(one)] = rootOf(other)
  return root.map((_, index) => rootOf(index))
}

function pairName(one: number, other: number): string {
  return one < other ? `${one},${other}` : `${other},${one}`
}

function pairsIn(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
}
