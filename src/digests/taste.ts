import { createHash } from 'node:crypto'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { findPapers } from '../db/papers/papers.ts'
import { type Feedback, listFeedbackOfMany } from '../db/subscribers/feedback.ts'
import { listSubscribers } from '../db/subscribers/subscribers.ts'
import { listTasteExamples } from '../db/subscribers/tasteExamples.ts'
import type { CorpusModel } from '../ranking/corpus/corpusModel.ts'
import { paperOfWords, type RankablePaper } from '../ranking/index/paperIndex.ts'
import { writtenWord } from '../ranking/index/writtenWords.ts'
import { type Taste, trainTaste } from '../ranking/score/taste.ts'
import type { Sliced } from '../slices.ts'
import { inSlices } from '../slices.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

/** Of each kind of feedback the newest so many teach. */
const MOST_TAUGHT = 300

/** Fewer opened papers are chance. */
const LEAST_OPENED = 3

const SHOWN_TERMS = 20

/** Tastes kept ready; each is a few thousand numbers. */
const MOST_KEPT = 2000

/** What a taste is learned from. */
interface Lesson {
  subscriberId: number
  likes: number[]
  dislikes: number[]
  examples: string[]
  forgotten: string[]
  /** Tells this lesson from others. */
  hash: string
}

/**
 * The tastes of those of these subscribers who have likes; none while ranking has learned nothing from the papers yet. Learned
 * anew only when what teaches it, or the corpus model, changed since this process learned it last.
 */
export async function tastesOf(db: Db, subscriberIds: number[]): Promise<Map<number, Taste>> {
  const corpus = await currentCorpusModel(db)
  if (corpus === undefined) return new Map()
  return tastesFrom(db, corpus, await lessonsOf(db, subscriberIds))
}

async function tastesFrom(db: Db, corpus: CorpusModel, all: Lesson[]): Promise<Map<number, Taste>> {
  const lessons = all.filter(hasLikes)
  const kept = keptOf(corpus)
  const fresh = lessons.filter((lesson) => kept.get(lesson.subscriberId)?.lesson !== lesson.hash)
  const learned = await learn(db, corpus, fresh)
  const tastes = new Map<number, Taste>()
  for (const lesson of lessons) {
    const taste = learned.get(lesson.subscriberId) ?? kept.get(lesson.subscriberId)?.taste
    if (taste === undefined) continue
    tastes.set(lesson.subscriberId, taste)
    keep(kept, lesson, taste)
  }
  return tastes
}

/** What a taste has learned, for its subscriber to read and to correct. */
export interface ShownTaste {
  /** The heaviest, by what they weigh for or (below 0) against a paper, as words people write. */
  terms: { stem: string; word: string; weight: number }[]
  /** Words that were forgotten, the newest first. */
  forgotten: { stem: string; word: string }[]
  /** Texts that were pasted in, with what tells them apart. */
  examples: { key: string; text: string }[]
  /** How many papers and texts taught it. */
  likes: number
  dislikes: number
  /** Whether ranking has learned from papers so far: without that there is no taste, however many likes. */
  hasCorpusModel: boolean
}

/** What is known of a subscriber's taste. */
export async function showTaste(db: Db, subscriberId: number): Promise<ShownTaste> {
  const corpus = await currentCorpusModel(db)
  const lessons = await lessonsOf(db, [subscriberId])
  const [lesson] = lessons
  const taste = corpus && (await tastesFrom(db, corpus, lessons)).get(subscriberId)
  const wordOf = (stem: string) => (corpus === undefined ? stem : writtenWord(corpus.index, stem))
  const terms = (taste?.words ?? []).slice(0, SHOWN_TERMS)
  const [subscriber] = await listSubscribers(db, [subscriberId])
  return {
    terms: terms.map(({ stem, weight }) => ({ stem, word: wordOf(stem), weight })),
    forgotten: [...(subscriber?.forgotten_terms ?? [])]
      .reverse()
      .map((stem) => ({ stem, word: wordOf(stem) })),
    examples: (await listTasteExamples(db, [subscriberId])).map(({ key, text }) => ({ key, text })),
    likes: (lesson?.likes.length ?? 0) + (lesson?.examples.length ?? 0),
    dislikes: lesson?.dislikes.length ?? 0,
    hasCorpusModel: corpus !== undefined,
  }
}

/**
 * The taste as what a subscriber had said and pasted before an instant would have taught it, without the words forgotten by
 * now. `besides`: papers that they liked, too.
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
  const said = await listFeedbackOfMany(db, [subscriberId], MOST_TAUGHT, at)
  const given = besides.map((paperId): Feedback => ({ subscriberId, paperId, kind: 'more', at }))
  const examples = (await listTasteExamples(db, [subscriberId])).filter((example) => example.at < at)
  const lesson = lessonOf(row, [...said, ...given], examples)
  return hasLikes(lesson) ? (await learn(db, corpus, [lesson])).get(subscriberId) : undefined
}

const hasLikes = ({ likes, examples }: Lesson) => likes.length + examples.length > 0

/** What teaches these subscribers' tastes; nothing of those who said nothing. Three queries, however many they are. */
async function lessonsOf(db: Db, subscriberIds: number[]): Promise<Lesson[]> {
  const feedback = bySubscriber(await listFeedbackOfMany(db, subscriberIds, MOST_TAUGHT))
  const examples = bySubscriber(await listTasteExamples(db, subscriberIds))
  const taught = subscriberIds.filter((id) => feedback.has(id) || examples.has(id))
  if (taught.length === 0) return []
  const subscribers = await listSubscribers(db, taught)
  return subscribers.map((row) => lessonOf(row, feedback.get(row.id) ?? [], examples.get(row.id) ?? []))
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

/** What is opened counts only where nothing better is known: it may have been a disappointment. */
function lessonOf(
  { id, counts_opens, forgotten_terms }: SubscriberRow,
  feedback: Feedback[],
  examples: { text: string }[],
): Lesson {
  const papersOf = (...kinds: string[]) => [
    ...new Set(feedback.filter(({ kind }) => kinds.includes(kind)).map(({ paperId }) => paperId)),
  ]
  const dislikes = papersOf('less')
  const chosen = papersOf('more', 'saved').filter((paperId) => !dislikes.includes(paperId))
  const opened = papersOf('opened').filter((paperId) => !dislikes.includes(paperId))
  const countsOpened = counts_opens && chosen.length + examples.length === 0 && opened.length >= LEAST_OPENED
  const lesson = {
    subscriberId: id,
    likes: (countsOpened ? opened : chosen).sort((a, b) => a - b),
    dislikes: dislikes.sort((a, b) => a - b),
    examples: examples.map(({ text }) => text),
    forgotten: forgotten_terms,
  }
  return { ...lesson, hash: createHash('sha256').update(JSON.stringify(lesson)).digest('base64') }
}

async function learn(db: Db, corpus: CorpusModel, lessons: Lesson[]): Promise<Map<number, Taste>> {
  const ids = [...new Set(lessons.flatMap(({ likes, dislikes }) => [...likes, ...dislikes]))]
  const papers = new Map((await findTeachers(db, ids)).map((paper) => [paper.id, paper]))
  return inSlices(learning(corpus, papers, lessons))
}

/** Stored papers to learn a taste from: when they were listed does not matter. */
async function findTeachers(db: Db, ids: number[]): Promise<RankablePaper[]> {
  return (await findPapers(db, ids)).map((paper) => ({ ...paper, day: null }))
}

/** A step for each taste. */
function* learning(
  corpus: CorpusModel,
  papers: ReadonlyMap<number, RankablePaper>,
  lessons: Lesson[],
): Sliced<Map<number, Taste>> {
  const learned = new Map<number, Taste>()
  for (const { subscriberId, likes, dislikes, examples, forgotten } of lessons) {
    const of = (paperIds: number[]) => paperIds.flatMap((id) => papers.get(id) ?? [])
    const liked = [...of(likes), ...examples.map(paperOfText)]
    const taste = trainTaste(corpus, liked, of(dislikes), new Set(forgotten))
    if (taste !== undefined) learned.set(subscriberId, taste)
    yield
  }
  return learned
}

/** A text as a paper: its first line is the title. No stored paper has such an id. */
function paperOfText(text: string, at: number): RankablePaper {
  const [title = '', ...rest] = text.split('\n')
  return paperOfWords({ id: -1 - at, title, abstract: rest.join('\n') })
}

interface Kept {
  /** A hash of what it was learned from. */
  lesson: string
  taste: Taste
}

/** Tastes by subscriber, the one used longest ago first. They hang on the corpus model, and go with it. */
const keptTastes = new WeakMap<CorpusModel, Map<number, Kept>>()

function keptOf(corpus: CorpusModel): Map<number, Kept> {
  const kept = keptTastes.get(corpus) ?? new Map<number, Kept>()
  keptTastes.set(corpus, kept)
  return kept
}

function keep(kept: Map<number, Kept>, lesson: Lesson, taste: Taste): void {
  kept.delete(lesson.subscriberId)
  kept.set(lesson.subscriberId, { lesson: lesson.hash, taste })
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}
