import type { Entry, Reject } from '../../../domain.ts'
import { publication } from '../../reading/dates/dates.ts'
import { countOf, shown } from '../../reading/fields.ts'
import { plainText } from '../../reading/markup.ts'
import { type Block, LABEL } from './blocks.ts'
import { namesBehind, namesIn } from './item.ts'
import { codeLink, onePaper, paperLinks, titleIn, wordsOf } from './paper.ts'

/**
 * `### [Title](address)`, or `# Title` with a labelled link below; `Authors:`, `Abstract:`, `Vote:` below it. Text
 * without a label may be anybody's summary and is left out. A heading that is not a paper gives nothing.
 */
export function parseMarkdownSection({ line, lines, isCut }: Block): (Entry | Reject)[] {
  const [first = '', ...body] = lines
  const heading = /^#{1,6}\s+(.*)$/.exec(first)?.[1]?.replace(CLOSING, '')
  if (heading === undefined) return []
  const labels = readLabels(isCut ? body.slice(0, -1) : body)
  const own = paperLinks(heading, isCut && body.length === 0)
  const labelled = LINKS.flatMap((label) => labels.get(label) ?? []).flatMap((value) => paperLinks(value))
  if (own.length + labelled.length === 0) return []
  const where = `line ${line}`
  const paper = onePaper([...own, ...labelled])
  if (typeof paper === 'string') return [{ where, reason: `${paper}: ${shown(heading)}` }]
  const linked = own.map(({ text }) => titleIn(text, true)).find((text) => text !== undefined)
  const bold = titleIn(/^\s*\*\*([^*]{2,500})\*\*/.exec(heading)?.[1], true)
  const title = linked ?? bold ?? titleIn(wordsOf(heading), true)
  if (title === undefined)
    return [{ where, reason: `expected a title in the heading, got ${shown(heading)}` }]
  const fields = fieldsUnder(labels)
  return [
    {
      title,
      ...paper,
      ...fields,
      authors: fields.authors ?? (bold === undefined ? undefined : namesBehind(bold, heading)),
    },
  ]
}

/** The closing `#` and blanks of a heading. The look-behind starts the match only once. */
const CLOSING = /(?<![\s#])[\s#]+$/
const LINKS = ['link', 'pdf', 'paper', 'arxiv', 'url']

function fieldsUnder(labels: Map<string, string[]>): Partial<Entry> {
  // A label that comes a second time belongs to another paper, whose own heading is lost.
  const only = (...names: string[]) => {
    const values = names.flatMap((name) => labels.get(name) ?? [])
    return values.length === 1 ? values[0] : undefined
  }
  const votes = only('vote', 'upvote')
  return {
    abstract: plainText(only('abstract')),
    authors: namesIn(only('author')),
    ...publication(only('published', 'date')),
    codeUrl: codeLink(`${only('code', 'github') ?? ''} `),
    upvotes: /^\d{1,9}$/.test(votes ?? '') ? countOf(Number(votes)) : undefined,
  }
}

/** A label whose value comes on the next lines. */
interface OpenLabel {
  label: string
  /** A line of the value has been read. */
  isBegun: boolean
}

/**
 * The values of each label, in lower case and the singular. If a label has no value, the next line is its value; an
 * abstract goes on up to an empty line.
 */
function readLabels(lines: string[]): Map<string, string[]> {
  const labels = new Map<string, string[]>()
  let open: OpenLabel | undefined
  for (const line of lines) {
    const match = LABEL.exec(line.slice(0, 100_000))
    const label = match ? nameOf(match[1]!) : open?.label
    const value = (match ? (match[2] ?? '') : line).trim()
    if (label !== undefined && value !== '')
      addValue(labels, label, value, match === null && open?.isBegun === true)
    open = match === null ? openAfterText(open, value) : openAfterLabel(nameOf(match[1]!), value)
  }
  return labels
}

function addValue(labels: Map<string, string[]>, label: string, value: string, goesOn: boolean): void {
  const values = labels.get(label) ?? []
  values.push(goesOn ? `${values.pop()} ${value}` : value)
  labels.set(label, values)
}

function openAfterLabel(label: string, value: string): OpenLabel | undefined {
  return value === '' ? { label, isBegun: false } : undefined
}

/** An empty line ends a value, and is passed over before it. Only an abstract has more than one line. */
function openAfterText(open: OpenLabel | undefined, value: string): OpenLabel | undefined {
  if (value === '') return open?.isBegun ? undefined : open
  return open?.label === 'abstract' ? { label: open.label, isBegun: true } : undefined
}

/** `Authors`, `arXiv link`: in lower case and the singular, by its last word. */
function nameOf(label: string): string {
  return label.toLowerCase().replace(/s$/, '').replace(/^.* /, '')
}
