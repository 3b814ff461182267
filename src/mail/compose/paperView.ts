import { keptFor, remembered } from '../../caching.ts'
import type { DigestPaper, Paper, Reason } from '../../domain.ts'
import { authorsLine } from '../../text/authorsLine.ts'
import { displayLine, shorten } from '../../text/displayLine.ts'
import { plural } from '../../text/plural.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { arxivUrl, doiUrl, httpUrl, requiredHttpUrl, siteOf } from './link.ts'

/** A paper as the mail, its text part and the page show it: clean text and checked links, not escaped yet. */
export interface PaperView extends PaperTexts {
  /** In full, or in two lines: title and `line`. */
  isFull: boolean
  topic: string
  why: string
  line: string
  url: string
  /** `41 upvotes, 12 a day`; empty if there are none. */
  upvotes: string
  /** The length of the bar of upvotes in pixels. */
  bar: number
  /**
   * The page on which to judge the paper, empty if there is none, and its links, each with the answer that it offers
   * first.
   */
  judgeUrl: string
  judgements: { label: string; url: string }[]
}

/** How much of a digest is shown: the number of papers, and the lengths of texts in characters as a reader counts them. */
export interface Detail {
  papers: number
  full: { title: number; authors: number; summary: number; why: number }
  brief: { title: number; line: number }
}

/** What is shown of a paper, whoever gets it. */
interface PaperTexts {
  title: string
  authors: string
  /** The first author, the others counted. */
  firstAuthor: string
  /** The source's own summary in a sentence, or the beginning of the abstract. */
  summary: string
  /** What a mailbox shows after the subject if this is the first paper: its title is in the subject already. */
  preheader: string
  links: { label: string; url: string }[]
}

const PREHEADER_LENGTH = 140
const LONGEST = { title: 300, authors: 300, summary: 1000, why: 300, topic: 80 }
const JUDGEMENTS = [
  ['more', 'More like this'],
  ['less', 'Less like this'],
  ['saved', 'Save'],
] as const
const BAR_PIXELS = 160
const SHORTEST_BAR = 4
/** Texts kept, such as reasons and topics. They are short, and many digests share them. */
const KEPT = 5000

/**
 * Shows a chosen paper. `judgeUrl` must be a checked link. `most`: the upvotes of the digest's most popular paper.
 * @throws PermanentError if `publicUrl` is no link.
 */
export function viewPaper(
  { paper, reasons, topic }: DigestPaper,
  context: { publicUrl: string; judgeUrl: string | undefined; most: number; isFull: boolean },
): PaperView {
  const upvotes = upvotesOf(paper, reasons)
  const why = whyOf(reasons, upvotes !== '')
  const judgeUrl = context.judgeUrl === undefined ? '' : `${context.judgeUrl}${paper.id}`
  // Named one by one, not spread: objects of one shape are several times quicker in the templates.
  const { title, authors, firstAuthor, summary, preheader, links } = textsOf(paper)
  return {
    title,
    authors,
    firstAuthor,
    summary,
    preheader,
    links,
    isFull: context.isFull,
    topic: topicName(topic),
    why,
    line: context.isFull ? '' : [firstAuthor, upvotes, why.replace('Why: ', '')].filter(Boolean).join(' · '),
    url: `${papersAt(context.publicUrl)}${paper.id}`,
    upvotes,
    bar: Math.max(SHORTEST_BAR, Math.round((BAR_PIXELS * (paper.upvotes ?? 0)) / context.most)),
    judgeUrl,
    judgements: judgementsAt(judgeUrl, context.isFull),
  }
}

/** The same paper with shorter texts. */
export function shortenPaper(paper: PaperView, { full, brief }: Detail): PaperView {
  if (!paper.isFull) {
    return { ...paper, title: shortened(paper.title, brief.title), line: shorten(paper.line, brief.line) }
  }
  return {
    ...paper,
    title: shortened(paper.title, full.title),
    authors: shortened(paper.authors, full.authors),
    summary: shortened(paper.summary, full.summary),
    why: shorten(paper.why, full.why),
  }
}

/** Like `shorten`, with the results kept: texts of a day's papers come again in many mails. */
function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const known = SHORTENED.get(max)
  if (known !== undefined) return known(text)
  const cut = remembered(KEPT, (long) => shorten(long, max))
  SHORTENED.set(max, cut)
  return cut(text)
}

/** By length: there are a few, those of each detail. */
const SHORTENED = new Map<number, (text: string) => string>()

/** Made once for each paper: a day's papers go to many subscribers. */
const textsOf = keptFor((paper: Paper): PaperTexts => {
  const title = displayLine(texToUnicode(paper.title), LONGEST.title) || '(no title)'
  const summary = displayLine(texToUnicode(paper.aiSummary ?? paper.abstract ?? ''), LONGEST.summary)
  return {
    title,
    authors: displayLine(authorsLine(paper.authors), LONGEST.authors),
    firstAuthor: displayLine(authorsLine(paper.authors, 1), LONGEST.authors),
    summary,
    preheader: shorten(summary || title, PREHEADER_LENGTH),
    links: linksOf(paper),
  }
})

const topicName = remembered(KEPT, (topic) => displayLine(topic, LONGEST.topic) || 'Papers')

/** Only the number of a paper is added to an address that is checked once. */
const papersAt = remembered(10, (publicUrl) => requiredHttpUrl(`${publicUrl}/papers/`, 'paperUrl'))

/** The reasons in a line. Upvotes and their speed have a bar of their own; if it is shown, they are left out. */
function whyOf(reasons: Reason[], hasBar: boolean): string {
  let texts = ''
  for (const { kind, text } of reasons) {
    if (hasBar && (kind === 'popular' || kind === 'rising')) continue
    const shown = reasonText(text)
    if (shown !== '') texts += `${texts === '' ? 'Why: ' : '; '}${shown}`
  }
  return shorten(texts, LONGEST.why)
}

const reasonText = remembered(KEPT, (text) => displayLine(texToUnicode(text), LONGEST.why))

function upvotesOf({ upvotes }: Paper, reasons: Reason[]): string {
  if (!upvotes) return ''
  const rising = reasons.find((reason) => reason.kind === 'rising')
  const count = upvotesInWords(String(upvotes))
  return rising ? `${count}, ${rising.upvotesPerDay} a day` : count
}

const upvotesInWords = remembered(KEPT, (count) => plural(Number(count), 'upvote'))

function linksOf(paper: Paper): PaperTexts['links'] {
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
function judgementsAt(url: string, isFull: boolean): PaperView['judgements'] {
  if (url === '') return []
  if (!isFull) return [{ label: 'More or less like this', url }]
  return JUDGEMENTS.map(([say, label]) => ({ label, url: `${url}?say=${say}` }))
}
