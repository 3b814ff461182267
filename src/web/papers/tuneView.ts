import { findPapers } from '../../db/papers/papers.ts'
import { previewTopics, tuneTopics } from '../../digests/previewTopics.ts'
import { type DigestPaper, PICKINESS, type Pickiness, type Topic } from '../../domain.ts'
import type { NearMiss } from '../../ranking/choose/nothingChosen.ts'
import type { Tuned, Unreadable } from '../../ranking/choose/tuning.ts'
import { parseQuery } from '../../ranking/language/query.ts'
import { nameFor, type TypedTopic } from '../../subscribers/preferences.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Site } from '../site/site.ts'
import { contextOf, type PaperRow, rowOf } from './paperRow.ts'

/** What one topic finds, beside its query. */
export interface TopicInsight {
  /** Papers a day over the last thirty days and the average that would come, as heights of 0 to 1, and in words. */
  spark: { heights: number[]; line: number; words: string } | undefined
  perDay: string
  /** How many papers a day each level of pickiness would bring. */
  levels: { level: Pickiness; papers: string }[]
  /** Why the last week brought nothing, and what came nearest; undefined if it brought something. */
  quiet: { why: string; misses: { url: string; title: string; missed: string }[] } | undefined
  /** What no paper of these days has. */
  unknown: string[]
  /** The spellings that count as the query's authors, each with the text that rules it out. */
  spellings: { name: string; papers: number; ruleOut: string }[]
  /** What to write instead of fields that no paper has. */
  hints: string[]
  /** Words to add. */
  suggestions: string[]
  error: { message: string; before: string; after: string } | undefined
}

export interface TopicRows {
  topic: string
  rows: PaperRow[]
}

/** The digest that topics would give today, by topic. */
export interface PreviewView {
  groups: TopicRows[]
  count: number
  listed: number
  /** Why there are no papers; empty if there are some. */
  reason: string
  /** If there are no papers: those that came nearest, each with what it lacked. */
  misses: PaperRow[]
}

export interface PreviewWish {
  /** Whose taste counts; undefined for somebody new. */
  subscriberId: number | undefined
  /** Who gets buttons under the papers; undefined for nobody. */
  answererId: number | undefined
  max: number
  trendWeight?: number
}

const MOST_PREVIEWED = 12

/** The topics of rows as they are typed; rows without a query are left out. */
function topicsOf(rows: readonly TypedTopic[]): Topic[] {
  return rows.slice(0, MOST_PREVIEWED).flatMap((row) => {
    const { name, query, quota } = row
    if (query.trim() === '') return []
    const papers = /^[1-9]\d?$/.test(quota.trim()) ? Number(quota) : null
    return [{ name: name.trim() || nameFor(query), query, quota: papers, pickiness: levelOf(row) }]
  })
}

function levelOf({ pickiness }: TypedTopic): Pickiness | undefined {
  return PICKINESS.find((level) => level === pickiness)
}

/** Shows the digest that rows would give today. */
export async function viewPreview(
  site: Site,
  rows: readonly TypedTopic[],
  wish: PreviewWish,
): Promise<PreviewView> {
  const topics = topicsOf(rows)
  const { papers, nothing, listed } = await previewTopics(site.db, site.now(), { ...wish, topics })
  return {
    groups: await rowsByTopic(site, papers, topics, wish.answererId),
    count: papers.length,
    listed,
    reason: displayLine(texToUnicode(nothing?.why ?? '')),
    misses: await missRows(site, nothing?.misses ?? [], wish.answererId),
  }
}

/** Papers that were just missed as rows, nearest first. */
async function missRows(
  site: Site,
  misses: readonly NearMiss[],
  subscriberId: number | undefined,
): Promise<PaperRow[]> {
  if (misses.length === 0) return []
  const paperIds = misses.map(({ paperId }) => paperId)
  const papers = new Map((await findPapers(site.db, paperIds)).map((paper) => [paper.id, paper]))
  const knownOf = await contextOf(site, subscriberId, paperIds)
  return misses.flatMap(({ paperId, topic, missed }) => {
    const paper = papers.get(paperId)
    const lacked = topic === undefined ? missed : `“${topic}”: ${missed}`
    return paper === undefined ? [] : [rowOf(paper, { ...knownOf(paperId), missed: lacked })]
  })
}

/** A digest's papers as rows under their topics, with what the subscriber said of each. */
export async function rowsByTopic(
  site: Site,
  papers: readonly DigestPaper[],
  topics: readonly Topic[],
  subscriberId: number | undefined,
): Promise<TopicRows[]> {
  const knownOf = await contextOf(
    site,
    subscriberId,
    papers.map(({ paperId }) => paperId),
  )
  const queryOf = new Map(topics.map(({ name, query }) => [name, query]))
  const groups = new Map<string, PaperRow[]>()
  for (const { paper, topic, reasons } of papers) {
    const query = queryOf.get(topic)
    const row = rowOf(paper, {
      reasons,
      ...knownOf(paper.id),
      ...(query === undefined ? {} : { query: parseQuery(query) }),
    })
    groups.set(topic, [...(groups.get(topic) ?? []), row])
  }
  return [...groups].map(([topic, rows]) => ({ topic, rows }))
}

/** What each row finds; undefined for a row without a query. */
export async function viewInsights(
  site: Site,
  rows: readonly TypedTopic[],
): Promise<(TopicInsight | undefined)[]> {
  const filled = rows.slice(0, MOST_PREVIEWED).filter(({ query }) => query.trim() !== '')
  const wanted = filled.map((row) => ({ query: row.query, pickiness: levelOf(row) }))
  const tuned = await tuneTopics(site.db, site.now(), wanted)
  const insights = new Map(filled.map((row, index) => [row, insightOf(row, tuned[index]!)]))
  return rows.map((row) => insights.get(row))
}

function insightOf(row: TypedTopic, tuned: Tuned | Unreadable): TopicInsight {
  const { query } = row
  if (!tuned.readable) {
    const { advice, position } = tuned
    const marked = { message: advice, before: query.slice(0, position), after: query.slice(position) }
    return {
      spark: undefined,
      perDay: '',
      levels: [],
      quiet: undefined,
      unknown: [],
      hints: [],
      spellings: [],
      suggestions: [],
      error: marked,
    }
  }
  const counts = tuned.perDay.map(({ papers }) => papers)
  const most = Math.max(...counts, 1)
  const inWords = (papers: number) => (papers < 10 ? papers.toFixed(1) : `${Math.round(papers)}`)
  const average = tuned.papersADay[levelOf(row) ?? 'balanced']
  const perDay = `${inWords(average)} a day`
  return {
    spark: {
      heights: counts.map((count) => count / most),
      line: average / most,
      words: `Papers that match, over ${counts.length} days: at most ${most} a day. The line: ${perDay} would come on average`,
    },
    perDay,
    levels: PICKINESS.map((level) => ({ level, papers: inWords(tuned.papersADay[level]) })),
    quiet: tuned.quiet && {
      why: tuned.quiet.why,
      misses: tuned.quiet.misses.map(({ paperId, title, missed }) => ({
        url: `/papers/${paperId}`,
        title: displayLine(texToUnicode(title)),
        missed: displayLine(texToUnicode(missed)),
      })),
    },
    unknown: tuned.unknown,
    hints: tuned.hints.map((hint) => displayLine(texToUnicode(hint))),
    spellings: tuned.spellings.map((one) => ({
      ...one,
      ruleOut: `-author:"=${one.name.replaceAll('"', '')}"`,
    })),
    suggestions: tuned.suggestions.map(({ word }) => word),
    error: undefined,
  }
}
