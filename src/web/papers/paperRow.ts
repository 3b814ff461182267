import { listPictured } from '../../db/papers/thumbnails.ts'
import { listAnswersOn } from '../../db/subscribers/feedback.ts'
import type { FeedbackKind, Paper, Reason } from '../../domain.ts'
import { markWords, type TextPart } from '../../ranking/explain/markedWords.ts'
import type { TopicQuery } from '../../ranking/language/query.ts'
import { authorsLine } from '../../text/authorsLine.ts'
import { displayLine } from '../../text/displayLine.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Site } from '../site/site.ts'

/** A paper in a dense list, ready for display. */
export interface PaperRow {
  id: number
  url: string
  /** The whole title, and the same cut into what a query matches and what not. */
  title: string
  parts: TextPart[]
  authors: string
  /** Short facts behind the authors: categories, stars, organization. */
  facts: string[]
  /** One line on what the paper says. */
  gist: string
  upvotes: number | null
  /** New upvotes a day, if there are any. */
  rise: number | undefined
  reasons: string[]
  /** What it lacked, if it was just missed. */
  missed: string | undefined
  /** The address of its small picture, if there is one. */
  thumbnail: string | undefined
  /** What the subscriber who looks said of it; undefined for strangers, who get no buttons. */
  said: FeedbackKind[] | undefined
}

/** What a list knows of a paper besides the paper. */
export interface RowContext {
  spanUpvotes?: number | null
  upvotesPerDay?: number | null
  isUndated?: boolean
  query?: TopicQuery
  reasons?: Reason[]
  missed?: string
  said?: FeedbackKind[]
  hasThumbnail?: boolean
}

/** Graphemes of a summary. One line of a wide page; the rest is cut by the browser. */
const GIST = 190
const CATEGORIES = 3

/** Shows a paper as a row. */
export function rowOf(paper: Paper, context: RowContext = {}): PaperRow {
  const title = displayLine(texToUnicode(paper.title))
  const { query, reasons = [], said, upvotesPerDay, isUndated } = context
  return {
    id: paper.id,
    url: `/papers/${paper.id}`,
    title,
    parts: query === undefined ? [{ text: title, isMatch: false }] : markWords(title, query),
    authors: authorsLine(paper.authors),
    facts: factsOf(paper, isUndated === true),
    gist: displayLine(texToUnicode(paper.aiSummary ?? paper.abstract ?? ''), GIST),
    upvotes: context.spanUpvotes ?? paper.upvotes,
    rise: upvotesPerDay && upvotesPerDay >= 1 ? Math.round(upvotesPerDay) : undefined,
    reasons: reasons.map(({ text }) => displayLine(texToUnicode(text))),
    missed: context.missed === undefined ? undefined : displayLine(texToUnicode(context.missed)),
    thumbnail: context.hasThumbnail ? `/papers/${paper.id}/thumbnail.webp` : undefined,
    said,
  }
}

function factsOf({ categories, stars, organization, comments }: Paper, isUndated: boolean): string[] {
  const facts = [
    categories.slice(0, CATEGORIES).join(' '),
    stars ? `★ ${stars.toLocaleString('en')}` : '',
    comments ? plural(comments, 'comment') : '',
    displayLine(organization ?? '', 40),
    isUndated ? 'list without a day' : '',
  ]
  return facts.filter((fact) => fact !== '')
}

/** What is shown beside each of these papers: its picture, and what the subscriber who looks said of it. */
export async function contextOf(
  site: Site,
  subscriberId: number | undefined,
  paperIds: number[],
): Promise<(paperId: number) => Pick<RowContext, 'said' | 'hasThumbnail'>> {
  const pictured = site.config.thumbnails ? await listPictured(site.db, paperIds) : new Set<number>()
  const saidOf = await answersOf(site, subscriberId, paperIds)
  return (paperId) => ({ hasThumbnail: pictured.has(paperId), ...saidOf(paperId) })
}

/** What the subscriber who looks said of each of these papers; nothing for strangers. */
export async function answersOf(
  site: Site,
  subscriberId: number | undefined,
  paperIds: number[],
): Promise<(paperId: number) => Pick<RowContext, 'said'>> {
  if (subscriberId === undefined) return () => ({})
  const answers = new Map<number, FeedbackKind[]>()
  for (const { paperId, kind } of await listAnswersOn(site.db, subscriberId, paperIds))
    answers.set(paperId, [...(answers.get(paperId) ?? []), kind])
  return (paperId) => ({ said: answers.get(paperId) ?? [] })
}
