import type { DigestPaper, LocalDate, Paper, Reason } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'
import { authorsLine } from '../../text/authorsLine.ts'
import { longDay } from '../../text/dates.ts'
import { displayLine } from '../../text/displayLine.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { parseAddress } from '../address.ts'
import { arxivUrl, doiUrl, httpUrl, requiredHttpUrl, siteNameOf, siteOf } from './link.ts'

/** A stored digest with the addresses for its links. Nothing in it is shortened, rendered or escaped yet. */
export interface Digest {
  siteName: string
  publicUrl: string
  /** The subscriber's day. */
  localDate: LocalDate
  /** In the digest's order; the first one gives the subject. */
  papers: DigestPaper[]
  /** The digest in the browser. */
  viewUrl: string
  /** Where the subscriber judges a paper: the paper's number follows. Absent on a page that may be passed on. */
  judgeUrl?: string
  /** The subscriber's preferences page, to go back to from their own page of a digest. */
  homeUrl?: string
  /** Absent on a page, because a page names no subscriber. */
  recipient?: Recipient
  /** A line above the papers, for example why the digest comes late. */
  note?: string
}

/** The subscriber a digest is mailed to, with their own links. */
export interface Recipient {
  email: string
  preferencesUrl: string
  unsubscribeUrl: string
}

/** A digest that is mailed. */
export interface MailedDigest extends Digest {
  recipient: Recipient
}

/** A digest as the mail, its text part and the page show it: clean text and checked links, not escaped yet. */
export interface DigestView {
  subject: string
  preheader: string
  siteName: string
  siteUrl: string
  headline: string
  dateLine: string
  note: string
  topics: TopicView[]
  leftOut: number
  leftOutLine: string
  viewUrl: string
  /** In a mail: the subscriber's own links, and why they get the mail. */
  personal: { preferencesUrl: string; unsubscribeUrl: string; because: string } | undefined
  /** On a page: where to go from there. */
  wayOn: { label: string; url: string }[]
}

export interface TopicView {
  name: string
  papers: PaperView[]
}

export interface PaperView {
  title: string
  authors: string
  abstract: string
  why: string
  upvotes: string
  url: string
  links: { label: string; url: string }[]
  /**
   * The page on which to judge the paper, empty if there is none, and its links, each with the answer that it offers
   * first.
   */
  judgeUrl: string
  judgements: { label: string; url: string }[]
}

/**
 * How much of a digest is shown: lengths in characters as a reader counts them, the number of papers, and the number of
 * papers with links to judge.
 */
export interface Detail {
  papers: number
  title: number
  authors: number
  abstract: number
  why: number
  answers: 1 | 3
}

/** The largest detail. */
const FULL = { title: 300, authors: 300, abstract: 1000, why: 300 }
const JUDGEMENTS = { more: 'More like this', less: 'Less like this', saved: 'Save' }
const SUBJECT_LENGTH = 78
const PREHEADER_LENGTH = 110

/**
 * The view of a whole digest, for a page or for `shortenDigest`: TeX as Unicode, papers grouped by topic.
 * @throws PermanentError if there is no paper, or if the address or a needed link is unusable.
 */
export function viewDigest(digest: Digest): DigestView {
  const topics = viewTopics(digest)
  const papers = topics.flatMap((topic) => topic.papers)
  const siteUrl = requiredHttpUrl(digest.publicUrl, 'publicUrl')
  const siteName = siteNameOf(digest.siteName)
  return {
    subject: subjectOf(papers, digest.localDate),
    preheader: preheaderOf(papers),
    siteName,
    siteUrl,
    headline: `${plural(papers.length, 'paper')} for you`,
    dateLine: longDay(digest.localDate),
    note: displayLine(digest.note ?? '', 300),
    topics,
    leftOut: 0,
    leftOutLine: '',
    viewUrl: requiredHttpUrl(digest.viewUrl, 'viewUrl'),
    personal: digest.recipient && viewPersonal(digest.recipient, siteName, siteUrl),
    wayOn: wayOnFrom(digest),
  }
}

/** The same digest at less detail; says how many papers are left out. */
export function shortenDigest(view: DigestView, detail: Detail): DigestView {
  const topics: TopicView[] = []
  let room = detail.papers
  for (const { name, papers } of view.topics) {
    const shown = papers.slice(0, room).map((paper) => shortenPaper(paper, detail))
    room -= shown.length
    if (shown.length > 0) topics.push({ name, papers: shown })
  }
  const leftOut = view.topics.reduce((sum, { papers }) => sum + papers.length, 0) - (detail.papers - room)
  return {
    ...view,
    topics,
    leftOut,
    leftOutLine: `Read the other ${plural(leftOut, 'paper')} in the browser`,
  }
}

/** Topics in the order of their first papers. */
function viewTopics({ papers, publicUrl, judgeUrl }: Digest): TopicView[] {
  const topics = new Map<string, TopicView>()
  for (const item of papers) {
    const topic = topics.get(item.topic) ?? { name: displayLine(item.topic, 80) || 'Papers', papers: [] }
    topic.papers.push(viewPaper(item, publicUrl, judgeUrl))
    topics.set(item.topic, topic)
  }
  return [...topics.values()]
}

function viewPaper({ paper, reasons }: DigestPaper, publicUrl: string, judge: string | undefined): PaperView {
  const judgeUrl = (judge && httpUrl(`${judge}${paper.id}`)) ?? ''
  return {
    title: displayLine(texToUnicode(paper.title), FULL.title) || '(no title)',
    authors: displayLine(authorsLine(paper.authors), FULL.authors),
    abstract: displayLine(texToUnicode(paper.abstract ?? ''), FULL.abstract),
    why: whyOf(reasons),
    // Upvotes are shown once: if a reason names them, they are left out here.
    upvotes: reasons.some(saysUpvotes) || !paper.upvotes ? '' : plural(paper.upvotes, 'upvote'),
    url: requiredHttpUrl(`${publicUrl}/papers/${paper.id}`, 'paperUrl'),
    links: linksOf(paper),
    judgeUrl,
    judgements: judgementsAt(judgeUrl, 3),
  }
}

function shortenPaper(paper: PaperView, { title, authors, abstract, why, answers }: Detail): PaperView {
  return {
    ...paper,
    title: displayLine(paper.title, title),
    authors: displayLine(paper.authors, authors),
    abstract: displayLine(paper.abstract, abstract),
    why: displayLine(paper.why, why),
    judgements: judgementsAt(paper.judgeUrl, answers),
  }
}

function whyOf(reasons: Reason[]): string {
  const texts = reasons
    .map(({ text }) => displayLine(texToUnicode(text), FULL.why))
    .filter((text) => text !== '')
  return texts.length === 0 ? '' : displayLine(`Why: ${texts.join('; ')}`, FULL.why)
}

/** Whether the reason gives the number of upvotes; upvotes a day are something else. */
function saysUpvotes(reason: Reason): boolean {
  return reason.kind === 'popular' || (reason.kind === 'explore' && saysUpvotes(reason.because))
}

function linksOf(paper: Paper): PaperView['links'] {
  return [linkTo(sourceUrl(paper), 'Paper at'), linkTo(paper.codeUrl, 'Code at')].filter(
    (link) => link !== undefined,
  )
}

/** The link to the paper itself: arXiv, else its DOI, else the link that its source gave. */
function sourceUrl({ arxivId, doi, url }: Paper): string | null {
  if (arxivId !== null) return arxivUrl(arxivId)
  return doi === null ? url : doiUrl(doi)
}

function linkTo(address: string | null, label: string): { label: string; url: string } | undefined {
  const url = httpUrl(address ?? undefined)
  return url === undefined ? undefined : { label: `${label} ${displayLine(siteOf(url), 40)}`, url }
}

/** The links under a paper. The page they lead to stores nothing before a button is pressed. */
function judgementsAt(url: string, answers: 1 | 3): PaperView['judgements'] {
  if (url === '') return []
  if (answers === 1) return [{ label: 'More or less like this', url }]
  return Object.entries(JUDGEMENTS).map(([say, label]) => ({ label, url: `${url}?say=${say}` }))
}

/** The subject: how many papers, and the title of the first; at most 78 characters as a reader counts them. */
function subjectOf(papers: PaperView[], date: LocalDate): string {
  const [first] = papers
  if (first === undefined) {
    throw new PermanentError(
      `digest of ${date}: expected at least one paper, got none; skip the digest instead`,
    )
  }
  const before = `${plural(papers.length, 'paper')}: `
  const after = papers.length > 1 ? ` and ${papers.length - 1} more` : ''
  return before + displayLine(first.title, SUBJECT_LENGTH - before.length - after.length) + after
}

/** The preview that a mailbox shows after the subject: the other titles, or how the only paper begins. */
function preheaderOf(papers: PaperView[]): string {
  const others = papers.slice(1, 4).map(({ title }) => displayLine(title, PREHEADER_LENGTH))
  return displayLine(others.length > 0 ? others.join(' · ') : (papers[0]?.abstract ?? ''), PREHEADER_LENGTH)
}

function wayOnFrom({ homeUrl, publicUrl }: Digest): DigestView['wayOn'] {
  const trending = {
    label: 'See what is trending',
    url: requiredHttpUrl(`${publicUrl}/trending`, 'publicUrl'),
  }
  return homeUrl === undefined
    ? [trending, { label: 'Subscribe', url: requiredHttpUrl(`${publicUrl}/#subscribe`, 'publicUrl') }]
    : [{ label: 'Back to my preferences', url: requiredHttpUrl(homeUrl, 'homeUrl') }, trending]
}

function viewPersonal(recipient: Recipient, siteName: string, siteUrl: string): DigestView['personal'] {
  const email = parseAddress(recipient.email)
  if (email === undefined) {
    throw new PermanentError(
      'recipient.email: expected one mail address, got something else; correct the subscriber',
    )
  }
  return {
    preferencesUrl: requiredHttpUrl(recipient.preferencesUrl, 'preferencesUrl'),
    unsubscribeUrl: requiredHttpUrl(recipient.unsubscribeUrl, 'unsubscribeUrl'),
    because: `You get this mail because ${email} subscribed to ${siteName} at ${siteOf(siteUrl)}.`,
  }
}
