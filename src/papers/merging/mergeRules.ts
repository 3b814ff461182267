import type { PaperField, ValueOf } from '../../domain.ts'

/**
 * The rules that choose between two values of a field. Each rule is an order of values. So the result does not depend
 * on the order in which observations arrive, and the same observation again changes nothing. In every rule, an undated
 * observation never replaces a dated one, so an old crawl that is replayed later never wins.
 */

export type FieldValue = ValueOf<PaperField>

/** A value with its origin. `at`: milliseconds since 1970, null if unknown. */
export interface Known {
  value: FieldValue
  format: string
  at: number | null
}

/** Gives the value to keep: `kept` itself if nothing changes. */
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

/** How close a format is to the authors' own text: arXiv has it, Hugging Face loses the TeX, text dumps lose more. */
function rankOf(format: string): number {
  if (format.startsWith('arxiv-')) return 3
  if (format.startsWith('hf-')) return 2
  if (format.startsWith('text-')) return 1
  return 0
}

/** An id, once known, does not change: a different id means a different paper. */
function first(kept: Known | undefined, came: Known): Known {
  return kept === undefined || kept.value === came.value ? best(kept, came) : kept
}

/** The value of the better format, or the newer value if the formats are equally good. */
function best(kept: Known | undefined, came: Known): Known {
  return kept === undefined || isBetter(kept, came) ? came : kept
}

/** The newer value, whatever the format. */
function newest(kept: Known | undefined, came: Known): Known {
  return kept === undefined || isNewer(kept, came) ? came : kept
}

/** The newer count. Of two counts at one moment, or two undated ones, the larger, because counts grow. */
function newestCount(kept: Known | undefined, came: Known): Known {
  if (kept === undefined) return came
  const isLarger = kept.at === came.at && came.value > kept.value
  return isLarger || (kept.at !== came.at && isNewer(kept, came)) ? came : kept
}

/** Like `best`, but a truncated text never replaces a complete one, nor a longer truncated one. */
function wholeText(kept: Known | undefined, came: Known): Known {
  if (kept === undefined) return came
  const byWholeness = isMoreWhole(`${kept.value}`, `${came.value}`)
  if (byWholeness === undefined) return best(kept, came)
  return byWholeness && !losesDate(kept, came) ? came : kept
}

/** Like `wholeText`. A text that is the beginning of the other counts as truncated too, with or without dots. */
function longText(kept: Known | undefined, came: Known): Known {
  const [ours, theirs] = [`${kept?.value ?? ''}`, `${came.value}`]
  if (kept === undefined || ours === theirs) return wholeText(kept, came)
  if (ours.startsWith(theirs)) return kept
  if (theirs.startsWith(ours)) return losesDate(kept, came) ? kept : came
  return wholeText(kept, came)
}

const BREAKS_OFF = /(?:…|\.\.\.)[\])]?\s*$/

/** Whether `came` is the more complete text; undefined if neither is. */
function isMoreWhole(kept: string, came: string): boolean | undefined {
  const keptBreaksOff = BREAKS_OFF.test(kept)
  if (keptBreaksOff !== BREAKS_OFF.test(came)) return keptBreaksOff
  return keptBreaksOff && kept.length !== came.length ? came.length > kept.length : undefined
}

/**
 * The list of the better format; if the formats are equally good, the longer list, then the newer one. A list that is
 * part of the other never wins.
 */
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
 * All values of both lists. The first value of the better list comes first, because it is the primary category. The
 * others follow in alphabetical order, which does not depend on the order of arrival. Of spellings that differ only in
 * case, one is kept.
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

/**
 * Of two values observed at the same moment, the greater in code units counts as newer, so that the order of arrival
 * does not matter.
 */
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
