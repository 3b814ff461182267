import type { DigestItemWithPaper } from '../db/digests/digestItems.ts'
import type { LocalDate, Paper, Reason } from '../domain.ts'
import type { DigestContent, DigestPaper, DigestTopic } from '../mail/compose/digestContent.ts'
import { toUnicode } from '../text/display.ts'
import type { DigestLinks } from './digestLinks.ts'

export interface DigestToShow {
  localDate: LocalDate
  email: string
  /** In the digest's order. */
  items: DigestItemWithPaper[]
  links: DigestLinks
  publicUrl: string
}

const AUTHORS_NAMED = 4

/** A digest as people read it, in mail and browser alike: TeX as Unicode, papers under their topics. */
export function showDigest(digest: DigestToShow): DigestContent {
  return {
    siteName: 'Paperboy',
    publicUrl: digest.publicUrl,
    subscriber: { email: digest.email },
    localDate: digest.localDate,
    topics: byTopic(digest.items, digest.publicUrl, digest.links.judge),
    viewUrl: digest.links.view,
    preferencesUrl: digest.links.preferences,
    unsubscribeUrl: digest.links.unsubscribe,
  }
}

function byTopic(items: DigestItemWithPaper[], publicUrl: string, judge: string | undefined): DigestTopic[] {
  const topics = new Map<string, DigestTopic>()
  for (const item of items) {
    const topic = topics.get(item.topic) ?? { name: item.topic, items: [] }
    topic.items.push(showPaper(item, publicUrl, judge))
    topics.set(item.topic, topic)
  }
  return [...topics.values()]
}

function showPaper(
  { paper, reasons }: DigestItemWithPaper,
  publicUrl: string,
  judge: string | undefined,
): DigestPaper {
  return {
    title: toUnicode(paper.title),
    authorsLine: authorsLine(paper.authors),
    abstractExcerpt: toUnicode(paper.abstract ?? ''),
    reasons: reasons.map(({ text }) => toUnicode(text)),
    // Said once: where upvotes are among the reasons, they stand there.
    upvotes: reasons.some(saysUpvotes) ? undefined : (paper.upvotes ?? undefined),
    paperUrl: `${publicUrl}/papers/${paper.id}`,
    sourceUrl: sourceUrl(paper),
    codeUrl: paper.codeUrl ?? undefined,
    judgeUrl: judge === undefined ? undefined : `${judge}${paper.id}`,
  }
}

/** Whether the reason gives the number of upvotes; upvotes a day are something else. */
function saysUpvotes(reason: Reason): boolean {
  return reason.kind === 'popular' || (reason.kind === 'explore' && saysUpvotes(reason.because))
}

/** Where the paper itself is read: arXiv, else its DOI, else the link its source gave. */
export function sourceUrl(paper: Paper): string | undefined {
  if (paper.arxivId !== null) return `https://arxiv.org/abs/${paper.arxivId}`
  if (paper.doi !== null) return `https://doi.org/${encodeURI(paper.doi)}`
  return paper.url ?? undefined
}

/** The first authors by name, the others counted. */
export function authorsLine(authors: string[]): string {
  const named = authors.slice(0, AUTHORS_NAMED).map(toUnicode).join(', ')
  const others = authors.length - AUTHORS_NAMED
  return others > 0 ? `${named} and ${others} more` : named
}
