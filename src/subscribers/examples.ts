import bibtex, { type BibtexValue } from 'bibtex-parse'
import type { Entry } from '../domain.ts'
import { toUnicode } from '../text/display.ts'
import { parseArxivId } from '../text/ids/arxivId.ts'
import { parseDoi } from '../text/ids/doi.ts'

/** A paper that somebody names as an example of what they read. */
export interface Example {
  /** What it can be found by. */
  entry: Entry
  /** Title and abstract, as far as given; empty where there are no words to learn from. */
  text: string
}

export interface Examples {
  examples: Example[]
  /** Entries of a .bib file that cannot be read. */
  damaged: number
}

/** Of one example so much is kept. */
const LONGEST_TEXT = 5000

/**
 * Reads pasted text as examples: BibTeX by its entries; else each line with an arXiv id, DOI or link is a paper, other
 * lines are titles, and lines that run on are the text of one paper. Never throws.
 */
export function parseExamples(text: string): Examples {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ')
  return BIBTEX.test(clean) ? parseBibtex(clean) : { examples: parseLines(clean), damaged: 0 }
}

const BIBTEX = /^[ \t]*@[a-z]+[ \t]*[{(]/im

/** Where an item of a .bib file begins. */
const ITEM = /^(?=[ \t]*@[a-z]+[ \t]*[{(])/gim
const NO_PAPER = /^[ \t]*@(?:string|preamble|comment)\b/i

/** Each takes a tenth of a millisecond to read; those beyond are damaged entries. */
const MOST_ITEMS = 1000

type Fields = Map<string, string>

/** Item by item, so that a damaged one costs no other. */
function parseBibtex(text: string): Examples {
  const strings = new Map<string, string>()
  const examples: Example[] = []
  let damaged = 0
  for (const [at, item] of text.split(ITEM).filter(isItem).entries()) {
    const entries = at < MOST_ITEMS ? readItem(item, strings) : []
    examples.push(...entries.map(exampleOfFields))
    if (entries.length === 0 && !NO_PAPER.test(item)) damaged++
  }
  return { examples, damaged }
}

function isItem(text: string): boolean {
  return BIBTEX.test(text)
}

/** The entries of one item; notes what it defines. */
function readItem(text: string, strings: Map<string, string>): Fields[] {
  const entries: Fields[] = []
  try {
    for (const item of bibtex.parse(text, { number: 'string' })) {
      if (item.itemtype === 'string') strings.set(item.name, textOf(item, strings))
      if (item.itemtype === 'entry')
        entries.push(new Map(item.fields.map((field) => [field.name.toLowerCase(), textOf(field, strings)])))
    }
  } catch {
    return []
  }
  return entries
}

/** Definitions may double in length line by line: thirty such lines would be more text than there is memory. */
const LONGEST_VALUE = 4 * LONGEST_TEXT

/** A value as written, definitions put in; the package's own way to plain text takes time quadratic in the braces. */
function textOf({ datatype, value }: BibtexValue, strings: ReadonlyMap<string, string>): string {
  if (!Array.isArray(value)) {
    const text = datatype === 'identifier' ? (strings.get(`${value}`) ?? '') : `${value ?? ''}`
    return text.slice(0, LONGEST_VALUE)
  }
  let text = ''
  for (const part of value) {
    if (text.length >= LONGEST_VALUE) break
    text += textOf(part, strings)
  }
  return text.slice(0, LONGEST_VALUE)
}

function exampleOfFields(fields: Fields): Example {
  const of = (name: string) => plain(fields.get(name) ?? '')
  const title = of('title')
  const eprint = /arxiv/i.test(`${of('archiveprefix')}${of('eprinttype')}`)
    ? `arXiv:${of('eprint')}`
    : of('eprint')
  const places = ['url', 'note', 'journal', 'howpublished', 'volume'].map(of).join(' ')
  const arxivId = (parseArxivId(eprint) ?? parseArxivId(of('doi')) ?? parseArxivId(places))?.id
  const doi = parseDoi(of('doi')) ?? parseDoi(of('url'))
  return exampleOf({ title, arxivId, doi }, [title, of('abstract'), of('keywords')])
}

/** Without braces, TeX rendered, on one line. */
function plain(value: string): string {
  return toUnicode(value).replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
}

const NAMES_PAPER = /^\S*(?:arxiv|doi|https?:|10\.\d{4}|\d{4}\.\d{4,5}|\/\d{7})\S*$/i

function parseLines(text: string): Example[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const lines = block
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
    const ids = lines.flatMap(exampleOfIds)
    const words = lines.filter((line) => idsIn(line) === undefined)
    const titles = words.some(runsOn) ? [words.join(' ')] : words
    return [...ids, ...titles.map((title) => exampleOf({ title: title.slice(0, LONGEST_TITLE) }, [title]))]
  })
}

const LONGEST_TITLE = 500

/** Whether a line is of running text, not a title: it has a sentence's end within, or ends as no title does. */
function runsOn(line: string): boolean {
  return /[.!?] \p{Lu}|[.,;]$/u.test(line)
}

function idsIn(line: string): Pick<Entry, 'arxivId' | 'doi'> | undefined {
  // A sentence may name a paper; a line that names one has little else.
  if (line.length > LONGEST_TITLE) return undefined
  const words = line.split(' ')
  const arxivId =
    words.map((word) => parseArxivId(word)).find((id) => id !== undefined)?.id ?? parseArxivId(line)?.id
  const doi = parseDoi(line)
  return arxivId === undefined && doi === undefined ? undefined : { arxivId, doi }
}

function exampleOfIds(line: string): Example[] {
  const ids = idsIn(line)
  if (ids === undefined) return []
  const rest = line
    .split(' ')
    .filter((word) => !NAMES_PAPER.test(word))
    .join(' ')
  return [exampleOf({ title: rest, ...ids }, [rest])]
}

/** Two words at least: a single one says too little; a link says nothing of its paper. */
function exampleOf(entry: Entry, parts: string[]): Example {
  const text = parts
    .map((part) => part.replace(/\bhttps?:\S+/gi, '').trim())
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST_TEXT)
  return { entry, text: (text.match(/\p{L}{2,}/gu) ?? []).length >= 2 ? text.replace(/\p{Cs}/gu, '') : '' }
}
