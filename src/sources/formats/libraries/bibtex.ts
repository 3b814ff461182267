import bibtexParser, { type BibtexValue } from 'bibtex-parse'
import { texToUnicode } from '../../../text/texToUnicode.ts'
import { type Fields, shown } from '../../reading/fields.ts'
import { splitNames } from '../../reading/names.ts'
import type { RecordReader, TextFormat } from './textRecords.ts'

/** BibTeX and BibLaTeX, item by item, so that a damaged item costs no other. */
export const bibtex: TextFormat = {
  name: 'bibtex',
  detect: (head) =>
    /^[ \t]*@[a-z]{3,30}[ \t]*[{(][^@]/im.test(head.slice(0, HEAD)) && !/^\s*[<[{]/.test(head),
  begins: /^[ \t]*@[a-z]+[ \t]*[{(]/gim,
  reader,
}

const HEAD = 100_000
const NO_PAPER = /^[ \t]*@(?:string|preamble|comment)\b/i
const MONTHS = 'january february march april may june july august september october november december'
/** The names that BibTeX gives months. */
const KNOWN = new Map(MONTHS.split(' ').map((month) => [month.slice(0, 3), month]))

/** A reader of the items of one file; what `@string` defines counts for the items below it. */
function reader(): RecordReader {
  const strings = new Map(KNOWN)
  return (text) => {
    const entries = readItem(text, strings)
    const [fields] = entries
    if (fields !== undefined) return recordOf(fields)
    return NO_PAPER.test(text) ? undefined : { fault: `expected an entry of BibTeX, got ${shown(text)}` }
  }
}

type Values = Map<string, string>

/** Reads the entries of one item, and adds what it defines to `strings`. */
function readItem(text: string, strings: Values): Values[] {
  const entries: Values[] = []
  try {
    for (const item of bibtexParser.parse(text, { number: 'string' })) {
      if (item.itemtype === 'string') strings.set(item.name.toLowerCase(), textOf(item, strings))
      if (item.itemtype === 'entry')
        entries.push(new Map(item.fields.map((field) => [field.name.toLowerCase(), textOf(field, strings)])))
    }
  } catch {
    return []
  }
  return entries
}

/** A definition may use the one before twice: thirty such lines would make more text than there is memory. */
const LONGEST_VALUE = 100_000

/** A value with its definitions filled in. The package's own conversion takes time quadratic in the number of braces. */
function textOf({ datatype, value }: BibtexValue, strings: ReadonlyMap<string, string>): string {
  if (!Array.isArray(value)) {
    const text = datatype === 'identifier' ? (strings.get(`${value}`.toLowerCase()) ?? '') : `${value ?? ''}`
    return text.slice(0, LONGEST_VALUE)
  }
  let text = ''
  for (const part of value) {
    if (text.length >= LONGEST_VALUE) break
    text += textOf(part, strings)
  }
  return text.slice(0, LONGEST_VALUE)
}

const LONGEST_FIELD = 20_000
const PLACES = ['url', 'note', 'journal', 'howpublished', 'volume', 'doi', 'pages', 'eid']
const READ = new Set(
  'title abstract author doi url ee journal journaltitle booktitle keywords date year month eprint archiveprefix eprinttype primaryclass'.split(
    ' ',
  ),
)

/** The record by the names that tables have. */
function recordOf(values: Values): Fields {
  const of = (name: string) => plain(values.get(name) ?? '').slice(0, LONGEST_FIELD)
  const isArxiv = /arxiv/i.test(`${of('archiveprefix')}${of('eprinttype')}`)
  const others = [...values].filter(([name, value]) => !READ.has(name) && value !== '')
  return {
    ...Object.fromEntries(others.map(([name, value]) => [`field ${name}`, value])),
    title: of('title'),
    abstract: of('abstract'),
    authors: splitNames(values.get('author'))?.map(plain),
    doi: of('doi'),
    url: [of('url'), of('ee')].filter((url) => url !== ''),
    arxivid: [isArxiv ? `arXiv:${of('eprint')}` : of('eprint'), ...PLACES.map(of).filter(namesArxiv)],
    categories: isArxiv ? of('primaryclass') : undefined,
    venue: of('journal') || of('journaltitle') || of('booktitle'),
    published: of('date') || [of('month'), of('year')].filter((part) => part !== '').join(' '),
    year: of('year'),
    keywords: of('keywords'),
  }
}

function namesArxiv(text: string): boolean {
  return /arxiv/i.test(text)
}

/** A value as one line of plain text: TeX rendered, braces removed. */
function plain(value: string): string {
  return texToUnicode(value).replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()
}
