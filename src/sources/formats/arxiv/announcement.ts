import type { Entry, Listing, LocalDate } from '../../../domain.ts'
import { textOf } from '../../reading/fields.ts'

/**
 * What arXiv's daily announcements have in common, as Atom, RSS 2.0 and RSS 1.0. Each item is announced as `new`, as
 * `cross` (listed in one more category) or as a replacement. A replacement is the next version of a paper that was
 * listed before, often years ago, and would be wrong in a digest of new papers. So replacements are neither entries
 * nor rejects.
 */

/** `replace`, `replace-cross`; before 2024 `UPDATED`. */
export function isReplacement(kind: string | undefined): boolean {
  return /^(?:replace|updated)/i.test(kind ?? '')
}

const PREFIX = /^arXiv:\S{1,40} Announce Type: ([\w-]{1,20})(?: Abstract:)?(?: |$)/

/** Splits off what stands before the abstract since 2024: `arXiv:2401.00001v1 Announce Type: new Abstract: `. */
export function splitAnnouncement(text: string | undefined): { kind?: string; abstract?: string } {
  const match = PREFIX.exec(text ?? '')
  if (match === null) return { abstract: text }
  return { kind: match[1], abstract: textOf(text!.slice(match[0].length)) }
}

/**
 * A day's announcement as a listing. If all entries name the same day, it is the listing's; otherwise each entry
 * keeps its own. `day` is the feed's own day, used on a day without papers.
 */
export function byDay(entries: Entry[], day?: LocalDate): Pick<Listing, 'listedOn' | 'entries'> {
  const days = new Set(entries.map((entry) => entry.listedOn))
  const [only] = days.size === 0 ? [day] : days
  if (days.size > 1 || only === undefined) return { entries }
  return { listedOn: only, entries: entries.map((entry) => ({ ...entry, listedOn: undefined })) }
}
