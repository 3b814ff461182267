import { parseArgs } from 'node:util'
import { serialize } from 'node:v8'
import { rankTopic } from '../src/ranking/choose/rankTopic.ts'
import { tuneTopic } from '../src/ranking/choose/tuning.ts'
import type { CorpusModel, RankingIndex } from '../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../src/ranking/corpus/rankingIndex.ts'
import { POOL_PAPERS, trainCorpusModel } from '../src/ranking/corpus/trainCorpusModel.ts'
import { parseQuery } from '../src/ranking/language/query.ts'
import { type Taste, trainTaste } from '../src/ranking/score/taste.ts'
import { type MadePapers, makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'
import { miniSearchPeer } from './rankPeer.ts'

/**
 * npm run bench:rank prints how fast ranking is, one JSON line per measure. With `-- --train N` it prints what
 * training on N papers takes.
 * Ratios are to MiniSearch in the same run; the two take turns on one core. Every subscriber has five keywords of
 * their own, and the first ten papers get reasons. It measures what composing a digest uses: an index with a trained
 * corpus model, so with neighbours, related words and LSA vectors. Each index is built once, before measuring.
 * On the first day a topic and the model are new: the query is read and its related words are found. A new model
 * comes at most once a day. So "any later day" is the cost of a topic in all later digests from one model, for the
 * few thousand topics that a process keeps (src/ranking/language/query.ts).
 */
const CANDIDATES = 1_000
const KEYWORDS = 5
const SUBSCRIBERS = 3_000
const WARM_UP = 1_000
const TURN = 100
const LIKES = 10
const TUNING_CANDIDATES = 5_000

const { train } = parseArgs({ options: { train: { type: 'string' } } }).values
if (train === undefined) measureRanking()
else measureTraining(Number(train))

function measureRanking(): void {
  const pool = makePapers(POOL_PAPERS, 1)
  const trained = trainCorpusModel(pool.papers)
  const days = [2, 3].map((seed) => makePapers(CANDIDATES, seed).papers)
  const tastes = trainTastes(trained, pool, 300)
  for (const stemmed of [true, false]) {
    const corpus = asNew(trained)
    const interests = makeInterests(pool, WARM_UP + SUBSCRIBERS, stemmed ? 5 : 7)
    const measure = (name: string, day: number, known: readonly Taste[] = []) =>
      compare(name, buildIndex(days[day]!, corpus), interests, stemmed, known)
    measure('keywords, first day', 0)
    measure('keywords, any later day', 1)
    measure('keywords and taste', 1, tastes)
  }
  measureTuning(asNew(trained), makeInterests(pool, 600, 8))
}

/** The corpus model as in a process that has just loaded it: caches hang on the object, so a copy has none. */
function asNew(corpus: CorpusModel): CorpusModel {
  return { ...corpus }
}

/** Measures training: seconds on one core, and megabytes of the process with the papers' texts. */
function measureTraining(count: number): void {
  const { papers } = makePapers(count, 1)
  const before = { mb: process.memoryUsage().rss / 1e6, cpu: process.cpuUsage() }
  const started = performance.now()
  const corpus = trainCorpusModel(papers)
  const { user, system } = process.cpuUsage(before.cpu)
  const seconds = (performance.now() - started) / 1000
  const peak = peakMb()
  print({
    bench: 'train',
    papers: count,
    terms: corpus.stems.length,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    mbBefore: before.mb,
    peakMb: peak,
    storedMb: serialize(corpus).length / 1e6,
  })
}

/** Measures live tuning of a query over a month's candidates, the last day being today. */
function measureTuning(corpus: CorpusModel, interests: readonly string[][]): void {
  const listed = makePapers(TUNING_CANDIDATES, 4).papers.map((paper, at) => ({
    ...paper,
    day: `2026-11-${String(1 + (at % 30)).padStart(2, '0')}`,
  }))
  const month = buildIndex(listed, corpus)
  const today = buildIndex(
    listed.filter(({ day }) => day === '2026-11-30'),
    corpus,
  )
  const times = interests.map((words) =>
    timed(() => tuneTopic({ month, today }, words.join(' '), { on: '2026-11-30' })),
  )
  print({ bench: 'tuning', candidates: TUNING_CANDIDATES, ...quantiles(times.slice(100)) })
}

/** Ranks for all subscribers, taking turns with the peer. */
function compare(
  name: string,
  index: RankingIndex,
  interests: readonly string[][],
  stemmed: boolean,
  withTastes: readonly Taste[] = [],
): void {
  const peer = miniSearchPeer(index.papers, stemmed)
  const times = { paperboy: 0, peer: 0 }
  let items = 0
  for (let from = 0; from < interests.length; from += TURN) {
    const turn = interests.slice(from, from + TURN)
    const counts = from >= WARM_UP
    const own = timed(() => {
      for (const [at, words] of turn.entries()) {
        const taste = withTastes[(from + at) % withTastes.length]
        items += rankTopic(index, parseQuery(words.join(' ')), { limit: 10, taste }).length
      }
    })
    const others = timed(() => {
      for (const words of turn) items += peer(words).length
    })
    if (counts) times.paperboy += own
    if (counts) times.peer += others
  }
  print({
    bench: name,
    candidates: CANDIDATES,
    subscribers: SUBSCRIBERS,
    peer: `MiniSearch, ${stemmed ? 'same stems' : 'lower case'}`,
    paperboyPerSecond: SUBSCRIBERS / (times.paperboy / 1000),
    peerPerSecond: SUBSCRIBERS / (times.peer / 1000),
    ratio: times.peer / times.paperboy,
    items,
  })
}

function makeInterests({ interest }: MadePapers, count: number, seed: number): string[][] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => interest(random, KEYWORDS))
}

function trainTastes(from: CorpusModel, { papers }: MadePapers, count: number): Taste[] {
  const random = createRandom(6)
  const likes = Array.from({ length: count }, () => Array.from({ length: LIKES }, () => random.pick(papers)))
  const times: number[] = []
  const trained = likes.map((liked) => {
    let taste: Taste | undefined
    times.push(timed(() => (taste = trainTaste(from, liked))))
    return taste!
  })
  print({ bench: 'taste model', likes: LIKES, ...quantiles(times) })
  return trained
}

function quantiles(times: number[]): { medianMs: number; p95Ms: number } {
  times.sort((a, b) => a - b)
  return { medianMs: times[Math.floor(0.5 * times.length)]!, p95Ms: times[Math.floor(0.95 * times.length)]! }
}

function timed(work: () => void): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

function peakMb(): number {
  // maxRSS is in kilobytes of 1,024.
  return (process.resourceUsage().maxRSS * 1024) / 1e6
}

function print(line: Record<string, unknown>): void {
  const rounded = Object.entries(line).map(([key, value]) => [
    key,
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  ])
  console.log(JSON.stringify(Object.fromEntries(rounded)))
}
