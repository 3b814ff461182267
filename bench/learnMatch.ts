import { entryKeys } from '../src/papers/keys/entryKeys.ts'
import { tellsApart } from '../src/papers/keys/identityKeys.ts'
import { FEATURE_NAMES, type FeatureName, featuresOf } from '../src/papers/likeness/features.ts'
import { titlesApart } from '../src/papers/likeness/titleGuards.ts'
import { findDuplicateFreeSources } from '../src/papers/planning/duplicateFree.ts'
import { type Profile, profileOf } from '../src/papers/profile/profile.ts'
import { comparedPairs, countBy, type DuplicateSet, readDuplicateSet } from './duplicateSet.ts'
import { fitLogistic, logOdds, type Sample } from './logistic.ts'
import { createRandom, type Random } from './random.ts'

/**
 * Learns the weights of src/papers/likeness/weights.ts from sets of records whose duplicates are known, and prints
 * the table to stdout. To stderr it prints how well weights from four fifths of the papers judge the pairs of the
 * other fifth. It learns from the pairs that the guards of src/papers/likeness/match.ts leave open.
 */

const FOLDER = process.argv[2] ?? '../shared/eval/dev'
/** The weight of each set. The second is like entries from many sources; the third has few papers. */
const SETS: Record<string, number> = { 'dedup-dblp-acm': 1, 'dedup-dblp-scholar': 2, 'dedup-cora': 0.5 }
const FOLDS = 5
const SET_WEIGHT = 3000
/** From this many papers on, a title counts as a column's and has its own rule (src/papers/planning/plan.ts). */
const COLUMN_FROM = 3
/**
 * Added to the learned weights, judged by the results on whole sets (docs/decisions/matching.md). Few papers here are
 * a talk and its article, or three years apart. The largest of them would decide alone, and merging two papers is
 * worse.
 */
const BY_HAND: Partial<Record<FeatureName | 'prior', number>> = {
  prior: 0.2,
  sameKindMoreYearsApart: -0.8,
  otherKindYearsApart: -0.25,
  draftMoreYearsApart: -0.5,
}
const THRESHOLDS = [-1, -0.5, 0, 0.5, 1, 2]

interface Pair {
  set: string
  same: boolean
  scored: boolean
  /** All pairs of one paper are in one fold, so that none is judged by weights learned from it. */
  fold: number
  /** The pair as it is, and as it would be if sources left more out. */
  samples: Sample[]
}

const NO_NAMES = { names: [], nameWords: new Set<string>() }
const NO_VENUE = { venue: new Set<string>(), kind: undefined }
const NO_YEAR = { year: undefined }
const TITLE_ALONE = { ...NO_NAMES, ...NO_VENUE, ...NO_YEAR }
/** Fields that sources leave out, and how much a pair counts without them. */
const MASKS: { weight: number; one: Partial<Profile>; other: Partial<Profile> }[] = [
  { weight: 1, one: {}, other: {} },
  { weight: 0.1, one: NO_NAMES, other: {} },
  { weight: 0.1, one: {}, other: NO_NAMES },
  { weight: 0.1, one: TITLE_ALONE, other: {} },
  { weight: 0.1, one: {}, other: TITLE_ALONE },
  { weight: 0.1, one: TITLE_ALONE, other: TITLE_ALONE },
  { weight: 0.1, one: { ...NO_VENUE, ...NO_YEAR }, other: { ...NO_VENUE, ...NO_YEAR } },
  { weight: 0.1, one: NO_VENUE, other: NO_VENUE },
  { weight: 0.1, one: NO_YEAR, other: {} },
]

const random = createRandom(7)
const pairs = Object.entries(SETS).flatMap(([name, weight]) => readPairs(name, weight, random))
crossValidate(pairs)
printTable(fitLogistic(pairs.flatMap(({ samples }) => samples)))

function readPairs(name: string, weight: number, random: Random): Pair[] {
  const set = readDuplicateSet(`${FOLDER}/${name}`)
  const folds = new Map([...new Set(set.paperOf)].map((paper) => [paper, random.between(0, FOLDS - 1)]))
  const known = learnable(set)
  const papers = ([one, other]: [number, number]) => [set.paperOf[one], set.paperOf[other]].sort().join()
  const perPapers = countBy(known.map(papers))
  const found = known.map((pair) => {
    const [one, other] = pair
    // The pairs of a paper with many records count by their square root.
    const samples = samplesOf(set, pair, perPapers.get(papers(pair))! ** -0.5)
    const fold = folds.get(set.paperOf[one]!)!
    return { set: name, same: set.isSame(one, other), scored: set.isScored(one, other), fold, samples }
  })
  scale(found, SET_WEIGHT * weight)
  const same = found.filter((pair) => pair.same && pair.scored).length
  console.error(`${name}: ${found.length} pairs, ${same} of ${set.samePairs} that are one paper`)
  return found
}

/** The pairs that ingest compares, whose answer is known, and that no guard decides. */
function learnable(set: DuplicateSet): [number, number][] {
  const profiles = set.records.map(({ entry }) => profileOf(entry))
  const bearers = new Map<string, Set<number>>()
  for (const [index, { letters }] of profiles.entries()) {
    bearers.set(letters, (bearers.get(letters) ?? new Set()).add(set.paperOf[index]!))
  }
  const twins = twinTitles(set)
  const isColumn = ({ letters }: Profile) => bearers.get(letters)!.size >= COLUMN_FROM || twins.has(letters)
  return comparedPairs(set.records).filter(([one, other]) => {
    const both = [profiles[one]!, profiles[other]!] as const
    if (!set.isKnown(one, other) || both.some(isColumn)) return false
    return both.every(({ letters }) => tellsApart(letters)) && titlesApart(...both) === undefined
  })
}

/** Titles that a duplicate-free list has twice have that rule too; as letters only. */
function twinTitles({ records }: DuplicateSet): Set<string> {
  const keyed = records.map(({ entry }) => ({ entry, keys: entryKeys(entry) }))
  const { twins } = findDuplicateFreeSources(keyed, (index) => records[index]!.source)
  const bearers = keyed.filter(({ keys }) => keys.held.some((key) => twins.has(key)))
  return new Set(bearers.map(({ entry }) => profileOf(entry).letters))
}

function samplesOf(set: DuplicateSet, [one, other]: [number, number], share: number): Sample[] {
  const [ours, theirs] = [profileOf(set.records[one]!.entry), profileOf(set.records[other]!.entry)]
  return MASKS.map((mask) => {
    const features = featuresOf({ ...ours, ...mask.one }, { ...theirs, ...mask.other })
    const x = [1, ...FEATURE_NAMES.map((name) => features[name])]
    return { x, y: set.isSame(one, other), weight: mask.weight * share }
  })
}

/** Scales the weights of a set's samples to a given sum. */
function scale(found: Pair[], sum: number): void {
  const samples = found.flatMap(({ samples }) => samples)
  const total = samples.reduce((weights, { weight }) => weights + weight, 0)
  for (const sample of samples) sample.weight *= sum / total
}

function crossValidate(all: Pair[]): void {
  const scores = new Map<Pair, number>()
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const weights = fitLogistic(all.filter((pair) => pair.fold !== fold).flatMap(({ samples }) => samples))
    for (const pair of all) if (pair.fold === fold) scores.set(pair, logOdds(weights, pair.samples[0]!.x))
  }
  for (const name of Object.keys(SETS)) {
    const scored = all.filter(({ set, scored }) => set === name && scored)
    const rows = THRESHOLDS.map(
      (from) => `from ${from}: ${scoreOf(scored, (pair) => scores.get(pair)! > from)}`,
    )
    console.error(`${name}, cross-validated pairs\n  ${rows.join('\n  ')}`)
  }
}

function scoreOf(scored: Pair[], isTaken: (pair: Pair) => boolean): string {
  const taken = scored.filter(isTaken)
  const right = taken.filter(({ same }) => same).length
  const same = scored.filter(({ same }) => same).length
  const f1 = (2 * right) / (same + taken.length)
  return `F1 ${f1.toFixed(4)}, precision ${(right / taken.length).toFixed(3)}, recall ${(right / same).toFixed(3)}`
}

function printTable([prior, ...weights]: number[]): void {
  const written = (name: FeatureName | 'prior', weight: number) => (weight + (BY_HAND[name] ?? 0)).toFixed(2)
  const rows = FEATURE_NAMES.map((name, at) => `  ${name}: ${written(name, weights[at]!)},\n`)
  console.log(`export const PRIOR = ${written('prior', prior!)}\n`)
  console.log(`export const WEIGHTS: Record<FeatureName, number> = {\n${rows.join('')}}`)
}
