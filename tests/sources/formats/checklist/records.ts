import { stringify } from './csv.ts'
import { type FieldCase, type FormatCase, NOTHING, type Raw, SIGNS, SIGNS_READ, SPACE } from './formatCase.ts'

/** Records of dumps: JSON lines, JSON lists, tables. One that is plainly of its kind stands before the one that is tried. */

const ID = '2611.00001'
const NO_TEXT = [5, null, [], {}]
const common = { isJson: true, space: SPACE, signs: SIGNS, none: undefined }

const lines = (records: Raw[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const abstract: FieldCase = { kind: 'text', good: 'We look.', entry: { abstract: 'We look.' } }
const names: FieldCase = {
  kind: 'names',
  good: ['Ann Écrit', 'Bo Lind'],
  entry: { authors: ['Ann Écrit', 'Bo Lind'] },
}
const doi: FieldCase = {
  kind: 'link',
  good: '10.5555/Eel.1',
  entry: { doi: '10.5555/eel.1' },
  wrong: [5, null, [], {}, 'soon', '11.5555/x'],
}
const arxivEntry = { title: 'A Title', arxivId: ID, url: `https://arxiv.org/abs/${ID}` }

const snapshot: FormatCase = {
  ...common,
  name: 'arxiv-snapshot',
  format: 'arxiv-snapshot',
  write: (papers) =>
    lines([{ id: '2611.09999', title: 'Another', categories: 'cs.CL', versions: [] }, ...papers]),
  base: { id: ID, title: 'A Title' },
  entry: arxivEntry,
  fields: {
    abstract,
    categories: {
      kind: 'names',
      good: 'cs.CL math.CO',
      entry: { categories: ['cs.CL', 'math.CO'] },
      wrong: [...NO_TEXT, ' '],
      empty: [''],
    },
    authors: {
      kind: 'names',
      good: 'Ann Écrit (Delft) and Bo Lind',
      entry: names.entry,
      wrong: [...NO_TEXT, ' , '],
    },
    authors_parsed: {
      kind: 'names',
      good: [
        ['Écrit', 'Ann', ''],
        ['Lind', 'Bo', '', 'Delft'],
      ],
      entry: names.entry,
      wrong: [5, null, {}, 'Ann', [null, 5, ['', '', ''], [5, {}]]],
    },
    doi,
    'journal-ref': { kind: 'text', good: 'Eel Lett. 4', entry: { venue: 'Eel Lett. 4' } },
    versions: {
      kind: 'date',
      good: [{ version: 'v1', created: 'Mon, 2 Nov 2026 17:59:59 GMT' }],
      entry: { publishedAt: '2026-11-02T17:59:59.000Z' },
      wrong: [5, null, {}, 'v1', [null, 5, {}], [{ version: 'v1', created: 5 }], [{ created: 'soon' }]],
    },
  },
  required: { id: [...NOTHING, null, [], {}, 'x', '2413.00001'], title: [...NOTHING, ...NO_TEXT] },
}

const daily: FormatCase = {
  ...common,
  name: 'arxiv-daily',
  format: 'arxiv-daily',
  write: (papers) =>
    lines([
      {
        id: '2611.09999',
        abs: 'https://arxiv.org/abs/2611.09999',
        authors: [],
        categories: [],
        title: 'Another',
      },
      ...papers,
    ]),
  base: { id: ID, title: 'A Title' },
  entry: arxivEntry,
  fields: {
    summary: abstract,
    authors: names,
    categories: { kind: 'names', good: ['cs.CL'], entry: { categories: ['cs.CL'] } },
    doi,
    abs: { kind: 'link', good: `https://arxiv.org/abs/${ID}`, entry: {}, wrong: [5, null, [], {}, 'x'] },
    pdf: { kind: 'link', good: `https://arxiv.org/pdf/${ID}v2`, entry: {}, wrong: [5, null, [], {}, 'x'] },
  },
  required: { id: [...NOTHING, null, [], {}, 'x'], title: [...NOTHING, ...NO_TEXT] },
}

const URL = 'https://paperswithcode.com/paper/a-title'
const papersWithCode: FormatCase = {
  ...common,
  name: 'papers-with-code: one JSON list',
  format: 'papers-with-code',
  write: (papers) => JSON.stringify([{ paper_url: URL, url_abs: null, title: 'Another' }, ...papers]),
  base: { paper_url: URL, title: 'A Title' },
  entry: { title: 'A Title', url: URL },
  fields: {
    abstract,
    authors: names,
    tasks: { kind: 'names', good: ['Looking'], entry: { keywords: ['Looking'] } },
    proceeding: { kind: 'text', good: 'EEL 2026 11', entry: { venue: 'EEL 2026 11' } },
    date: {
      kind: 'date',
      good: '2026-11-02',
      entry: { publishedAt: '2026-11-02T00:00:00.000Z' },
    },
    arxiv_id: {
      kind: 'link',
      good: ID,
      entry: { arxivId: ID, url: arxivEntry.url },
      wrong: [5, null, [], {}, 'x'],
    },
  },
  required: { title: [...NOTHING, ...NO_TEXT] },
}

const TABLE_URL = 'https://papers.example.org/1'
const tableText = (field: string): FieldCase => ({
  kind: 'text',
  good: 'We look.',
  entry: { [field]: 'We look.' },
})
const tableLink = (field: string): FieldCase => ({
  kind: 'link',
  good: 'https://x.example/a',
  entry: { [field]: 'https://x.example/a' },
})
const tableCount = (field: string): FieldCase => ({
  kind: 'count',
  good: '1,204',
  entry: { [field]: 1204 },
  wrong: ['many', '-1', '1.5', '99999999999'],
})
const table: Record<string, FieldCase> = {
  abstract,
  authors: {
    kind: 'names',
    good: 'Écrit, Ann; Lind, Bo',
    entry: names.entry,
    wrong: [' ; , '],
  },
  'arXiv ID': {
    kind: 'link',
    good: '2611.00001v3',
    entry: { arxivId: ID },
    wrong: ['x', '17', '2413.00001'],
  },
  doi: { ...doi, wrong: ['soon', '11.5555/x'] },
  'Published on': {
    kind: 'date',
    good: '2026-11-02',
    entry: { publishedAt: '2026-11-02T00:00:00.000Z' },
    wrong: ['soon', '2026-02-30', '0'],
  },
  listed_on: {
    kind: 'date',
    good: '2026-11-03',
    entry: { listedOn: '2026-11-03' },
    wrong: ['soon', '2026-02-30'],
  },
  categories: {
    kind: 'names',
    good: 'cs.CL; math.CO',
    entry: { categories: ['cs.CL', 'math.CO'] },
    wrong: [' ; '],
  },
  Keywords: { kind: 'names', good: 'eels, owls', entry: { keywords: ['eels', 'owls'] }, wrong: [' , '] },
  institution: tableText('organization'),
  TLDR: tableText('aiSummary'),
  Code: tableLink('codeUrl'),
  Homepage: tableLink('projectUrl'),
  image: tableLink('thumbnailUrl'),
  Upvotes: tableCount('upvotes'),
  num_comments: tableCount('comments'),
  'GitHub stars': tableCount('stars'),
}
const tableCommon = {
  ...common,
  format: 'table',
  signsRead: SIGNS_READ,
  base: { title: 'A Title', url: TABLE_URL },
  entry: { title: 'A Title', url: TABLE_URL },
}

const rows: FormatCase = {
  ...tableCommon,
  name: 'table: rows of CSV',
  isJson: false,
  write: (papers) => stringify(['title', 'url', ...Object.keys(table)], papers),
  fields: table,
  required: { title: NOTHING },
}

/** What a cell cannot hold, and JSON can. */
const NO_CELL = [true, null, [], {}]
const objects: FormatCase = {
  ...tableCommon,
  name: 'table: JSON lines',
  // Every column is known by one record.
  write: (papers) =>
    lines([
      { title: 'Another', ...Object.fromEntries(Object.keys(table).map((name) => [name, ''])) },
      ...papers,
    ]),
  fields: Object.fromEntries(
    Object.entries(table).map(([name, field]) => [
      name,
      { ...field, empty: ['', null], wrong: [...(field.wrong ?? []), ...NO_CELL] },
    ]),
  ),
  required: { title: [...NOTHING, ...NO_TEXT] },
}

export const recordCases: FormatCase[] = [snapshot, daily, papersWithCode, rows, objects]
