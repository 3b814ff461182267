import type { PaperField, ValueOf } from '../../domain.ts'

/**
 * Which of two values of a field stands. Each rule is an order of values, so that the outcome does not depend on the
 * order in which observations arrive, and the same observation again changes nothing. In all of them an undated
 * observation never takes the place of a dated one, and an older crawl that is replayed later never wins.
 */

export type FieldValue = ValueOf<PaperField>

/** A value with its origin. `at`: milliseconds since 1970, null where nobody knows. */
export interface Known {
  value: FieldValue
  format: string
  at: number | null
}

/** Gives the value that stands: `kept` itself where nothing changes. */
export type MergeRule = (kept: Known | undefined, came: Known) => Known

export const mergeRules: Record<PaperField, MergeRule> = {
  title: wholeText,
  abstract: longText,
  authors: fullestNames,
  arxivId: first,
  doi: best,
  url: newest,
  publishedAt: best,
  year: best,
  venue: best,
  categories: union,
  organization: newest,
  codeUrl: newest,
  projectUrl: newest,
  thumbnailUrl: newest,
  aiSummary: newest,
  keywords: union,
  upvotes: newestCount,
  comments: newestCount,
  stars: newestCount,
}

/** How near a format is to the authors' own text: arXiv has it, Hugging Face loses the TeX, text dumps lose more. */
function rankOf(format: string): number {
  if (format.startsWith('arxiv-')) return 3
  if (format.startsWith('hf-')) return 2
  if (format.startsWith('text-')) return 1
  return 0
}

/** An id, once known, does not change: another one is another paper. */
function first(kept: Known | undefined, came: Known): Known {
  return kept === undefined || kept.value === came.value ? best(kept, came) : kept
}

/** The better format's value; of formats that are as good, the newer value. */
function best(kept: Known | undefined, came: Known): Known {
  return kept === undefined || isBetter(kept, came) ? came : kept
}

/** The newer value, whatever the format. */
function newest(kept: Known | undefined, came: Known): Known {
  return kept === undefined || isNewer(kept, came) ? came : kept
}

/** The newer count; of two at one moment, or of two undated ones, the larger: counts grow. */
function newestCount(kept: Known | undefined, came: Known): Known {
  if (kept === undefined) return came
  const isLarger = kept.at === came.at && came.value > kept.value
  return isLarger || (kept.at !== came.at && isNewer(kept, came)) ? came : kept
}

/** As `best`, but a text that breaks off never takes the place of a whole one, nor of a longer one that breaks off too. */
function wholeText(kept: Known | undefined, came: Known): Known {
  if (kept === undefined) return came
  const byWholeness = isMoreWhole(`${kept.value}`, `${came.value}`)
  if (byWholeness === undefined) return best(kept, came)
  return byWholeness && !losesDate(kept, came) ? came : kept
}

/** As `wholeText`; what is only the beginning of the other has broken off too, with or without dots. */
function longText(kept: Known | undefined, came: Known): Known {
  const [ours, theirs] = [`${kept?.value ?? ''}`, `${came.value}`]
  if (kept === undefined || ours === theirs) return wholeText(kept, came)
  if (ours.startsWith(theirs)) return kept
  if (theirs.startsWith(ours)) return losesDate(kept, came) ? kept : came
  return wholeText(kept, came)
}

const BREAKS_OFF = /(?:…|\.\.\.)[\])]?\s*$/

/** Whether `came` is the more complete text; undefined where neither is. */
function isMoreWhole(kept: string, came: string): boolean | undefined {
  const keptBreaksOff = BREAKS_OFF.test(kept)
  if (keptBreaksOff !== BREAKS_OFF.test(came)) return keptBreaksOff
  return keptBreaksOff && kept.length !== came.length ? came.length > kept.length : undefined
}

/** The better format's list, of formats that are as good the longer, then the newer; never a part of the other list. */
function fullestNames(kept: Known | undefined, came: Known): Known {
  if (kept === undefined) return came
  const [ours, theirs] = [kept.value as string[], came.value as string[]]
  if (losesDate(kept, came) || isPartOf(theirs, ours)) return kept
  if (isPartOf(ours, theirs)) return came
  if (rankOf(kept.format) !== rankOf(came.format) || ours.length === theirs.length) return best(kept, came)
  return theirs.length > ours.length ? came : kept
}

function isPartOf(part: string[], whole: string[]): boolean {
  const names = new Set(whole)
  return part.length < whole.length && part.every((name) => names.has(name))
}

/**
 * All values of both lists. The first of the better list leads, as the primary category does; the others follow in
 * alphabetical order, since no order of a union is anybody's own. Of spellings that differ in case alone one stays.
 */
function union(kept: Known | undefined, came: Known): Known {
  const [ours, theirs] = [(kept?.value ?? []) as string[], came.value as string[]]
  const isLed = kept !== undefined && !isBetter({ ...kept, value: ours[0]! }, { ...came, value: theirs[0]! })
  const spellings = new Map<string, string>()
  for (const value of [...ours, ...theirs].sort().reverse()) spellings.set(value.toLowerCase(), value)
  const leading = spellings.get((isLed ? ours : theirs)[0]!.toLowerCase())!
  const others = [...spellings.values()].filter((value) => value !== leading).sort()
  return { ...(isLed ? kept : came), value: [leading, ...others] }
}

function isBetter(kept: Known, came: Known): boolean {
  if (losesDate(kept, came)) return false
  const ranks = rankOf(came.format) - rankOf(kept.format)
  return ranks === 0 ? isNewer(kept, came) : ranks > 0
}

/** Of two values observed at the same moment one must stand, whichever came first: the greater in code units. */
function isNewer(kept: Known, came: Known): boolean {
  if (came.at === null) return false
  if (kept.at === null || kept.at !== came.at) return came.at > (kept.at ?? Number.NEGATIVE_INFINITY)
  return orderOf(came.value) > orderOf(kept.value)
}

function losesDate(kept: Known, came: Known): boolean {
  return came.at === null && kept.at !== null
}

function orderOf(value: FieldValue): string {
  return value instanceof Date ? value.toISOString() : Array.isArray(value) ? value.join('\n') : `${value}`
}
