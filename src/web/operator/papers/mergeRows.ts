import type { MergeView } from '../../../db/papers/mergeViews.ts'
import type { MergeUndo } from '../../../ingest/writeMerges.ts'
import { DOUBTFUL_BELOW } from '../../../papers/likeness/match.ts'
import { displayLine } from '../../../text/displayLine.ts'
import { texToUnicode } from '../../../text/texToUnicode.ts'

/** A merge as the table of merges shows it. */
export function toMergeRow(merge: MergeView) {
  const { apart } = merge.undo as unknown as MergeUndo
  const { title, authors, year, venue } = apart
  const byline = [authors.slice(0, 3).map(lineOf).join(', '), venue && lineOf(venue), year]
  return {
    id: merge.id,
    paperId: merge.paperId,
    joinedId: merge.joinedId,
    why: merge.why,
    at: merge.at,
    title: lineOf(merge.title),
    mergedTitle: lineOf(title),
    byline: byline.filter(Boolean).join(' · '),
    odds: merge.score === null ? undefined : oddsOf(merge.score),
    isDoubtful: merge.score !== null && merge.score < DOUBTFUL_BELOW && merge.approvedAt === null,
  }
}

/** Log-odds as people say them: `9 to 1`. */
function oddsOf(score: number): string {
  const odds = Math.exp(Math.min(score, 12))
  return odds < 10 ? `${odds.toFixed(1)} to 1` : `${Math.round(odds).toLocaleString('en')} to 1`
}

export function lineOf(text: string): string {
  return displayLine(texToUnicode(text))
}
