/** Abstracts without what publishers, feeds and catalogues put around them: headings, citations, links, notices. */

/** A heading on a line of its own. A word in front of others may be the abstract's first: "Abstract Meaning …". */
const HEADING =
  /^[[【(]?\s*(?:abstract|summary|synopsis|摘\s?要|抄録|要旨|초록|zusammenfassung|résumé|resumen|resumo|аннотация)\s*[\]】)]?\s*[:：.]?$/i
/** Lines above an abstract: where and when it was published. */
const ABOVE = [
  // "Lantern Lett. 2026 Mar 1:114425. doi: 10.1234/lan.1. Online ahead of print."
  /^.{2,200}\b(?:19|20)\d{2}\b.{0,80}\bdoi:\s?10\.\d{4,9}\/\S+(?:\s.{0,120})?$/i,
  /^.{2,150}\b(?:19|20)\d{2}(?:\s[A-Z][a-z]{2}(?:\s\d{1,2})?)?;\s?\d.{0,60}$/,
  // "Nature, Published online: 03 May 2026; doi:10.1038/…"
  /^.{0,150}\bpublished online:?\s.{4,60}$/i,
  // "Lantern Journal, Volume 12, Issue 3, Page 1-9, May 2026.", "Journal of Lanterns, EarlyView."
  /^.{2,150},\s(?:volume\s\d+|vol\.\s?\d+|issue\s\d+|early\s?view|ahead of print|accepted article|latest articles)\b.{0,120}$/i,
  // "LanternKeys 1: 1-9"
  /^\p{Lu}[\p{L}\s&-]{2,80}\s\d{1,4}(?:\(\d{1,4}\))?:\s?[\dA-Za-z]{1,8}(?:[-–][\dA-Za-z]{1,8})?\.?$/u,
  /^(?:volume|vol\.)\s\d+.{0,100}$/i,
]

/** Lines below an abstract: numbers, links to forms of the paper, notices. */
const BELOW = [
  /^(?:pmid|pmcid|doi|issn|url|link|pii)\s?:.{0,300}$/i,
  /^(?:(?:html|xml|pdf|epub|full[- ]?text|view|download|abstract|references|supplement\w*|open in \w+)[\s|,·/()-]*)+$/i,
  /^(?:read|view|see|continue|learn|full)\s(?:more|full|reading|the|article|paper|text|on)\b.{0,80}$/i,
  /^the post .{1,300} (?:appeared first|first appeared) on .{1,200}$/i,
  /^(?:©|\(c\)|copyright\b|all rights reserved).{0,200}$/i,
  /^https?:\/\/\S{1,2000}$/i,
  /^(?:\[?(?:…|\.\.\.)\]?|›|»|→)$/,
]

const MOST_AROUND = 8

/** The abstract among lines, as one text; empty if nothing is left. `title` may stand again above it. */
export function abstractIn(lines: string[], title?: string): string {
  let from = 0
  let to = lines.length
  while (from < to && from < MOST_AROUND && isAbove(lines[from]!, title)) from += 1
  while (
    to > from &&
    lines.length - to < MOST_AROUND &&
    BELOW.some((pattern) => pattern.test(lines[to - 1]!))
  )
    to -= 1
  const text = lines.slice(from, to).join(' ')
  return withoutHeading(text)
}

/** The text without the heading that stands in front of it on the same line. */
export function withoutHeading(text: string): string {
  return text.replace(IN_FRONT, '').replace(IN_CAPITALS, '')
}

/** `Abstract: We light`; ABSTRACT in capitals is no first word either. */
const IN_CAPITALS = /^ABSTRACT\s+(?=\p{Lu}\p{Ll}|[“"(])/u
const IN_FRONT =
  /^(?:(?:abstract|摘\s?要|抄録|zusammenfassung|résumé|resumen|аннотация)\s*[:：—–]\s*|[【[]\s*(?:abstract|摘\s?要)\s*[】\]]\s*[:：]?\s*)/iu

function isAbove(line: string, title: string | undefined): boolean {
  if (line.length > 400) return false
  return line === title || HEADING.test(line) || ABOVE.some((pattern) => pattern.test(line))
}
