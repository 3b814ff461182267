import bibtex, { type BibtexValue } from 'bibtex-parse'
import type { Entry } from '../domain.ts'
import { parseArxivId } from '../text/ids/arxivId.ts'
import { parseDoi } from '../text/ids/doi.ts'
import { texToUnicode } from '../text/texToUnicode.ts'

/** A paper that somebody names as an example of what they read. */
export interface Example {
  /** Its title and ids, by which a stored paper is found. */
  entry: Entry
  /** Title and abstract, as far as they are given. Empty if there are no words to learn from. */
  text: string
}

export interface Examples {
  examples: Example[]
  /** How many entries of a .bib file cannot be read. */
  damaged: number
}

/** At most this many characters of an example are kept. */
const LONGEST_TEXT = 5000

/**
 * Reads a pasted text as examples. BibTeX has one paper an entry. In other text, each line with an arXiv id, DOI or link is a
 * paper, other lines are titles, and running text is the text of one paper. Never throws.
 */
export function parseExamples(text: string): Examples {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ')
  return BIBTEX.test(clean) ? parseBibtex(clean) : { examples: parseLines(clean), damaged: 0 }
}

const BIBTEX = /^[ \t]*@[a-z]+[ \t]*[{(]/im

/** Where an item of a .bib file begins. */
const ITEM = /^(?=[ \t]*@[a-z]+[ \t]*[{(])/gim
const NO_PAPER = /^[ \t]*@(?:string|preamble|comment)\b/i

/** Reading an item takes a tenth of a millisecond. Further items count as damaged. */
const MOST_ITEMS = 1000

type Fields = Map<string, string>

/** Reads item by item, so that a damaged item costs no other. */
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

/** Reads the entries of one item, and adds what it defines to `strings`. */
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

/** A definition may use the one before twice: thirty such lines would make more text than there is memory. */
const LONGEST_VALUE = 4 * LONGEST_TEXT

/** A value with its definitions filled in. The package's own conversion takes time quadratic in the number of braces. */
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

/** A value as one line of plain text: TeX rendered, braces removed. */
function plain(value: string): string {
  return texToUnicode(value).replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
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

/** Whether a line is running text and no title: a sentence ends within it, or it ends as no title does. */
function runsOn(line: string): boolean {
  return /[.!?] \p{Lu}|[.,;]$/u.test(line)
}

function idsIn(line: string): Pick<Entry, 'arxivId' | 'doi'> | undefined {
  // A long line is a text that mentions a paper, not a line that names one.
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

/** An example with its text. A text of fewer than two words teaches nothing, and neither does a link. */
function exampleOf(entry: Entry, parts: string[]): Example {
  const text = parts
    .map((part) => part.replace(/\bhttps?:\S+/gi, '').trim())
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST_TEXT)
  return { entry, text: (text.match(/\p{L}{2,}/gu) ?? []).length >= 2 ? text.replace(/\p{Cs}/gu, '') : '' }
}
