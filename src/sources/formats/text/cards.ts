import type { Entry, LocalDate, Reject } from '../../../domain.ts'
import { shownDay, startOf } from '../../reading/dates/dates.ts'
import { countOf, shown } from '../../reading/fields.ts'
import type { Piece } from '../../reading/linkedText.ts'
import { arxivIdOf } from '../../reading/paperIds.ts'
import { hfPaperUrl } from '../huggingface/paper.ts'

/**
 * The papers of a Hugging Face listing or search page that was saved as text: a linked title, the abstract linked to
 * the same page, "3 authors" or an organization, "·" and the date. The votes stand before the title or at the end.
 */

interface Card {
  title: string
  id?: string
  abstract?: string
  votes?: number
  comments?: number
  organization?: string
  date?: string
}

const COUNT = /^(?:\[-\] ?)?(?:Upvote ?)?(-|\d{1,3}(?:,?\d{3}){0,2})$/
const DATE = /(?:^|· ?|Published on )([A-Z][a-z]{2} \d{1,2}(?:, \d{4})?)$/
const AUTHORS = /^(?:[-*] ?)*\d+ authors?$/
const ORGANIZATION = /^https:\/\/huggingface\.co\/(?!papers$|login|join|models$|datasets$|spaces$)[\w.-]+$/
const ABOVE = /^\[[^\]]{1,100}\] ?/

const SHORTEST_ABSTRACT = 60
/**
 * Trending pages show either a one-sentence summary by a model or the abstract. Measured: summaries have at most 296
 * characters, abstracts at least 450.
 */
const LONGEST_AI_SUMMARY = 370

export interface CardPage {
  readOn: LocalDate | undefined
  /** The page shows summaries by a model instead of abstracts. */
  isTrending: boolean
}

/** Reads all cards in the page's order, each paper once. Never throws. */
export function parseTextCards(pieces: Piece[], page: CardPage): { entries: Entry[]; rejects: Reject[] } {
  const { cards, rejects } = readCards(pieces)
  const seen = new Set<string>()
  const once = cards.filter(({ id }) => id === undefined || (!seen.has(id) && seen.add(id)))
  return { entries: once.map((card, index) => entryOf(card, index + 1, page)), rejects }
}

/** The index of the first card's first piece. It separates what stands above all cards; undefined without cards. */
export function firstCard(pieces: Piece[]): number | undefined {
  const index = pieces.findIndex(titleTest(pieces))
  return index === -1 ? undefined : index
}

function readCards(pieces: Piece[]): { cards: Card[]; rejects: Reject[] } {
  const isTitle = titleTest(pieces)
  const page: PageSoFar = { cards: [], rejects: [], votes: readVotes(pieces), pending: undefined }
  pieces.forEach((piece, index) => {
    // If titles are not headings, the next link of the same paper is its abstract.
    const isNext = piece.isHeading || page.cards.at(-1)?.id !== arxivIdOf(piece.url)
    if (isTitle(piece) && isNext) openCard(page, piece)
    else readPiece(page, piece, pieces[index - 1], index === pieces.length - 1)
  })
  return page
}

interface PageSoFar {
  cards: Card[]
  rejects: Reject[]
  votes: Map<string, number | undefined>
  /** Votes that stand before the next title. */
  pending: number | undefined
}

function openCard(page: PageSoFar, piece: Piece): void {
  const id = arxivIdOf(piece.url)
  const fault = faultIn(piece.text, id, page.votes)
  if (fault !== undefined) page.rejects.push(rejectOf(piece, fault))
  else page.cards.push({ title: piece.text, id, votes: id === undefined ? page.pending : page.votes.get(id) })
  page.pending = undefined
}

function readPiece(page: PageSoFar, piece: Piece, before: Piece | undefined, isLast: boolean): void {
  const card = page.cards.at(-1)
  // Comments follow the date on its line. The next card's votes stand on a line of their own.
  const count = piece.isLink && piece.url === undefined && !piece.isInline ? countIn(piece.text) : undefined
  if (count !== undefined) page.pending = count
  else if (card) readDetail(card, piece, before, isLast)
  if (isStray(piece, page.cards)) page.rejects.push(rejectOf(piece, 'expected a title before this abstract'))
}

/** If a page has links to vote, each paper's title is beside one: a second witness for its id. */
function faultIn(
  title: string,
  id: string | undefined,
  votes: Map<string, number | undefined>,
): string | undefined {
  if (/https?:\/\//.test(title)) return 'expected a title, got an address'
  const isDoubtful = id !== undefined && votes.size > 0 && !votes.has(id)
  return isDoubtful ? `expected title and votes of one paper, got a title of ${id} alone` : undefined
}

/** A test for titles: linked headings or, if a page has none, links to papers. */
function titleTest(pieces: Piece[]): (piece: Piece) => boolean {
  const isPaper = (piece: Piece) => piece.isLink && paperOf(piece.url) !== undefined
  const byHeading = pieces.some((piece) => piece.isHeading)
  return (piece) =>
    byHeading
      ? piece.isHeading && (isPaper(piece) || piece.url === undefined)
      : isPaper(piece) && !AUTHORS.test(piece.text) && countIn(piece.text) === undefined
}

function readDetail(card: Card, piece: Piece, before: Piece | undefined, isLast: boolean): void {
  const belongs = piece.url === undefined || arxivIdOf(piece.url) === card.id
  const count = piece.isLink ? countIn(piece.text) : undefined
  if (count === undefined) readText(card, piece, before, isLast, belongs)
  else if (belongs && /#community$/.test(piece.url ?? '#community')) card.comments ??= count
}

function readText(
  card: Card,
  piece: Piece,
  before: Piece | undefined,
  isLast: boolean,
  belongs: boolean,
): void {
  const { text } = piece
  if (DATE.test(text) && text.length < 40) {
    card.date ??= DATE.exec(text)![1]
  } else if (text.length >= SHORTEST_ABSTRACT && belongs && !AUTHORS.test(text)) {
    // Text without a link at the end of the page may be cut there.
    if (piece.isLink || !isLast) card.abstract ??= text
  } else if (card.date === undefined && isOrganization(piece, before)) {
    card.organization ??= text.replace(ABOVE, '') || undefined
  }
}

function isOrganization(piece: Piece, before: Piece | undefined): boolean {
  if (!piece.isLink || /submitted by$/i.test(before?.text ?? '')) return false
  return piece.url === undefined ? ABOVE.test(piece.text) : ORGANIZATION.test(piece.url)
}

/** Votes by paper. They are the text of the link that would cast one, `/login?next=%2Fpapers%2F<id>`. */
function readVotes(pieces: Piece[]): Map<string, number | undefined> {
  const votes = new Map<string, number | undefined>()
  for (const { url, text } of pieces) {
    const id = /\/login\?next=/.test(url ?? '') ? arxivIdOf(decoded(url!)) : undefined
    if (id !== undefined && !votes.has(id)) votes.set(id, countIn(text))
  }
  return votes
}

function decoded(url: string): string {
  return url.replace(/^[^?]*\?next=(?:%2F|\/)/i, 'https://huggingface.co/').replace(/%2F/gi, '/')
}

/** The id in the link to a paper's own page. */
function paperOf(url: string | undefined): string | undefined {
  return /^https?:\/\/(?:www\.)?huggingface\.co\/papers\/[^?#]+$/.test(url ?? '') ? arxivIdOf(url) : undefined
}

function isStray(piece: Piece, cards: Card[]): boolean {
  const id = piece.text.length >= SHORTEST_ABSTRACT ? paperOf(piece.url) : undefined
  return id !== undefined && cards.at(-1)?.id !== id
}

function entryOf(card: Card, rank: number, page: CardPage): Entry {
  const isSummary = page.isTrending && (card.abstract?.length ?? 0) <= LONGEST_AI_SUMMARY
  return {
    title: card.title,
    abstract: isSummary ? undefined : card.abstract,
    arxivId: card.id,
    url: card.id === undefined ? undefined : hfPaperUrl(card.id),
    publishedAt: card.date === undefined ? undefined : startOf(shownDay(card.date, page.readOn)),
    organization: card.organization,
    aiSummary: isSummary ? card.abstract : undefined,
    rank,
    upvotes: card.votes,
    comments: card.comments,
  }
}

/** `101`, `1,204`; "-" means none yet. */
function countIn(text: string): number | undefined {
  const digits = COUNT.exec(text)?.[1]
  return digits === undefined ? undefined : digits === '-' ? 0 : countOf(Number(digits.replaceAll(',', '')))
}

function rejectOf(piece: Piece, reason: string): Reject {
  return { where: `line ${piece.line}`, reason: `${reason}: ${shown(piece.text)}` }
}
