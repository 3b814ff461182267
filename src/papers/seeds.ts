import bibtex from 'bibtex-parse'
import type { Entry } from '../domain.ts'
import { toUnicode } from './display.ts'
import { parseArxivId, parseDoi } from './ids.ts'

/** A paper that somebody names as an example of what they read. */
export interface Seed {
  /** What it can be found by. */
  entry: Entry
  /** Title and abstract, as far as given; empty where there are no words to learn from. */
  text: string
}

export interface Seeds {
  seeds: Seed[]
  /** Entries of a .bib file that cannot be read. */
  damaged: number
}

/** Of one example so much is kept. */
const LONGEST_TEXT = 5000

/**
 * Reads pasted text as examples: BibTeX by its entries; else each line with an arXiv id, DOI or link is a paper, other
 * lines are titles, and lines that run on are the text of one paper. Never throws.
 */
export function parseSeeds(text: string): Seeds {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ')
  return BIBTEX.test(clean) ? parseBibtex(clean) : { seeds: parseLines(clean), damaged: 0 }
}

const BIBTEX = /^[ \t]*@[a-z]+[ \t]*[{(]/im

/** Where an item of a .bib file begins, and what else is no paper. */
const ITEM = /^(?=[ \t]*@[a-z]+[ \t]*[{(])/gim
const DEFINITION = /^[ \t]*@string\b/i
const NO_PAPER = /^[ \t]*@(?:string|preamble|comment)\b/i

/** Item by item, so that a damaged one costs no other. */
function parseBibtex(text: string): Seeds {
  const items = text.split(ITEM).filter((item) => BIBTEX.test(item))
  const definitions = items
    .filter((item) => DEFINITION.test(item))
    .filter((item) => readItems(item) !== undefined)
  const read = items
    .filter((item) => !NO_PAPER.test(item))
    .map((item) => readItems(`${definitions.join('\n')}\n${item}`) ?? readItems(item))
  return {
    seeds: read.flatMap((fields) => (fields ?? []).flatMap(seedOfFields)),
    damaged: read.filter((fields) => fields === undefined || fields.length === 0).length,
  }
}

type Fields = Record<string, unknown>

function readItems(item: string): Fields[] | undefined {
  try {
    return bibtex.entries(item)
  } catch {
    return undefined
  }
}

function seedOfFields(fields: Fields): Seed[] {
  const of = (name: string) => plain(String(fields[name] ?? ''))
  const title = of('TITLE')
  const eprint = /arxiv/i.test(`${of('ARCHIVEPREFIX')}${of('EPRINTTYPE')}`)
    ? `arXiv:${of('EPRINT')}`
    : of('EPRINT')
  const places = ['URL', 'NOTE', 'JOURNAL', 'HOWPUBLISHED', 'VOLUME'].map(of).join(' ')
  const arxivId = (parseArxivId(eprint) ?? parseArxivId(places))?.id
  const doi = parseDoi(of('DOI')) ?? parseDoi(of('URL'))
  return [seedOf({ title, arxivId, doi }, [title, of('ABSTRACT'), of('KEYWORDS')])]
}

/** Without braces, TeX rendered, on one line. */
function plain(value: string): string {
  return toUnicode(value).replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
}

const NAMES_PAPER = /^\S*(?:arxiv|doi|https?:|10\.\d{4}|\d{4}\.\d{4,5}|\/\d{7})\S*$/i

function parseLines(text: string): Seed[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const lines = block
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
    const ids = lines.flatMap(seedOfIds)
    const words = lines.filter((line) => idsIn(line) === undefined)
    const titles = words.some(runsOn) ? [words.join(' ')] : words
    return [...ids, ...titles.map((title) => seedOf({ title: title.slice(0, LONGEST_TITLE) }, [title]))]
  })
}

const LONGEST_TITLE = 500

/** Whether a line is of running text, not a title: it has a sentence's end within, goes on in the next, or from the last. */
function runsOn(line: string): boolean {
  return /[.!?] \p{Lu}|[.,;]$|^\p{Ll}/u.test(line)
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

function seedOfIds(line: string): Seed[] {
  const ids = idsIn(line)
  if (ids === undefined) return []
  const rest = line
    .split(' ')
    .filter((word) => !NAMES_PAPER.test(word))
    .join(' ')
  return [seedOf({ title: rest, ...ids }, [rest])]
}

/** Two words at least: a single one says too little. */
function seedOf(entry: Entry, parts: string[]): Seed {
  const text = parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST_TEXT)
  return { entry, text: (text.match(/\p{L}{2,}/gu) ?? []).length >= 2 ? text.replace(/\p{Cs}/gu, '') : '' }
}
