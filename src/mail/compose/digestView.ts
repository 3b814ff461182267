import { remembered } from '../../caching.ts'
import type { DigestPaper, LocalDate } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'
import { longDay } from '../../text/dates.ts'
import { displayLine, shorten } from '../../text/displayLine.ts'
import { plural } from '../../text/plural.ts'
import { parseAddress } from '../address.ts'
import { httpUrl, requiredHttpUrl, siteNameOf, siteOf } from './link.ts'
import { type Detail, type PaperView, shortenPaper, viewPaper } from './paperView.ts'

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
  /** What is in it: `Agents 4 · Video 3`. */
  contents: string
  dateLine: string
  note: string
  /** The first papers, the best of all topics, and then the others by topic. */
  sections: SectionView[]
  leftOut: number
  leftOutLine: string
  viewUrl: string
  /** In a mail: the subscriber's own links, and why they get the mail. */
  personal: { preferencesUrl: string; unsubscribeUrl: string; because: string } | undefined
  /** On a page: where to go from there. */
  wayOn: { label: string; url: string }[]
}

export interface SectionView {
  /** The topic; empty for the first papers, which name their topics themselves. */
  name: string
  papers: PaperView[]
}

/** This many papers are shown in full; the others take two lines each. */
const IN_FULL = 3
const SUBJECT_LENGTH = 78

/**
 * The view of a whole digest, for a page or for `shortenDigest`: TeX as Unicode, the first papers in full and the others
 * by topic. On a page every paper is in full.
 * @throws PermanentError if there is no paper, or if the address or a needed link is unusable.
 */
export function viewDigest(digest: Digest): DigestView {
  const papers = viewPapers(digest)
  const siteUrl = requiredHttpUrl(digest.publicUrl, 'publicUrl')
  const siteName = siteNameOf(digest.siteName)
  return {
    subject: subjectOf(papers, digest.localDate),
    preheader: papers[0]!.preheader,
    siteName,
    siteUrl,
    headline: `${plural(papers.length, 'paper')} for you`,
    contents: contentsOf(papers),
    dateLine: dayInWords(digest.localDate),
    note: displayLine(digest.note ?? '', 300),
    sections: sectionsOf(papers),
    leftOut: 0,
    leftOutLine: '',
    viewUrl: requiredHttpUrl(digest.viewUrl, 'viewUrl'),
    personal: digest.recipient && viewPersonal(digest.recipient, siteName, siteUrl),
    wayOn: wayOnFrom(digest),
  }
}

const dayInWords = remembered(100, (date) => longDay(date as LocalDate))

/** The same digest at less detail; says how many papers are left out. */
export function shortenDigest(view: DigestView, detail: Detail): DigestView {
  const sections: SectionView[] = []
  let room = detail.papers
  for (const { name, papers } of view.sections) {
    const shown = papers.slice(0, room).map((paper) => shortenPaper(paper, detail))
    room -= shown.length
    if (shown.length > 0) sections.push({ name, papers: shown })
  }
  const leftOut = view.sections.reduce((sum, { papers }) => sum + papers.length, 0) - (detail.papers - room)
  return {
    ...view,
    sections,
    leftOut,
    leftOutLine: `Read the other ${plural(leftOut, 'paper')} in the browser`,
  }
}

function viewPapers({ papers, publicUrl, judgeUrl, recipient }: Digest): PaperView[] {
  const most = Math.max(1, ...papers.map(({ paper }) => paper.upvotes ?? 0))
  // Checked once: only the paper's number is added to it.
  const judge = judgeUrl && httpUrl(judgeUrl)
  return papers.map((item, at) =>
    viewPaper(item, { publicUrl, judgeUrl: judge, most, isFull: recipient === undefined || at < IN_FULL }),
  )
}

/** The first papers, and then a section for each topic in the order of its first paper. */
function sectionsOf(papers: PaperView[]): SectionView[] {
  const first: SectionView = { name: '', papers: papers.slice(0, IN_FULL) }
  const topics = new Map<string, SectionView>()
  for (const paper of papers.slice(IN_FULL)) {
    const section = topics.get(paper.topic) ?? { name: paper.topic, papers: [] }
    section.papers.push(paper)
    topics.set(paper.topic, section)
  }
  return [first, ...topics.values()]
}

function contentsOf(papers: PaperView[]): string {
  const counts = new Map<string, number>()
  for (const { topic } of papers) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  return [...counts].map(([topic, count]) => `${topic} ${count}`).join(' · ')
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
  return before + shorten(first.title, SUBJECT_LENGTH - before.length - after.length) + after
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
