import type { Entry, Reject } from '../../../domain.ts'
import { momentOf } from '../../reading/dates/dates.ts'
import { shown, textOf } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import type { Block } from './blocks.ts'
import { codeLink, onePaper, paperLinks, titleIn, wordsOf } from './paper.ts'

/**
 * `- 2022-02-22, **Title**, Ann Author et.al., Paper: [address](address)`, `1. [Title](address) by Ann Author`. The
 * title is a link's text or in bold. Without either, nothing distinguishes it from the words around it.
 */
export function parseMarkdownItem({ line, lines, isCut }: Block): (Entry | Reject)[] {
  const text = lines.join('\n').replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '')
  const links = paperLinks(text, isCut)
  if (links.length === 0) return []
  const where = `line ${line}`
  const paper = onePaper(links)
  if (typeof paper === 'string') return [{ where, reason: `${paper}: ${shown(text)}` }]
  const bold = Array.from(text.matchAll(/\*\*([^*]{2,500})\*\*/g), (match) => match[1])
  const candidates = [...links.map((link) => link.text), ...bold]
  // Other words may be in bold or linked too: "Oral", "project page".
  const titles = candidates.flatMap((candidate) => titleIn(candidate) ?? [])
  const [longest] = titles.sort((one, other) => other.length - one.length)
  const title = longest ?? titleIn(BOLD_FIRST.exec(text)?.[1], true) ?? titleBefore(text)
  if (title === undefined) {
    return [{ where, reason: `expected a title as a link's text or in bold, got ${shown(text)}` }]
  }
  const date = /^\W{0,4}(\d{4})[-./](\d{2})[-./](\d{2})(?!\d)/.exec(text) ?? DATED_LINE.exec(text)
  const entry = {
    title,
    authors: isCut ? undefined : namesBehind(title, text),
    ...paper,
    publishedAt: date ? momentOf(date.slice(1).join('-')) : undefined,
    codeUrl: codeLink(text),
  }
  return [entry]
}

/** An item that begins in bold names its paper so, even by one word. */
const BOLD_FIRST = /^\*\*([^*]{2,500})\*\*/

/**
 * The words in front of labels: `Lanterns that light. Ada Example. [[paper]](address)`. A label stands in brackets or behind
 * a full stop, so that the `[paper]` of a sentence is none.
 */
const BEFORE_LABELS =
  /^([^[\]()*|<>\n]{8,500}?)(?:[.,:;–—-]\s{0,3}|\s{0,3}[([]{1,2}(?=\[)|\s{0,3}(?=\[\[))\s{0,3}!?\[{1,2}[^[\]]{2,30}\]/

function titleBefore(text: string): string | undefined {
  const [first] = BEFORE_LABELS.exec(text)?.[1]?.split(/(?<=\p{L}{3})\.\s|\s[-–—]\s/u) ?? []
  return first === undefined || first.trim().split(/\s+/).length < 3 ? undefined : titleIn(first.trim())
}

/** A line that begins with a date, in italics or not: `_2026-03-11_ · address`. */
const DATED_LINE = /^[ \t]*[_*]?(\d{4})-(\d{2})-(\d{2})[_*]?(?=[ \t]*(?:[·|•,]|$))/m

/** The text from the title to the next label or link, if it looks like names. */
export function namesBehind(title: string, text: string): string[] | undefined {
  const words = wordsOf(text)
  const at = words?.indexOf(title) ?? -1
  if (words === undefined || at === -1) return undefined
  const behind = words.slice(at + title.length).replace(/^[\s,.;:–—|()*_-]+(?:by\s+|authors?:\s*)?/i, '')
  const [names] = behind.split(
    /,?\s*(?:\b(?:Paper|Code|Link|PDF|arXiv|Abstract|URL|DOI|Date)\b\s*:|https?:|[[(|–—]|\s-\s|[_*]?\d{4}-\d{2}-\d{2})/i,
    1,
  )
  return namesIn(names)
}

/** Names, if the whole text looks like names. */
export function namesIn(text: string | undefined): string[] | undefined {
  const names = splitNames(textOf(text?.replace(/[.,;:\s*_]+$/, '')))
  return names?.every((name) => /^\p{Lu}[^\d:?!]{1,60}$/u.test(name) && name.split(' ').length <= 6)
    ? names
    : undefined
}
