import type { Entry, Listing, LocalDate, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { momentOf, publication, writtenDay } from '../../reading/dates/dates.ts'
import { shown, textOf } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, refuseTooMany, separate } from '../../reading/pageFormat.ts'
import { arxivIdOf, arxivUrl, doiOf } from '../../reading/paperIds.ts'
import { acceptedVenue } from '../../reading/prose/acceptance.ts'

/**
 * arXiv's daily mailing (https://info.arxiv.org/help/subscribe.html), as text or as the mail with its header: each paper
 * between lines of hyphens, its fields between two lines `\\`, its abstract behind them. A replaced paper lists nothing
 * anew and is left out. The day is that of the mail's Date.
 */
export const arxivMailing: PageFormat = { name: 'arxiv-mailing', detect, parse }

const PAPER = /^\\\\[ \t]*\n(?:arXiv|Paper):/m
const RULE = /^(?:-{20,}|(?:%%--){5,}%*)[ \t]*$/
const MAX_LENGTH = 50_000_000

function detect(page: string): boolean {
  return !/^\s*[<{[]/.test(page) && PAPER.test(page)
}

interface Block {
  line: number
  lines: string[]
  isEnded: boolean
}

function parse(page: string): Listing {
  if (page.length > MAX_LENGTH) {
    throw new PermanentError(`expected a mailing of at most ${MAX_LENGTH} characters, got ${page.length}`)
  }
  const blocks = blocksOf(page).filter(({ lines }) => /^(?:arXiv|Paper):/.test(lines[1] ?? ''))
  refuseTooMany(blocks)
  if (blocks.length === 0) throw new PermanentError('expected papers of a mailing of arXiv, got none')
  const results = blocks.flatMap(parseBlock)
  const { date, day } = sentOn(page)
  return { format: arxivMailing.name, listedOn: day, observedAt: date, ...separate(results) }
}

/** The stretches between rules that begin with a line `\\`. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [index, line] of page.split('\n').entries()) {
    if (RULE.test(line)) {
      if (open !== undefined) blocks.push({ ...open, isEnded: true })
      open = undefined
    } else if (open !== undefined) open.lines.push(line)
    else if (/^\\\\\s*$/.test(line)) open = { line: index + 1, lines: [line], isEnded: false }
  }
  return open === undefined ? blocks : [...blocks, open]
}

/** When the mail was sent, by its header: lines of `Name: value` before the first empty one. */
function sentOn(page: string): { date?: Date; day?: LocalDate } {
  const header =
    /^(?:[A-Za-z-]{1,40}: [^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n)*){1,100}(?=\n)/.exec(page)?.[0] ?? ''
  const date = /^Date: (.{1,100})$/m.exec(header)?.[1]
  return { date: momentOf(date), day: writtenDay(date) }
}

function parseBlock({ line, lines, isEnded }: Block): Entry | Reject | [] {
  const where = `line ${line}`
  const [head = '', abstract, end] = partsOf(lines)
  const id = arxivIdOf(/^(?:arXiv|Paper):\s{0,3}(?:arXiv:)?(\S{1,40})/.exec(head)?.[1])
  if (/^replaced with revised version/im.test(head)) return []
  const fields = readFields(head)
  const title = textOf(fields.get('title'))
  if (id === undefined) return { where, reason: `expected an arXiv id, got ${shown(head.split('\n', 1)[0])}` }
  if (title === undefined) return { where, reason: `expected a title, got nothing (paper ${id})` }
  if (end === undefined && !isEnded)
    return { where, reason: `the text ends in the middle of this paper: ${shown(title)}` }
  return {
    title,
    abstract: end === undefined ? undefined : textOf(abstract),
    authors: splitNames(textOf(fields.get('authors') ?? fields.get('author')), 'given first'),
    arxivId: id,
    doi: doiOf(fields.get('doi')?.trim()),
    url: arxivUrl(id),
    ...publication(fields.get('date')?.replace(/\s*\([^()]*\)\s*$/, '')),
    venue: textOf(fields.get('journal-ref')) ?? acceptedVenue(fields.get('comments')),
    categories: textOf(fields.get('categories'))?.split(' '),
  }
}

/** What stands between the lines that begin with `\\`: the fields, the abstract, the link. */
function partsOf(lines: string[]): string[] {
  const parts: string[][] = []
  for (const line of lines) {
    if (/^\\\\(?:\s|$)/.test(line)) parts.push([])
    else parts.at(-1)?.push(line)
  }
  return parts.map((part) => part.join('\n'))
}

/** `Title: …`, with the lines set in below it. Names are in lower case. */
function readFields(head: string): Map<string, string> {
  const fields = new Map<string, string>()
  let name: string | undefined
  for (const line of head.split('\n')) {
    const match = /^([A-Z][A-Za-z-]{1,20}):\s*(.*)$/.exec(line)
    if (match !== null) name = match[1]!.toLowerCase()
    else if (!/^\s+\S/.test(line)) name = undefined
    if (name !== undefined) fields.set(name, match ? match[2]! : `${fields.get(name)} ${line}`)
  }
  return fields
}
