import { showTaste } from '../../digests/taste.ts'
import type { FeedbackKind } from '../../domain.ts'
import { listFeedback } from '../../subscribers/feedback.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Site } from '../site/site.ts'

/** What the page shows of one kind of feedback. */
interface SaidOf {
  heading: string
  kind: FeedbackKind
  papers: { id: number; title: string }[]
  /** How many older ones are not listed. */
  others: number
}

/** What Paperboy has learned of one subscriber, ready for display. */
export interface TasteView {
  likes: number
  dislikes: number
  /** Words that bring a paper nearer, and words that keep it away, the heaviest first. */
  toward: ShownTerm[]
  away: ShownTerm[]
  /** Words that count no more, the newest first. */
  forgotten: ShownTerm[]
  said: SaidOf[]
  /** Texts that were pasted in, by their beginnings. */
  examples: { key: string; title: string }[]
  opened: number
}

interface ShownTerm {
  stem: string
  word: string
}

const LISTED = 50
const HEADINGS: [FeedbackKind, string][] = [
  ['more', 'More like these'],
  ['less', 'Less like these'],
  ['saved', 'Saved'],
]

/** Reads what a subscriber said and what was learned from it. */
export async function viewTaste(site: Site, subscriberId: number): Promise<TasteView> {
  const { terms, forgotten, examples, likes, dislikes } = await showTaste(site.db, subscriberId)
  const feedback = await listFeedback(site.db, subscriberId)
  const said = HEADINGS.map(([kind, heading]) => {
    const all = feedback.filter((one) => one.kind === kind)
    const papers = all.slice(0, LISTED).map(({ paperId, title }) => ({ id: paperId, title: shown(title) }))
    return { heading, kind, papers, others: all.length - papers.length }
  })
  return {
    likes,
    dislikes,
    toward: terms.filter(({ weight }) => weight > 0),
    away: terms.filter(({ weight }) => weight < 0),
    forgotten,
    examples: examples.map(({ key, text }) => ({ key, title: shown(text.split('\n', 1)[0]!) })),
    said: said.filter(({ papers }) => papers.length > 0),
    opened: feedback.filter(({ kind }) => kind === 'opened').length,
  }
}

function shown(title: string): string {
  return displayLine(texToUnicode(title), 200)
}
