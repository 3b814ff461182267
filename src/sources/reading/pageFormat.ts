import type { Entry, Listing, Reject } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'

/**
 * One kind of page, answer or dump: how to recognise it and how to read it. Both are pure functions of the decoded
 * text.
 */
export interface PageFormat {
  /** Short and stable. It is stored with each page and each value: `hf-page`. */
  name: string
  /** A cheap test whether the text claims to be of this kind. Also true for a page that breaks off later. */
  detect(page: string): boolean
  /**
   * Reads the whole page. What cannot become an entry becomes a reject.
   * Throws PermanentError, in one line, only if the page as a whole is not of this kind or breaks off.
   */
  parse(page: string): Listing
  /** Whether an empty list is the valid answer for a day without papers. */
  mayBeEmpty?: true
}

/** No real page lists this many. Millions of empty items would each become an object with a reason. */
const MOST_ITEMS = 100_000

/** Reads each item of a page's list. Throws PermanentError if there are more items than a page can have. */
export function parseItems<Item>(
  items: Item[],
  parse: (item: Item, index: number) => Entry | Reject,
): Pick<Listing, 'entries' | 'rejects'> {
  refuseTooMany(items)
  return separate(items.map(parse))
}

/** The same check for lists whose items are read by other code. */
export function refuseTooMany({ length }: unknown[]): void {
  if (length <= MOST_ITEMS) return
  throw new PermanentError(
    `expected a page that lists at most ${MOST_ITEMS} papers, got ${length}: split it, or save it as JSON lines`,
  )
}

/** Separates entries and rejects. Both keep the source's order. */
export function separate(results: (Entry | Reject)[]): Pick<Listing, 'entries' | 'rejects'> {
  return {
    entries: results.flatMap((result) => (isReject(result) ? [] : result)),
    rejects: results.filter(isReject),
  }
}

function isReject(result: Entry | Reject): result is Reject {
  return 'reason' in result
}
