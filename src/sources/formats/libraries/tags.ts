import type { Fields } from '../../reading/fields.ts'
import type { TextFormat } from './textRecords.ts'

/**
 * Records of lines that each begin with the short name of a field, as reference managers and catalogues export them: RIS
 * (https://en.wikipedia.org/wiki/RIS_(file_format)), PubMed's MEDLINE format (https://www.nlm.nih.gov/bsd/mms/medlineelements.html),
 * EndNote's `%0`, RefWorks, Web of Science and NoteExpress.
 */
export const citationTags: TextFormat = {
  name: 'citation-tags',
  detect: (head) => dialectOf(head.slice(0, HEAD)) !== undefined,
  begins: /^(?:TY {1,3}- ?|PMID ?- ?\d|%0 |RT (?=\p{Lu})|PT (?=[A-Z]\s*$)|\{Reference Type\}:)/gmu,
  reader: () => readTagged,
}

const HEAD = 100_000

interface Dialect {
  /** The line with which a record begins. */
  first: RegExp
  /** Name and value of a field. */
  field: RegExp
  /** The fields of a paper, by the names that tables have: the tags that hold each, the surest first. */
  tags: Record<string, string>
  /** The line with which a record ends, in dialects that have one. A record without it broke off. */
  last?: RegExp
  /** Lines that go on below these tags are values of their own. */
  lists?: string
}

const DIALECTS: Dialect[] = [
  {
    first: /^TY {1,3}- ?\S/m,
    field: /^([A-Z][A-Z0-9]) {1,3}-(?: (.*)|$)/,
    last: /^ER {1,3}-/m,
    tags: {
      title: 'TI T1 CT BT',
      abstract: 'AB N2',
      authors: 'AU A1',
      doi: 'DO DI',
      url: 'UR LK L2 L1',
      venue: 'JO JF T2 JA J2 J1 BT C3',
      published: 'DA Y1 PY',
      year: 'PY Y1',
      keywords: 'KW',
      arxivid: 'UR DO L1 JO JF T2 M1 M3 N1 AN C1 PB ID',
    },
  },
  {
    first: /^PMID ?- ?\d/m,
    field: /^([A-Z]{2,4}) *- ?(.*)$/,
    tags: {
      title: 'TI TT',
      abstract: 'AB',
      authors: 'FAU AU CN',
      doi: 'LID AID',
      venue: 'JT TA',
      published: 'DEP DP',
      year: 'DP',
      keywords: 'OT',
      pmid: 'PMID',
    },
  },
  {
    first: /^%0 \S/m,
    field: /^%(\S) (.*)$/,
    tags: {
      title: 'T',
      abstract: 'X',
      authors: 'A',
      doi: 'R',
      url: 'U >',
      venue: 'J B',
      published: '8 D',
      year: 'D',
      keywords: 'K',
      arxivid: 'U R J M Z',
    },
  },
  {
    first: /^RT \p{Lu}/mu,
    field: /^([A-Z][A-Z0-9]) (.*)$/,
    tags: {
      title: 'T1 TI',
      abstract: 'AB',
      authors: 'A1 AU',
      doi: 'DO',
      url: 'LK UL',
      venue: 'JF JO T2',
      published: 'FD YR',
      year: 'YR',
      keywords: 'K1',
      arxivid: 'LK UL JF NO',
    },
  },
  {
    first: /^PT [A-Z]\s*$/m,
    field: /^([A-Z][A-Z0-9]) (.*)$/,
    tags: {
      title: 'TI',
      abstract: 'AB',
      authors: 'AF AU',
      doi: 'DI',
      venue: 'SO',
      published: 'PD PY',
      year: 'PY',
      keywords: 'DE',
      arxivid: 'DI SO AR',
    },
    last: /^ER\s*$/m,
    lists: 'AF AU',
  },
  {
    first: /^\{Reference Type\}:/m,
    field: /^\{([^}\n]{1,60})\}: ?(.*)$/,
    tags: {
      title: 'Title',
      abstract: 'Abstract',
      authors: 'Author',
      doi: 'DOI',
      url: 'URL',
      venue: 'Journal,Secondary Title',
      published: 'Date,Year',
      year: 'Year',
      keywords: 'Keywords',
      arxivid: 'URL,DOI',
    },
  },
]

function dialectOf(text: string): Dialect | undefined {
  return DIALECTS.find(({ first }) => first.test(text))
}

/** One record of any of the dialects. */
function readTagged(text: string): Fields | { fault: string } {
  const dialect = dialectOf(text)
  if (dialect === undefined) return { fault: 'expected a record of a library, got other text' }
  if (dialect.last?.test(text) === false)
    return { fault: 'expected a whole record, got one that breaks off before its end (ER)' }
  const { values, cut } = valuesOf(text, dialect)
  if (cut !== undefined && tagsIn(dialect.tags.title!).includes(cut))
    return { fault: 'expected a whole record, got one that breaks off in its title' }
  const record: Fields = { ...others(values, dialect) }
  for (const [name, tags] of Object.entries(dialect.tags)) {
    const found = tagsIn(tags).find((tag) => values.has(tag))
    if (found !== undefined) record[name] = values.get(found)
  }
  return { ...record, ...readIds(values, dialect), ...readDate(values, dialect) }
}

function tagsIn(tags: string): string[] {
  return tags.split(tags.includes(',') ? ',' : ' ')
}

/** Fields that are of no use here keep their own names, so that a replay can say that they were ignored. */
function others(values: Map<string, string[]>, { tags }: Dialect): Fields {
  const used = new Set(Object.values(tags).flatMap(tagsIn))
  const kept = [...values].filter(([tag]) => !used.has(tag) && !BOOKKEEPING.has(tag))
  return Object.fromEntries(kept.map(([tag, found]) => [`tag ${tag}`, found]))
}

const BOOKKEEPING = new Set(['TY', 'ER', 'EF', 'FN', 'VR', 'PT', 'RT', '0', 'Reference Type'])

/** A title is one text; of names and ids each line is one. */
function readIds(values: Map<string, string[]>, { tags }: Dialect): Fields {
  const all = (name: string) => tagsIn(tags[name] ?? '').flatMap((tag) => values.get(tag) ?? [])
  const [title] = all('title')
  const [pmid] = all('pmid')
  const doi = all('doi').filter((value) => !/\[(?:pii|mid|bookaccession)\]$/.test(value))
  return {
    // Catalogues of medicine write a full stop behind each title.
    title: pmid === undefined ? title : title?.replace(/(?<=[^.])\.$/, ''),
    doi,
    pmid: undefined,
    url: pmid === undefined ? all('url') : `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    keywords: all('keywords').flatMap((words) => words.split(/;\s*/)),
    arxivid: all('arxivid').filter((value) => /arxiv/i.test(value)),
  }
}

/** `2026/03/01/online`, `MAR 1` beside `2026`, `March 2026`. */
function readDate(values: Map<string, string[]>, { tags }: Dialect): Fields {
  const read = (name: string) => tagsIn(tags[name]!).flatMap((tag) => values.get(tag)?.[0] ?? [])
  const [year] = read('year').map((text) => /\b\d{4}\b/.exec(text)?.[0] ?? text)
  const written = read('published').map(bareDate)
  const dated = written.map((text) => (year !== undefined && !/\d{4}/.test(text) ? `${text} ${year}` : text))
  return { published: dated[0], year: dated[1] ?? year }
}

/** RIS writes year, month, day and words, a slash behind each. */
function bareDate(text: string): string {
  const [, year, month, day] = /^(\d{4})\/(\d{0,2})\/(\d{0,2})(?:\/.*)?$/.exec(text) ?? []
  if (year === undefined) return text.replace(/\/+$/, '')
  return [year, month, day].filter((part) => part !== '').join('-')
}

/**
 * The values of each tag. A line without a tag goes on with the one before. `cut`: the tag of the last line, if it has no end:
 * the text may break off there.
 */
function valuesOf(
  text: string,
  { field, lists = '' }: Dialect,
): { values: Map<string, string[]>; cut: string | undefined } {
  const values = new Map<string, string[]>()
  let open: string[] = []
  let isList = false
  let last: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const match = field.exec(line)
    if (match !== null) {
      const [, tag = '', value = ''] = match
      isList = lists.split(' ').includes(tag)
      last = tag
      open = append(values, tag, value)
    } else if (line.trim() !== '') {
      if (isList) open.push(line.trim())
      else open.push(`${open.pop() ?? ''} ${line.trim()}`.trim())
    }
  }
  const filled = new Map([...values].filter(([, found]) => found.length > 0))
  return { values: filled, cut: text.endsWith('\n') ? undefined : last }
}

function append(values: Map<string, string[]>, tag: string, value: string): string[] {
  const known = values.get(tag) ?? []
  values.set(tag, known)
  if (value.trim() !== '') known.push(value.trim())
  return known
}
