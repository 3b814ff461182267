import type { Entry, LocalDate, Reject } from '../../../domain.ts'
import { countOf, dayOf, fieldsOf, instantOf, linkOf, namesOf, shown, textOf } from '../../reading/fields.ts'

/**
 * One item of Hugging Face's daily papers, the same object in the listing page's props and in the API's answer:
 * an outer object about the listing around a `paper`. Older and newer eras differ in which of both holds a field.
 */

/** `2401.00001`, `0704.0001`, `hep-th/9901001`, `math.CA/0611800`, each with or without version. */
const ARXIV_ID =
  /^(?:(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})|([a-z]+(?:-[a-z]+)?)(?:\.[A-Z]{2})?\/(\d{7}))(?:v\d{1,3})?$/

/** The canonical arXiv id of a Hugging Face paper id, or undefined for anything else (`../x`, `trending`). */
export function hfPaperId(value: unknown): string | undefined {
  const match = typeof value === 'string' ? ARXIV_ID.exec(value.trim()) : null
  if (match === null) return undefined
  return match[1] ?? `${match[2]}/${match[3]}`
}

/** The page of a paper on Hugging Face, for people. */
export function hfPaperUrl(id: string): string {
  return `https://huggingface.co/papers/${id}`
}

/** The day on which an item was put on the daily list. Its clock time is rewritten to midnight later, its day stays. */
export function submittedDay(item: unknown): LocalDate | undefined {
  return dayOf(fieldsOf(fieldsOf(item)?.paper)?.submittedOnDailyAt)
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
  const id = hfPaperId(paper.id)
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(paper.id)}` }
  const title = textOf(paper.title) ?? textOf(outer.title)
  if (title === undefined)
    return { where, reason: `expected a title, got ${shown(paper.title)} (paper ${id})` }
  return {
    title,
    abstract: textOf(paper.summary) ?? textOf(outer.summary),
    // An author may hide a paper from their own profile (`hidden`) and stays its author.
    authors: namesOf(paper.authors),
    arxivId: id,
    url: hfPaperUrl(id),
    // The outer publishedAt is another thing in each era: the submission in 2024, four hours before the paper's in 2026.
    publishedAt: instantOf(paper.publishedAt),
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

function organizationOf(value: unknown): string | undefined {
  const organization = fieldsOf(value)
  return textOf(organization?.fullname) ?? textOf(organization?.name)
}
