import type { Entry, Listing, Reject } from '../domain.ts'

/**
 * One kind of page, answer or dump: how to recognise it and how to read it. Both are pure functions of the decoded text.
 */
export interface PageFormat {
  /** Short and stable; it is stored with each page and each value: `hf-page`. */
  name: string
  /** A cheap look at the text: does it claim to be of this kind? True also for a page that breaks off later. */
  detect(page: string): boolean
  /**
   * Reads the whole page. What cannot become an entry becomes a reject.
   * Throws PermanentError, in one line, only where the page as a whole is not of this kind or breaks off.
   */
  parse(page: string): Listing
}

/** Parts what an item parser gave for each item. Both keep the source's order. */
export function separate(results: (Entry | Reject)[]): Pick<Listing, 'entries' | 'rejects'> {
  return {
    entries: results.flatMap((result) => (isReject(result) ? [] : result)),
    rejects: results.filter(isReject),
  }
}

function isReject(result: Entry | Reject): result is Reject {
  return 'reason' in result
}
