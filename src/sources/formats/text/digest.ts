import type { Entry, Listing, Reject } from '../../../domain.ts'
import { PermanentError } from '../../../errors.ts'
import { linkOf, shown, textOf } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import { type PageFormat, separate } from '../../reading/pageFormat.ts'
import { arxivIdOf, arxivUrl, doiOf } from '../../reading/paperIds.ts'

/**
 * Text digests: for each paper `Title:`, `PDF:` with a link, `Summary:` with the abstract, then a line `---`. A title
 * may continue on the next line. The line `---` ends a paper: a paper without it may be incomplete.
 */
export const textDigest: PageFormat = { name: 'text-digest', detect, parse }

const START =
  /^\s*Title: [^\n]{1,2000}\n(?:[ \t][^\n]{0,2000}\n){0,5}(?:PDF|URL|Link|Summary|Abstract|Authors?): /
const END = /^---[ \t]*$/
const LABEL = /^(Title|PDF|URL|Link|Summary|Abstract|Authors?|Date|Published):[ \t]*(.*)$/

function detect(page: string): boolean {
  return START.test(page.slice(0, 20_000))
}

interface Block {
  line: number
  fields: Map<string, string>
  /** The label that was read last. */
  label: string | undefined
}

const newBlock = (line: number): Block => ({ line, fields: new Map(), label: undefined })

function parse(page: string): Listing {
  const blocks: Block[] = []
  let open = newBlock(1)
  for (const [index, line] of page.split('\n').entries()) {
    if (!END.test(line)) {
      readLine(open, line)
      continue
    }
    if (open.fields.size > 0) blocks.push(open)
    open = newBlock(index + 2)
  }
  const results = blocks.map(parseBlock)
  if (open.fields.size > 0) results.push(unfinished(open))
  if (results.length === 0) throw new PermanentError('expected blocks of Title, PDF and Summary, got none')
  return { format: textDigest.name, ...separate(results) }
}

function readLine(block: Block, line: string): void {
  const { fields } = block
  const match = LABEL.exec(line)
  if (match !== null) {
    const label = match[1]!.toLowerCase()
    // A second title in one block: the line between two papers is lost, and nobody can tell which line belongs to which.
    fields.set(fields.has(label) ? 'again' : label, match[2]!)
    block.label = label
  } else if (block.label !== undefined && line.trim() !== '') {
    // The continuation of a title is indented. A line that is not indented was a label before it was damaged.
    const isOwn = block.label !== 'title' || /^\s/.test(line)
    fields.set(isOwn ? block.label : 'again', `${fields.get(block.label)} ${line}`)
  }
}

function parseBlock({ line, fields }: Block): Entry | Reject {
  const where = `line ${line}`
  const title = textOf(fields.get('title'))
  if (title === undefined) return { where, reason: `expected a title, got ${shown(fields.get('title'))}` }
  if (fields.has('again'))
    return { where, reason: `expected one paper before the line ---, got more: ${shown(title)}` }
  const link = linkOf(fields.get('pdf') ?? fields.get('url') ?? fields.get('link'))
  const id = arxivIdOf(link)
  if (link === undefined) return { where, reason: `expected a link to the paper, got none: ${shown(title)}` }
  return {
    title,
    abstract: textOf(fields.get('summary') ?? fields.get('abstract')),
    authors: splitNames(textOf(fields.get('author') ?? fields.get('authors'))),
    arxivId: id,
    doi: doiOf(link),
    url: id === undefined ? link : arxivUrl(id),
  }
}

function unfinished({ line, fields }: Block): Reject {
  const title = shown(textOf(fields.get('title')))
  return { where: `line ${line}`, reason: `the text ends in the middle of this paper: ${title}` }
}
