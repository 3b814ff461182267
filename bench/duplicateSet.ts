import { existsSync, readFileSync } from 'node:fs'
import { MOST_HOLDERS } from '../src/papers/keys/blockingKeys.ts'
import { entryKeys, isBlockingKey, type Key } from '../src/papers/keys/entryKeys.ts'
import { type DedupRecord, readRecords } from './dedupRecords.ts'

/** A set of records of which somebody has said which are one paper. */
export interface DuplicateSet {
  records: DedupRecord[]
  /** For each record a number that it has in common with the records of its paper. */
  paperOf: number[]
  /** How many pairs of records are known to be one paper. */
  samePairs: number
  /** Whether it is known of a pair that it is, or is not, one paper. */
  isKnown(one: number, other: number): boolean
  /** Whether a pair counts for the score: where there are two sources, only pairs of both do. */
  isScored(one: number, other: number): boolean
  isSame(one: number, other: number): boolean
}

/** Reads `records.jsonl`, `truth.csv` and, where only some pairs were looked at, `judged.csv`. */
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
  // Of two records of one source nothing was said: they are known by the records of the other source that they are.
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

/** The pairs that ingest would compare: of records that share a key which few hold. */
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

/** Records are many to a paper here, so that more hold a key than papers would. */
const MOST_HELD = 3 * MOST_HOLDERS

/** How many have each value. */
export function countBy<T>(values: T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Records that pairs tie together, directly or not, get one number. */
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
