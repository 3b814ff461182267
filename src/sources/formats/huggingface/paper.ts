import type { Entry, LocalDate, Reject } from '../../../domain.ts'
import { publication, writtenDay } from '../../reading/dates/dates.ts'
import { countOf, fieldsOf, linkOf, namesOf, shown, textOf } from '../../reading/fields.ts'
import { countIgnored, type IgnoredFields } from '../../reading/ignoredFields.ts'
import { arxivIdOf } from '../../reading/paperIds.ts'
import { namesIn } from '../../reading/recordFormat.ts'

/**
 * One item of Hugging Face's daily papers, the same object in the listing page's props and in the API's answer: an
 * outer object about the listing around a `paper`. Eras differ in which of the two has a field.
 */

/** The page of a paper on Hugging Face, for people. */
export function hfPaperUrl(id: string): string {
  return `https://huggingface.co/papers/${id}`
}

/**
 * The day on which an item was put on the daily list. The source later rewrites its time to midnight; the day stays.
 */
export function submittedDay(item: unknown): LocalDate | undefined {
  return writtenDay(fieldsOf(fieldsOf(item)?.paper)?.submittedOnDailyAt)
}

/** Maps one item. `where` names it in a reject; `rank` is 1 for the first of the list. */
export function parseDailyItem(item: unknown, where: string, rank: number): Entry | Reject {
  const outer = fieldsOf(item)
  const paper = fieldsOf(outer?.paper)
  if (outer === undefined || paper === undefined) {
    return {
      where,
      reason: `expected an object with a paper, got ${shown(outer === undefined ? item : outer.paper)}`,
    }
  }
  const id = arxivIdOf(paper.id)
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(paper.id)}` }
  const title = textOf(paper.title) ?? textOf(outer.title)
  if (title === undefined)
    return { where, reason: `expected a title, got ${shown(paper.title)} (paper ${id})` }
  return {
    title,
    abstract: textOf(paper.summary) ?? textOf(outer.summary),
    // An author may hide a paper from their own profile (`hidden`) and is still its author.
    authors: namesOf(paper.authors),
    arxivId: id,
    url: hfPaperUrl(id),
    // The outer publishedAt is another thing in each era: the submission in 2024, four hours before the paper's in 2026.
    ...publication(paper.publishedAt),
    organization: organizationOf(paper.organization) ?? organizationOf(outer.organization),
    codeUrl: linkOf(paper.githubRepo),
    projectUrl: linkOf(paper.projectPage),
    thumbnailUrl: linkOf(outer.thumbnail),
    aiSummary: textOf(paper.ai_summary),
    keywords: namesOf(paper.ai_keywords),
    rank,
    upvotes: countOf(paper.upvotes),
    comments: countOf(outer.numComments),
    stars: countOf(paper.githubStars),
  }
}

const READ_OUTSIDE = namesIn('paper title summary thumbnail numComments organization')
const READ_INSIDE = namesIn(
  'id title summary authors publishedAt submittedOnDailyAt organization githubRepo projectPage ai_summary ai_keywords upvotes githubStars',
)

/** How often the fields of these items were filled that nobody reads. What stands in both objects counts once. */
export function ignoredIn(items: unknown[]): [string, number][] {
  const ignored: IgnoredFields = new Map()
  for (const item of items) {
    const { paper, ...outer } = fieldsOf(item) ?? {}
    const inner = fieldsOf(paper) ?? {}
    const outside = Object.entries(outer).filter(([name]) => !(name in inner))
    countIgnored(ignored, inner, READ_INSIDE)
    countIgnored(ignored, Object.fromEntries(outside), READ_OUTSIDE)
  }
  return [...ignored]
}

function organizationOf(value: unknown): string | undefined {
  const organization = fieldsOf(value)
  return textOf(organization?.fullname) ?? textOf(organization?.name)
}
