import type { Entry, Listing, LocalDate, Reject } from '../../../domain.ts'
import { countOf, dayOf, linkOf, shown, textOf } from '../../reading/fields.ts'
import { type HtmlDocument, type HtmlElement, htmlTextOf, outermost } from '../../reading/html.ts'
import { separate } from '../../reading/pageFormat.ts'
import { arxivIdOf } from '../../reading/paperIds.ts'
import { hfPaperUrl } from './paper.ts'

/**
 * The cards of a Hugging Face listing page, `<article>` with `h3 > a[href="/papers/<id>"]`. They are read when the
 * listing data is missing. They have no abstract and at most five of the authors, so both fields stay absent.
 */

/** A month's page has a few hundred. */
const MOST_CARDS = 10_000

/** Reads all cards in the page's order, and the day of the page's date picker. Never throws. */
export function parseCards(page: HtmlDocument): Omit<Listing, 'format'> {
  const cards = outermost(page, isArticle).slice(0, MOST_CARDS).filter(isPaperCard)
  return {
    listedOn: pickedDay(page),
    ...separate(cards.map(parseCard)),
  }
}

function isArticle({ name }: HtmlElement): boolean {
  return name === 'article'
}

function isPaperCard(card: HtmlElement): boolean {
  const path = paperPath(card)
  return path !== undefined && !/^(?:trending|date|week|month)(?:\/|$)/.test(path)
}

function titleLink(card: HtmlElement): HtmlElement | undefined {
  const headings = outermost(card, ({ name }) => name === 'h3')
  return headings.flatMap((heading) => outermost(heading, isLink))[0]
}

function isLink({ name, attribs }: HtmlElement): boolean {
  return name === 'a' && attribs.href !== undefined
}

/** The part after `/papers/` in the title's link. The link may be relative, absolute, or rewritten by an archive. */
function paperPath(card: HtmlElement): string | undefined {
  return /\/papers\/([^?#]*)/.exec(titleLink(card)?.attribs.href ?? '')?.[1]
}

function parseCard(card: HtmlElement, index: number): Entry | Reject {
  const where = `card ${index + 1}`
  const path = paperPath(card)
  const id = arxivIdOf(path)
  if (id === undefined)
    return { where, reason: `expected an arXiv id in the card's link, got ${shown(path)}` }
  const title = textOf(htmlTextOf(titleLink(card)))
  if (title === undefined) return { where, reason: `expected a title in the card, got nothing (paper ${id})` }
  return {
    title,
    arxivId: id,
    url: hfPaperUrl(id),
    thumbnailUrl: linkOf(thumbnails(card)[0]?.attribs.src),
    rank: index + 1,
    upvotes: upvoteCount(card),
    comments: commentCount(card),
  }
}

function thumbnails(card: HtmlElement): HtmlElement[] {
  return outermost(
    card,
    ({ name, attribs }) => name === 'img' && /\/social-thumbnails\//.test(attribs.src ?? ''),
  )
}

/** The number in the elements styled like the votes; "Submitted by" is styled the same. */
function upvoteCount(card: HtmlElement): number | undefined {
  const styled = outermost(
    card,
    ({ name, attribs }) => name === 'div' && /(?:^|\s)leading-none(?:\s|$)/.test(attribs.class ?? ''),
  )
  return styled.map((element) => voteCount(htmlTextOf(element))).find((count) => count !== undefined)
}

/** `94`, `1,204`; "-" means none yet. */
function voteCount(text: string): number | undefined {
  const digits = text.trim().replaceAll(',', '')
  if (digits === '-') return 0
  return /^\d{1,10}$/.test(digits) ? countOf(Number(digits)) : undefined
}

/** The link to the discussion appears with the first comment. */
function commentCount(card: HtmlElement): number | undefined {
  const [link] = outermost(card, (element) => isLink(element) && element.attribs.href!.endsWith('#community'))
  return link === undefined ? 0 : voteCount(htmlTextOf(link))
}

/**
 * The date picker's `<time datetime>`. If its neighbours lead to other weeks or months, it is only the first day of
 * one of these. Two different days on a page say nothing about the listing.
 */
function pickedDay(page: HtmlDocument): LocalDate | undefined {
  const times = outermost(page, (element) => isArticle(element) || isTime(element)).filter(isTime)
  const around = new Set(times.flatMap(({ parent }) => parent ?? []))
  const pickers = [...around].flatMap(({ children }) => children as HtmlElement[])
  if (pickers.some(leadsToPeriod)) return undefined
  const days = new Set(times.map(({ attribs }) => dayOf(attribs.datetime)))
  return days.size === 1 ? [...days][0] : undefined
}

function isTime({ name, attribs }: HtmlElement): boolean {
  return name === 'time' && attribs.datetime !== undefined
}

function leadsToPeriod({ name, attribs }: HtmlElement): boolean {
  return name === 'a' && /\/papers\/(?:week|month)\//.test(attribs.href ?? '')
}
