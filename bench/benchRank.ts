import { type Collection, POOL_PAPERS, trainCollection } from '../src/ranking/collection.ts'
import { buildIndex, type PaperIndex } from '../src/ranking/paperIndex.ts'
import { parseQuery } from '../src/ranking/query.ts'
import { rankTopic } from '../src/ranking/rank.ts'
import { type Taste, trainTaste } from '../src/ranking/taste.ts'
import { type MadePapers, makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'
import { miniSearchPeer } from './rankPeer.ts'

/**
 * npm run bench:rank [-- --papers N]: how fast ranking is, a JSON line for each measure. Ratios are to MiniSearch in the same run,
 * the two taking turns on one core. Every subscriber has five keywords of their own, and the first ten papers with reasons are
 * made. What is measured is what composing a digest uses: an index with a trained collection, so with neighbours, related
 * words and meaning. Each index is built once, before.
 */
const CANDIDATES = 1_000
const KEYWORDS = 5
const SUBSCRIBERS = 8_000
const WARM_UP = 1_000
const TURN = 100
const LIKES = 10

const pool = makePapers(POOL_PAPERS, 1)
const started = performance.now()
const collection = trainCollection(pool.papers)
print({
  bench: 'train',
  papers: POOL_PAPERS,
  seconds: (performance.now() - started) / 1000,
  peakMb: peakMb(),
})
const days = [2, 3].map((seed) => makePapers(CANDIDATES, seed))
const interests = makeInterests(pool, WARM_UP + SUBSCRIBERS)
const tastes = trainTastes(collection, pool, 500)
for (const stemmed of [true, false]) {
  compare('keywords, first day', buildIndex(days[0]!.papers, collection), days[0]!, stemmed)
  compare('keywords, any later day', buildIndex(days[1]!.papers, collection), days[1]!, stemmed)
  compare('keywords and taste', buildIndex(days[1]!.papers, collection), days[1]!, stemmed, tastes)
  collection.expansions.clear()
}

/** Ranks for all subscribers, in turns with the peer. */
function compare(
  name: string,
  index: PaperIndex,
  { papers }: MadePapers,
  stemmed: boolean,
  withTastes: readonly Taste[] = [],
): void {
  const peer = miniSearchPeer(papers, stemmed)
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

function makeInterests({ interest }: MadePapers, count: number): string[][] {
  const random = createRandom(5)
  return Array.from({ length: count }, () => interest(random, KEYWORDS))
}

function trainTastes(from: Collection, { papers }: MadePapers, count: number): Taste[] {
  const random = createRandom(6)
  const likes = Array.from({ length: count }, () => Array.from({ length: LIKES }, () => random.pick(papers)))
  const times: number[] = []
  const trained = likes.map((liked) => {
    let taste: Taste | undefined
    times.push(timed(() => (taste = trainTaste(from, liked))))
    return taste!
  })
  times.sort((a, b) => a - b)
  const quantile = (part: number): number => times[Math.floor(part * times.length)]!
  print({ bench: 'taste model', likes: LIKES, medianMs: quantile(0.5), p95Ms: quantile(0.95) })
  return trained
}

function timed(work: () => void): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1000
}

function print(line: Record<string, unknown>): void {
  const rounded = Object.entries(line).map(([key, value]) => [
    key,
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  ])
  console.log(JSON.stringify(Object.fromEntries(rounded)))
}
