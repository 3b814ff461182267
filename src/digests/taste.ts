import { createHash } from 'node:crypto'
import { keptFor } from '../caching.ts'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { findPapers } from '../db/papers/papers.ts'
import { type Feedback, listFeedbackOfMany } from '../db/subscribers/feedback.ts'
import { listSubscribers } from '../db/subscribers/subscribers.ts'
import { listTasteExamples } from '../db/subscribers/tasteExamples.ts'
import type { CorpusModel } from '../ranking/corpus/corpusModel.ts'
import { paperOfWords, type RankablePaper } from '../ranking/index/paperIndex.ts'
import { writtenWord } from '../ranking/index/writtenWords.ts'
import { type LikedPaper, type Taste, trainTaste } from '../ranking/score/taste.ts'
import type { Sliced } from '../slices.ts'
import { inSlices } from '../slices.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

/** A taste is trained on this many of the newest answers of each kind. */
const MOST_ANSWERS = 300

/** Fewer opened papers may be chance. */
const LEAST_OPENED = 3

const SHOWN_TERMS = 20

/** The number of tastes in the cache. Each takes a few thousand numbers. */
const MOST_CACHED = 2000

/** What a subscriber's taste is trained on. */
interface TrainingSet {
  subscriberId: number
  likes: number[]
  /** What was said of each liked paper, in their order, and when. */
  said: NonNullable<LikedPaper['liked']>[]
  dislikes: number[]
  examples: { text: string; at: Date }[]
  forgotten: string[]
  /** A hash of all of the above. */
  hash: string
}

/**
 * The tastes of the given subscribers, by subscriber. Subscribers without likes have none. A taste is trained again only when its training set or the corpus model has changed.
 */
export async function tastesOf(db: Db, subscriberIds: number[]): Promise<Map<number, Taste>> {
  const corpus = await currentCorpusModel(db)
  return tastesFrom(db, corpus, await trainingSets(db, subscriberIds))
}

async function tastesFrom(db: Db, corpus: CorpusModel, all: TrainingSet[]): Promise<Map<number, Taste>> {
  const sets = all.filter(hasLikes)
  const cache = cacheOf(corpus)
  const changed = sets.filter(({ subscriberId, hash }) => cache.get(subscriberId)?.hash !== hash)
  const trained = await trainTastes(db, corpus, changed)
  const tastes = new Map<number, Taste>()
  for (const set of sets) {
    const cached = cache.get(set.subscriberId)
    const taste = cached?.hash === set.hash ? cached.taste : trained.get(set.subscriberId)
    if (taste === undefined) continue
    tastes.set(set.subscriberId, taste)
    putIntoCache(cache, set, taste)
  }
  return tastes
}

/** A taste for its subscriber to read and to correct. */
export interface ShownTaste {
  /** The heaviest words, as people write them. A weight below 0 speaks against a paper. */
  terms: { stem: string; word: string; weight: number }[]
  /** Words that the subscriber told it to forget, the newest first. */
  forgotten: { stem: string; word: string }[]
  /** Texts that were pasted in, each with its key. */
  examples: { key: string; text: string }[]
  /** The numbers of papers and texts in the training set. */
  likes: number
  dislikes: number
}

/** Shows a subscriber's taste. */
export async function showTaste(db: Db, subscriberId: number): Promise<ShownTaste> {
  const corpus = await currentCorpusModel(db)
  const sets = await trainingSets(db, [subscriberId])
  const [set] = sets
  const taste = (await tastesFrom(db, corpus, sets)).get(subscriberId)
  const wordOf = (stem: string) => writtenWord(corpus.index, stem)
  const terms = (taste?.words ?? []).slice(0, SHOWN_TERMS)
  const [subscriber] = await listSubscribers(db, [subscriberId])
  return {
    terms: terms.map(({ stem, weight }) => ({ stem, word: wordOf(stem), weight })),
    forgotten: [...(subscriber?.forgotten_terms ?? [])]
      .reverse()
      .map((stem) => ({ stem, word: wordOf(stem) })),
    examples: (await listTasteExamples(db, [subscriberId])).map(({ key, text }) => ({ key, text })),
    likes: (set?.likes.length ?? 0) + (set?.examples.length ?? 0),
    dislikes: set?.dislikes.length ?? 0,
  }
}

/**
 * The taste trained on what a subscriber had answered and pasted before an instant, without the words forgotten by now. `besides`
 * are ids of papers that count as liked as well.
 */
export async function tasteBefore(
  db: Db,
  corpus: CorpusModel,
  subscriberId: number,
  at: Date,
  besides: readonly number[],
): Promise<Taste | undefined> {
  const [row] = await listSubscribers(db, [subscriberId])
  if (row === undefined) return undefined
  const said = await listFeedbackOfMany(db, [subscriberId], MOST_ANSWERS, at)
  const given = besides.map((paperId): Feedback => ({ subscriberId, paperId, kind: 'more', at }))
  const examples = (await listTasteExamples(db, [subscriberId])).filter((example) => example.at < at)
  const set = trainingSet(row, [...said, ...given], examples)
  return hasLikes(set) ? (await trainTastes(db, corpus, [set])).get(subscriberId) : undefined
}

/** Feedback in the words of a reason. */
const WORD_FOR = { more: 'liked', less: 'liked', saved: 'saved', opened: 'opened' } as const

const hasLikes = ({ likes, examples }: TrainingSet) => likes.length + examples.length > 0

/** The training sets of the subscribers who have given any answer or example. Takes three queries for any number of them. */
async function trainingSets(db: Db, subscriberIds: number[]): Promise<TrainingSet[]> {
  const feedback = bySubscriber(await listFeedbackOfMany(db, subscriberIds, MOST_ANSWERS))
  const examples = bySubscriber(await listTasteExamples(db, subscriberIds))
  const active = subscriberIds.filter((id) => feedback.has(id) || examples.has(id))
  if (active.length === 0) return []
  const subscribers = await listSubscribers(db, active)
  return subscribers.map((row) => trainingSet(row, feedback.get(row.id) ?? [], examples.get(row.id) ?? []))
}

function bySubscriber<Row extends { subscriberId: number }>(rows: Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.subscriberId)
    if (group === undefined) groups.set(row.subscriberId, [row])
    else group.push(row)
  }
  return groups
}

/** Opened papers count only without better answers, because an opened paper may have disappointed. */
function trainingSet(
  { id, counts_opens, forgotten_terms }: SubscriberRow,
  feedback: Feedback[],
  examples: { text: string; at: Date }[],
): TrainingSet {
  const papersOf = (...kinds: string[]) => [
    ...new Set(feedback.filter(({ kind }) => kinds.includes(kind)).map(({ paperId }) => paperId)),
  ]
  const dislikes = papersOf('less')
  const chosen = papersOf('more', 'saved').filter((paperId) => !dislikes.includes(paperId))
  const opened = papersOf('opened').filter((paperId) => !dislikes.includes(paperId))
  const countsOpened = counts_opens && chosen.length + examples.length === 0 && opened.length >= LEAST_OPENED
  const likes = (countsOpened ? opened : chosen).sort((a, b) => a - b)
  const saidOf = new Map(feedback.filter(({ kind }) => kind !== 'less').map((one) => [one.paperId, one]))
  const set = {
    subscriberId: id,
    likes,
    said: likes.map((paperId) => ({ as: WORD_FOR[saidOf.get(paperId)!.kind], at: saidOf.get(paperId)!.at })),
    dislikes: dislikes.sort((a, b) => a - b),
    examples: examples.map(({ text, at }) => ({ text, at })),
    forgotten: forgotten_terms,
  }
  return { ...set, hash: createHash('sha256').update(JSON.stringify(set)).digest('base64') }
}

async function trainTastes(db: Db, corpus: CorpusModel, sets: TrainingSet[]): Promise<Map<number, Taste>> {
  const ids = [...new Set(sets.flatMap(({ likes, dislikes }) => [...likes, ...dislikes]))]
  const papers = new Map((await findExamplePapers(db, ids)).map((paper) => [paper.id, paper]))
  return inSlices(trainingTastes(corpus, papers, sets))
}

/** Stored papers as examples. Their listing day does not matter for a taste. */
async function findExamplePapers(db: Db, ids: number[]): Promise<RankablePaper[]> {
  return (await findPapers(db, ids)).map((paper) => ({ ...paper, day: null }))
}

/** trainTaste for each set; yields after each. */
function* trainingTastes(
  corpus: CorpusModel,
  papers: ReadonlyMap<number, RankablePaper>,
  sets: TrainingSet[],
): Sliced<Map<number, Taste>> {
  const trained = new Map<number, Taste>()
  for (const { subscriberId, likes, said, dislikes, examples, forgotten } of sets) {
    const of = (paperIds: number[]) => paperIds.flatMap((id) => papers.get(id) ?? [])
    const stored = likes.flatMap((id, at): LikedPaper[] => {
      const paper = papers.get(id)
      return paper === undefined ? [] : [{ ...paper, liked: said[at]! }]
    })
    const liked = [...stored, ...examples.map(paperOfText)]
    const taste = trainTaste(corpus, liked, of(dislikes), new Set(forgotten))
    if (taste !== undefined) trained.set(subscriberId, taste)
    yield
  }
  return trained
}

/** A text as a paper, its first line as the title. The ids are below 0, so no stored paper has them. */
function paperOfText(example: TrainingSet['examples'][number], at: number): LikedPaper {
  const [title = '', ...rest] = example.text.split('\n')
  const paper = paperOfWords({ id: -1 - at, title, abstract: rest.join('\n') })
  return { ...paper, liked: { as: 'example', at: example.at } }
}

interface CachedTaste {
  /** Of the training set. */
  hash: string
  taste: Taste
}

/** Tastes by subscriber, the one used longest ago first. They are kept with the corpus model, and freed with it. */
const cacheOf = keptFor((_corpus: CorpusModel) => new Map<number, CachedTaste>())

function putIntoCache(cache: Map<number, CachedTaste>, set: TrainingSet, taste: Taste): void {
  cache.delete(set.subscriberId)
  cache.set(set.subscriberId, { hash: set.hash, taste })
  const [oldest] = cache.keys()
  if (cache.size > MOST_CACHED && oldest !== undefined) cache.delete(oldest)
}
