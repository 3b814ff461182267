import type { LocalDate } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'
import { displayLine } from '../../text/displayText.ts'
import { parseAddress } from '../address.ts'
import { httpUrl, requiredHttpUrl, siteOf } from './link.ts'

/** One paper as the caller has it ready for display: TeX already turned into Unicode, nothing escaped. */
export interface DigestPaper {
  title: string
  authorsLine: string
  abstractExcerpt: string
  /** Why this paper is here, in words. */
  reasons: string[]
  upvotes?: number
  /** Paperboy's own page of the paper. */
  paperUrl: string
  sourceUrl?: string
  codeUrl?: string
  /** The subscriber's own page to say what they think of it. */
  judgeUrl?: string
}

export interface DigestTopic {
  name: string
  items: DigestPaper[]
}

/** All that one digest shows. The first item of the first topic gives the subject. */
export interface DigestContent {
  siteName: string
  publicUrl: string
  subscriber: { email: string }
  /** The subscriber's day. */
  localDate: LocalDate
  topics: DigestTopic[]
  viewUrl: string
  preferencesUrl: string
  unsubscribeUrl: string
  /** A line above the papers, for example why the digest comes late. */
  note?: string
}

/**
 * `mail` names the subscriber and carries their links; `browser` is safe to pass on and carries none; `archive` is the
 * same on the subscriber's own pages, where papers can be judged.
 */
export type Medium = 'mail' | 'browser' | 'archive'

/** How much of a digest is shown: numbers of characters as a reader counts them, of papers, and of links to judge each. */
export interface Detail {
  papers: number
  title: number
  authors: number
  abstract: number
  why: number
  answers: 1 | 3
}

/** What the templates see: clean text of bounded length and checked links, still unescaped. */
export interface DigestView {
  subject: string
  preheader: string
  siteName: string
  siteUrl: string
  headline: string
  dateLine: string
  note: string
  topics: { name: string; papers: PaperView[] }[]
  leftOut: number
  leftOutLine: string
  viewUrl: string
  personal: { preferencesUrl: string; unsubscribeUrl: string; because: string } | undefined
}

export interface PaperView {
  title: string
  authors: string
  abstract: string
  why: string
  upvotes: string
  url: string
  links: { label: string; url: string }[]
  /** The page to judge it on, empty where nobody is asked, and its links with the answer that each puts first. */
  judgeUrl: string
  judgements: { label: string; url: string }[]
}

const JUDGEMENTS = { more: 'More like this', less: 'Less like this', saved: 'Save' }

const SUBJECT_LENGTH = 78
const PREHEADER_LENGTH = 110

/**
 * Makes a digest fit to be rendered at the given detail.
 * @throws PermanentError when there is no paper, or the address or a link that every digest needs is unusable.
 */
export function viewDigest(content: DigestContent, detail: Detail, medium: Medium): DigestView {
  const items = content.topics.flatMap((topic) => topic.items)
  const siteUrl = requiredHttpUrl(content.publicUrl, 'publicUrl')
  const siteName = siteNameOf(content.siteName)
  const leftOut = Math.max(0, items.length - detail.papers)
  return {
    subject: digestSubject(content),
    preheader: preheaderOf(items),
    siteName,
    siteUrl,
    headline: `${count(items.length, 'paper')} for you`,
    dateLine: longDate(content.localDate),
    note: displayLine(content.note ?? '', 300),
    topics: viewTopics(content.topics, detail, medium !== 'browser'),
    leftOut,
    leftOutLine: `Read the other ${count(leftOut, 'paper')} in the browser`,
    viewUrl: requiredHttpUrl(content.viewUrl, 'viewUrl'),
    personal: medium === 'mail' ? viewPersonal(content, siteName, siteUrl) : undefined,
  }
}

/**
 * The subject line: how many papers, and the title of the first, at most 78 characters as a reader counts them.
 * @throws PermanentError when there is no paper.
 */
export function digestSubject(content: DigestContent): string {
  const items = content.topics.flatMap((topic) => topic.items)
  const first = items[0]
  if (first === undefined) {
    throw new PermanentError(
      `digest of ${content.localDate}: expected at least one paper, got none; skip the digest instead`,
    )
  }
  const before = `${count(items.length, 'paper')}: `
  const after = items.length > 1 ? ` and ${items.length - 1} more` : ''
  return before + titleOf(first, SUBJECT_LENGTH - before.length - after.length) + after
}

/** The name of the site as text of a mail. */
export function siteNameOf(text: string): string {
  return displayLine(text, 60) || 'Paperboy'
}

/** What a mailbox shows after the subject: the titles that are not in it, or of a single paper how it begins. */
function preheaderOf(items: DigestPaper[]): string {
  const others = items.slice(1, 4).map((item) => titleOf(item, PREHEADER_LENGTH))
  const text = others.length > 0 ? others.join(' · ') : (items[0]?.abstractExcerpt ?? '')
  return displayLine(text, PREHEADER_LENGTH)
}

function viewTopics(topics: DigestTopic[], detail: Detail, asks: boolean): DigestView['topics'] {
  const views: DigestView['topics'] = []
  let room = detail.papers
  for (const topic of topics) {
    const papers = topic.items.slice(0, room).map((item) => viewPaper(item, detail, asks))
    room -= papers.length
    if (papers.length > 0) views.push({ name: displayLine(topic.name, 80) || 'Papers', papers })
  }
  return views
}

function viewPaper(item: DigestPaper, detail: Detail, asks: boolean): PaperView {
  const judgeUrl = asks ? httpUrl(item.judgeUrl) : undefined
  const reasons = item.reasons
    .map((reason) => displayLine(reason, detail.why))
    .filter((reason) => reason !== '')
  return {
    title: titleOf(item, detail.title),
    authors: displayLine(item.authorsLine, detail.authors),
    abstract: displayLine(item.abstractExcerpt, detail.abstract),
    why: reasons.length === 0 ? '' : displayLine(`Why: ${reasons.join('; ')}`, detail.why),
    upvotes: item.upvotes === undefined || item.upvotes < 1 ? '' : count(item.upvotes, 'upvote'),
    url: requiredHttpUrl(item.paperUrl, 'paperUrl'),
    judgeUrl: judgeUrl ?? '',
    judgements: judgeUrl === undefined ? [] : judgementsAt(judgeUrl, detail.answers),
    links: [linkTo(item.sourceUrl, 'Paper at'), linkTo(item.codeUrl, 'Code at')].filter(
      (link) => link !== undefined,
    ),
  }
}

/** The links under a paper; the page they lead to stores nothing before a button is pressed. */
function judgementsAt(url: string, answers: 1 | 3): PaperView['judgements'] {
  if (answers === 1) return [{ label: 'More or less like this', url }]
  return Object.entries(JUDGEMENTS).map(([say, label]) => ({ label, url: `${url}?say=${say}` }))
}

function linkTo(address: string | undefined, label: string): { label: string; url: string } | undefined {
  const url = httpUrl(address)
  return url === undefined ? undefined : { label: `${label} ${displayLine(siteOf(url), 40)}`, url }
}

function viewPersonal(content: DigestContent, siteName: string, siteUrl: string): DigestView['personal'] {
  const email = parseAddress(content.subscriber.email)
  if (email === undefined) {
    throw new PermanentError(
      'subscriber.email: expected one mail address, got something else; correct the subscriber',
    )
  }
  return {
    preferencesUrl: requiredHttpUrl(content.preferencesUrl, 'preferencesUrl'),
    unsubscribeUrl: requiredHttpUrl(content.unsubscribeUrl, 'unsubscribeUrl'),
    because: `You get this mail because ${email} subscribed to ${siteName} at ${siteOf(siteUrl)}.`,
  }
}

function titleOf(item: DigestPaper, max: number): string {
  return displayLine(item.title, max) || '(no title)'
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

function longDate(date: LocalDate): string {
  const day = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(day.getTime())) return displayLine(date, 20)
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(day)
}
