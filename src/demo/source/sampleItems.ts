import { createHash } from 'node:crypto'
import { hasSummary, type PlacedPaper, upvotesOf } from './sampleListings.ts'

/**
 * The two eras of the source's item. In `2026` an item has more fields, and its outer publishedAt is four hours
 * early.
 */
export type Era = '2024' | '2026'

/** Where and when an item is shown. */
export interface ItemContext {
  era: Era
  now: Date
  /** The beginning of the source's addresses. */
  origin: string
}

/** One item of a daily list, with the fields, types and oddities of the real source. */
export function dailyItem(paper: PlacedPaper, { era, now, origin }: ItemContext) {
  const is2026 = era === '2026'
  const publishedAt = `${paper.publishedOn}T00:00:00.000Z`
  return {
    paper: {
      id: paper.id,
      authors: paper.authors.map((name) => ({ _id: objectId(paper.id + name), name, hidden: false })),
      publishedAt,
      ...(is2026 && { submittedOnDailyAt: `${paper.listedOn[0]}T00:00:00.000Z` }),
      title: paper.title,
      ...(is2026 && { submittedOnDailyBy: { ...SUBMITTER, user: SUBMITTER.name } }),
      summary: paper.abstract,
      upvotes: upvotesOf(paper, now),
      discussionId: objectId(paper.id),
      ...(is2026 && lateFields(paper, now)),
    },
    publishedAt: is2026 ? new Date(Date.parse(publishedAt) - 4 * 3_600_000).toISOString() : publishedAt,
    title: paper.title,
    ...(is2026 && { summary: paper.abstract }),
    thumbnail: `${origin}/social-thumbnails/papers/${paper.id}.png`,
    numComments: commentsOf(paper, now),
    submittedBy: SUBMITTER,
    ...(is2026 && { isAuthorParticipating: false }),
    ...(is2026 && organizationOf(paper)),
  }
}

export function commentsOf(paper: PlacedPaper, now: Date): number {
  return Math.floor(upvotesOf(paper, now) / 12)
}

const SUBMITTER = {
  _id: objectId('submitter'),
  avatarUrl: '/avatars/sample.svg',
  fullname: 'Sample Curator',
  name: 'sample-curator',
  type: 'user',
  isPro: false,
  isHf: false,
}

function lateFields(paper: PlacedPaper, now: Date) {
  const summary = paper.abstract.replace(/\s+/g, ' ').split(/(?<=[.!?]) /)[1]
  return {
    ...(paper.code && { githubRepo: paper.code, githubRepoAddedBy: 'user', githubStars: paper.peak * 3 }),
    ...(paper.project && { projectPage: paper.project }),
    ...(hasSummary(paper, now) && { ai_summary: summary, ai_keywords: paper.keywords }),
    ...organizationOf(paper),
  }
}

function organizationOf({ organization }: PlacedPaper) {
  if (organization === undefined) return {}
  const name = organization.toLowerCase().replace(/\s+/g, '-')
  return {
    organization: { _id: objectId(name), name, fullname: organization, avatar: '/avatars/sample.svg' },
  }
}

/** 24 hex digits, always the same for the same text. */
function objectId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}
