import { existsSync, readFileSync } from 'node:fs'
import { entryKeys, isNearKey } from '../src/papers/entryKeys.ts'
import { EVIDENCE_NAMES, gatherEvidence } from '../src/papers/evidence.ts'
import { tellsApart } from '../src/papers/keys.ts'
import { MOST_HOLDERS } from '../src/papers/nearKeys.ts'
import { type Profile, profileOf } from '../src/papers/profile.ts'
import { titlesApart } from '../src/papers/titleGuards.ts'
import { type DedupRecord, readRecords } from './dedupRecords.ts'
import { fitLogistic, type Sample } from './logistic.ts'

const DEV = '../shared/eval/dev'
const SETS: Record<string, number> = JSON.parse(
  process.argv[2] ?? '{"dblp-acm":1,"dblp-scholar":2,"cora":0.5}',
)
const FOLDS = 5
const key = (a: string, b: string) => (a < b ? `${a},${b}` : `${b},${a}`)
const pairsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',') as [string, string])

interface Pair {
  set: string
  ids: [string, string]
  same: boolean
  scored: boolean
  group: number
  full: Sample
  samples: Sample[]
}

function candidates(records: DedupRecord[]): [number, number][] {
  const holders = new Map<string, number[]>()
  const out = new Set<number>()
  const n = records.length
  const keys = records.map(({ entry }) => entryKeys(entry))
  keys.forEach(({ held }, i) => {
    for (const k of held) {
      const l = holders.get(k)
      if (l) l.push(i)
      else holders.set(k, [i])
    }
  })
  keys.forEach(({ asked }, i) => {
    for (const k of asked) {
      const l = holders.get(k) ?? []
      if (isNearKey(k) && l.length > 3 * MOST_HOLDERS) continue
      for (const j of l) if (i !== j) out.add(Math.min(i, j) * n + Math.max(i, j))
    }
  })
  return [...out].map((x) => [Math.floor(x / n), x % n])
}

const vector = (one: Profile, other: Profile) => {
  const e = gatherEvidence(one, other)
  return [1, ...EVIDENCE_NAMES.map((name) => e[name])]
}
const NO_NAMES = { names: [], nameWords: new Set<string>() }
const NO_VENUE = { venue: new Set<string>(), kind: undefined }
const NO_YEAR = { year: undefined }
/** What sources leave out. */
const MASKS: { weight: number; one: Partial<Profile>; other: Partial<Profile> }[] = [
  { weight: 1, one: {}, other: {} },
  { weight: 0.1, one: NO_NAMES, other: {} },
  { weight: 0.1, one: {}, other: NO_NAMES },
  { weight: 0.1, one: { ...NO_NAMES, ...NO_VENUE, ...NO_YEAR }, other: {} },
  { weight: 0.1, one: {}, other: { ...NO_NAMES, ...NO_VENUE, ...NO_YEAR } },
  {
    weight: 0.1,
    one: { ...NO_NAMES, ...NO_VENUE, ...NO_YEAR },
    other: { ...NO_NAMES, ...NO_VENUE, ...NO_YEAR },
  },
  { weight: 0.1, one: { ...NO_VENUE, ...NO_YEAR }, other: { ...NO_VENUE, ...NO_YEAR } },
  { weight: 0.1, one: NO_VENUE, other: NO_VENUE },
  { weight: 0.1, one: NO_YEAR, other: {} },
]

function load(set: string, random: () => number): Pair[] {
  const dir = `${DEV}/dedup-${set}`
  const records = readRecords(`${dir}/records.jsonl`)
  const index = new Map(records.map(({ id }, i) => [id, i]))
  const truth = pairsIn(`${dir}/truth.csv`)
  const truthKeys = new Set(truth.map(([a, b]) => key(a, b)))
  const judged = existsSync(`${dir}/judged.csv`)
    ? new Set(pairsIn(`${dir}/judged.csv`).map(([a, b]) => key(a, b)))
    : undefined
  const parent = records.map((_, i) => i)
  const find = (i: number): number => (parent[i] === i ? i : (parent[i] = find(parent[i]!)))
  for (const [a, b] of truth) parent[find(index.get(a)!)] = find(index.get(b)!)
  const size = new Map<number, number>()
  records.forEach((_, i) => size.set(find(i), (size.get(find(i)) ?? 0) + 1))
  const fold = new Map(records.map((_, i) => [i, Math.floor(random() * FOLDS)]))
  const source = (i: number) => records[i]!.id.split(':')[0]
  const twoSources = new Set(records.map((_, i) => source(i))).size > 1
  const pairs: Pair[] = []
  const byClusters = new Map<string, number>()
  const list = candidates(records)
  const bearers = new Map<string, Set<number>>()
  records.forEach(({ entry }, i) => {
    const t = profileOf(entry).letters
    bearers.set(t, (bearers.get(t) ?? new Set()).add(find(i)))
  })
  const isColumn = (i: number) => {
    const e = records[i]!.entry
    return bearers.get(profileOf(e).letters)!.size >= 3
  }
  for (const [i, j] of list) {
    const ids: [string, string] = [records[i]!.id, records[j]!.id]
    const cross = source(i) !== source(j)
    const k = key(...ids)
    const linked = (x: number) => source(x) === 'dblp' || size.get(find(x))! > 1
    if (judged && cross && !judged.has(k)) continue
    if (judged && !cross && source(i) === 'scholar' && !(linked(i) && linked(j))) continue
    const same = truthKeys.has(k) || (!(judged && cross) && find(i) === find(j))
    const [p, q] = [profileOf(records[i]!.entry), profileOf(records[j]!.entry)]
    if (!tellsApart(p.letters) || !tellsApart(q.letters) || titlesApart(p, q) !== undefined) continue
    if (isColumn(i) || isColumn(j)) continue
    const c = key(`${find(i)}`, `${find(j)}`)
    byClusters.set(c, (byClusters.get(c) ?? 0) + 1)
    const samples = MASKS.map(({ weight, one, other }) => ({
      x: vector({ ...p, ...one }, { ...q, ...other }),
      y: same,
      weight,
    }))
    pairs.push({
      set,
      ids,
      same,
      scored: twoSources ? cross : true,
      group: fold.get(find(i))!,
      full: samples[0]!,
      samples,
    })
  }
  // Large clusters count by their root.
  let total = 0
  for (const pair of pairs) {
    const c = key(`${find(index.get(pair.ids[0])!)}`, `${find(index.get(pair.ids[1])!)}`)
    const w = byClusters.get(c)! ** -0.5
    for (const s of pair.samples) {
      s.weight *= w
      total += s.weight
    }
  }
  for (const pair of pairs) for (const s of pair.samples) s.weight *= (3000 * SETS[set]!) / total
  const missed = truth.length - pairs.filter((p) => truthKeys.has(key(...p.ids))).length
  console.error(
    set,
    'candidates',
    list.length,
    'used',
    pairs.length,
    'same',
    pairs.filter((p) => p.same).length,
    'truth missed',
    missed,
    'of',
    truth.length,
  )
  return pairs
}

let seed = 7
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
const all = Object.keys(SETS).flatMap((set) => load(set, random))
const dot = (w: number[], x: number[]) => x.reduce((s, v, i) => s + v * w[i]!, 0)
const scores = new Map<Pair, number>()
for (let f = 0; f < FOLDS; f++) {
  const w = fitLogistic(all.filter((p) => p.group !== f).flatMap((p) => p.samples))
  for (const p of all) if (p.group === f) scores.set(p, dot(w, p.full.x))
}
for (const set of Object.keys(SETS)) {
  const mine = all.filter((p) => p.set === set && p.scored)
  const same = mine.filter((p) => p.same).length
  const line = [-1, -0.5, 0, 0.5, 1, 2].map((t) => {
    const pred = mine.filter((p) => scores.get(p)! > t)
    const tp = pred.filter((p) => p.same).length
    return `${t}: F1 ${((2 * tp) / (same + pred.length)).toFixed(4)} P ${(tp / pred.length).toFixed(3)} R ${(tp / same).toFixed(3)}`
  })
  console.error(set, line.join(' | '))
}
const w = fitLogistic(all.flatMap((p) => p.samples))
console.log(`export const PRIOR = ${w[0]!.toFixed(2)}`)
for (const [i, name] of EVIDENCE_NAMES.entries()) console.log(`  ${name}: ${w[i + 1]!.toFixed(2)},`)
