import type { CheerioAPI } from 'cheerio/slim'
import type { Entry, Listing, LocalDate, Reject } from '../domain.ts'
import { countOf, dayOf, linkOf, shown, textOf } from './fields.ts'
import { separate } from './format.ts'
import { hfPaperId, hfPaperUrl } from './hfPaper.ts'

/**
 * The cards of a Hugging Face listing page, `<article>` with `h3 > a[href="/papers/<id>"]`: what is left to read when the
 * listing data is gone. They have no abstract, and at most five of the authors, so both stay unsaid.
 */

type Card = ReturnType<CheerioAPI>

/** A month's page has some hundreds. */
const MOST_CARDS = 10_000

/** Reads all cards, in the page's order, and the day of the page's date picker. Never throws. */
export function parseCards($: CheerioAPI): Omit<Listing, 'format'> {
  const cards = $('article')
    .toArray()
    .slice(0, MOST_CARDS)
    .map((element) => $(element))
    .filter((card) => isPaperCard(card))
  const results = cards.map((card, index) => parseCard($, card, index))
  return {
    listedOn: pickedDay($),
    ...separate(results),
  }
}

function isPaperCard(card: Card): boolean {
  const path = paperPath(card)
  return path !== undefined && !/^(?:trending|date|week|month)(?:\/|$)/.test(path)
}

/** What follows `/papers/` in the title's link: relative, absolute, or rewritten by an archive. */
function paperPath(card: Card): string | undefined {
  return /\/papers\/([^?#]*)/.exec(card.find('h3 a[href]').first().attr('href') ?? '')?.[1]
}

function parseCard($: CheerioAPI, card: Card, index: number): Entry | Reject {
  const where = `card ${index + 1}`
  const path = paperPath(card)
  const id = hfPaperId(path)
  if (id === undefined)
    return { where, reason: `expected an arXiv id in the card's link, got ${shown(path)}` }
  const title = textOf(card.find('h3 a[href]').first().text())
  if (title === undefined) return { where, reason: `expected a title in the card, got nothing (paper ${id})` }
  return {
    title,
    arxivId: id,
    url: hfPaperUrl(id),
    thumbnailUrl: linkOf(card.find('img[src*="/social-thumbnails/"]').first().attr('src')),
    rank: index + 1,
    upvotes: upvoteCount($, card),
    comments: commentCount(card),
  }
}

/** Of the elements styled like the votes, "Submitted by" among them, the one that holds a number. */
function upvoteCount($: CheerioAPI, card: Card): number | undefined {
  const texts = card.find('div.leading-none').toArray()
  return texts.map((element) => voteCount($(element).text())).find((count) => count !== undefined)
}

/** `94`, `1,204`; "-" stands for none yet. */
function voteCount(text: string): number | undefined {
  const digits = text.trim().replaceAll(',', '')
  if (digits === '-') return 0
  return /^\d{1,10}$/.test(digits) ? countOf(Number(digits)) : undefined
}

/** The link to the discussion is there from the first comment on. */
function commentCount(card: Card): number | undefined {
  const link = card.find('a[href$="#community"]').first()
  return link.length === 0 ? 0 : voteCount(link.text())
}

/**
 * The date picker's `<time datetime>`, unless its neighbours lead to other weeks or months: then it is where one of these
 * begins. Two different days on a page say nothing about the listing.
 */
function pickedDay($: CheerioAPI): LocalDate | undefined {
  const times = $('time[datetime]').not('article time')
  if (times.siblings('a[href*="/papers/week/"], a[href*="/papers/month/"]').length > 0) return undefined
  const days = new Set(times.toArray().map((element) => dayOf($(element).attr('datetime'))))
  return days.size === 1 ? [...days][0] : undefined
}
