import { explain } from '../explain/explanation.ts'
import { isTyped, wordsInPlace } from '../explain/matchedWords.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { bestPapers } from '../score/bestPapers.ts'
import { clauseTest } from '../score/conditions.ts'
import { isInteresting, shareOfNeeded, type TopicScores } from '../score/topicScore.ts'
import type { TopicDraft } from './topicDraft.ts'

/** At most this many nearest misses are named, this many topics, and this many missing words of each miss. */
const MOST_NAMED = 3

/** Longer titles are cut to this many UTF-16 code units. */
const MOST_TITLE = 120

/** A paper that came near to a topic and was not chosen. */
export interface NearMiss {
  paperId: number
  /** The paper's title, cut if it is long. */
  title: string
  /** The topic's name; undefined if there is only one topic. */
  topic: string | undefined
  /** `fewer than 20 upvotes`, or `60% of what it takes: only “networks” in the abstract, without “graph”` */
  missed: string
}

/** Why nothing was chosen, as one sentence, and what came nearest, nearest first. */
export interface NothingChosen {
  why: string
  misses: NearMiss[]
}

/** `None of 6 papers matched “R”. Nearest: “Robots that walk” (fewer than 20 upvotes); …` */
export function nothingInWords({ why, misses }: NothingChosen): string {
  const named = misses.map(({ title, topic, missed }) => {
    const whose = topic === undefined ? '' : ` for “${topic}”`
    return `“${title}”${whose} (${missed})`
  })
  return named.length === 0 ? why : `${why} Nearest: ${named.join('; ')}.`
}

/**
 * Why a digest has no paper, for the subscriber: no papers were listed, none is new, or none matched, with the nearest misses.
 */
export function nothingChosen(
  index: PaperIndex,
  drafts: readonly TopicDraft[],
  exclude: (paperId: number) => boolean,
): NothingChosen {
  const fresh = index.papers.filter(({ id }) => !exclude(id)).length
  const plainly = (why: string) => ({ why, misses: [] })
  if (index.papers.length === 0) return plainly('No new papers were listed.')
  if (fresh === 0)
    return plainly(`All ${papersInWords(index.papers.length)} of this day had been sent or judged before.`)
  if (drafts.every(({ quota }) => quota <= 0)) return plainly('The digest is set to hold no papers.')
  const sentBefore = new Set(drafts.flatMap(({ scores }) => bestPapers(scores))).size
  const names = listed(drafts.map(({ name }) => `“${name}”`))
  const why =
    sentBefore > 0
      ? `Nothing new matched ${names}: ${papersInWords(sentBefore)} that did had been sent or judged before.`
      : `None of ${papersInWords(fresh)} matched ${names}.`
  return { why, misses: nearestMisses(index, drafts, exclude) }
}

type NamedScores = Pick<TopicDraft, 'name' | 'scores'>

/**
 * The papers that came nearest to a topic, each once, with what they lacked. Each topic's nearest comes before any second one.
 * Empty if no paper comes near a topic.
 */
export function nearestMisses(
  index: PaperIndex,
  drafts: readonly NamedScores[],
  exclude: (paperId: number) => boolean,
): NearMiss[] {
  const ofTopics = drafts.map(({ scores }) => nearestOf(scores, exclude))
  const named = new Map<number, NearMiss>()
  for (let rank = 0; rank < MOST_NAMED; rank++)
    for (const [at, nearest] of ofTopics.entries()) {
      const doc = nearest[rank]
      if (named.size >= MOST_NAMED || doc === undefined || named.has(doc)) continue
      const { name, scores } = drafts[at]!
      named.set(doc, {
        paperId: index.papers[doc]!.id,
        title: shortTitle(index, doc),
        topic: drafts.length === 1 ? undefined : name,
        missed: shortfall(scores, doc),
      })
    }
  return [...named.values()]
}

/** The papers with anything of the topic that came nearest, best first; if it only filters, the most upvoted. */
function nearestOf(topic: TopicScores, exclude: (paperId: number) => boolean): number[] {
  const { papers } = topic.index
  const upvotes = (doc: number) => papers[doc]!.upvotes ?? 0
  return [...papers.keys()]
    .filter((doc) => (topic.scored.length === 0 || topic.interest[doc]! > 0) && !exclude(papers[doc]!.id))
    .map((doc) => ({ doc, share: shareOfNeeded(topic, doc) }))
    .sort((a, b) => b.share - a.share || upvotes(b.doc) - upvotes(a.doc) || a.doc - b.doc)
    .slice(0, MOST_NAMED)
    .map(({ doc }) => doc)
}

/** `fewer than 20 upvotes`, or `60% of what it takes: only “networks” in the abstract, without “graph”` */
function shortfall(topic: TopicScores, doc: number): string {
  const unmet = topic.conditions.find(({ test }) => !test(doc))?.unmet
  if (unmet !== undefined) return unmet
  if (isInteresting(topic, doc)) return 'like one that was sent or judged before'
  const share = Math.floor(100 * shareOfNeeded(topic, doc))
  const why = explain(topic, doc).reasons[0]!
  const missing = missingFrom(topic, doc)
  const without = missing.length === 0 ? '' : `, without ${listed(missing)}`
  return `${share}% of what it takes: only ${why.kind === 'words' ? wordsInPlace(why) : why.text}${without}`
}

/** The words and phrases of the query, as typed, that the paper itself does not have. */
function missingFrom({ index, query }: TopicScores, doc: number): string[] {
  const missing = query.clauses.filter(
    (clause) =>
      clause.kind === 'text' &&
      clause.occurrence !== 'never' &&
      isTyped(query, clause) &&
      !clauseTest(index, clause)(doc),
  )
  return [...new Set(missing.map(({ text }) => `“${text}”`))]
}

function shortTitle({ papers }: PaperIndex, doc: number): string {
  const { title } = papers[doc]!
  return title.length <= MOST_TITLE ? title : `${title.slice(0, MOST_TITLE - 1)}…`
}

/** The first few names, and how many more there are. */
function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ')
}

function papersInWords(count: number): string {
  return count === 1 ? 'the one paper' : `${count} papers`
}
