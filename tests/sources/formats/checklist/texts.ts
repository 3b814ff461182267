import { type FieldCase, type FormatCase, NOTHING, type Raw, SIGNS, SIGNS_READ } from './formatCase.ts'

/** Texts that people and programs keep: digests, saved pages, dumps, Markdown. */

const ID = '2611.00001'
const ARXIV = `https://arxiv.org/abs/${ID}`
const HF = `https://huggingface.co/papers/${ID}`
const LONG =
  'We look at one thing for so long that what we say of it cannot be taken for the title of any paper.'

const common = { isJson: false, space: ' \t\u00a0 ', signs: SIGNS, SIGNS_READ }
const arxivEntry = { title: 'A Title', arxivId: ID, url: ARXIV }

const abstract: FieldCase = { kind: 'text', good: 'We look.', entry: { abstract: 'We look.' } }
const names: FieldCase = {
  kind: 'names',
  good: 'Ann Écrit, Bo Lind',
  entry: { authors: ['Ann Écrit', 'Bo Lind'] },
}
const votes: FieldCase = { kind: 'count', good: '7', entry: { upvotes: 7 } }
const date: FieldCase = {
  kind: 'date',
  good: '2026-11-02',
  entry: { publishedAt: '2026-11-02T00:00:00.000Z' },
}
const code: FieldCase = {
  kind: 'link',
  good: 'https://github.com/a/b',
  entry: { codeUrl: 'https://github.com/a/b' },
  wrong: ['x', 'https://example.org/a/b', 'javascript:alert(1)'],
}

/** `label: value` on a line each, of the fields that are there. */
function labelled(raw: Raw, labels: Record<string, string>): string {
  return Object.entries(labels)
    .flatMap(([field, label]) => (raw[field] === undefined ? [] : `${label}: ${raw[field]}\n`))
    .join('')
}

const digest: FormatCase = {
  ...common,
  name: 'text-digest',
  format: 'text-digest',
  write: (papers) =>
    papers
      .map(
        (raw) =>
          `${labelled(raw, { title: 'Title', link: 'PDF', summary: 'Summary', authors: 'Authors' })}---\n`,
      )
      .join(''),
  // A title may go on in the next line, set in.
  space: ' \n  \t ',
  base: { title: 'A Title', link: `https://arxiv.org/pdf/${ID}` },
  entry: arxivEntry,
  fields: { summary: abstract, authors: { ...names, wrong: [' , '] } },
  none: 'refused',
  required: { title: NOTHING, link: [...NOTHING, 'soon', 'javascript:alert(1)'] },
}

const dump: FormatCase = {
  ...common,
  name: 'text-dump',
  format: 'text-dump',
  write: (papers) =>
    `Get trending papers in your email inbox once a day!\nSubscribe${papers.map(({ title, abstract }) => `${title}\n${abstract}\n`).join('')}`,
  base: { title: 'A Title', abstract: LONG },
  entry: { title: 'A Title', abstract: LONG, rank: 1 },
  fields: {},
  none: 'refused',
  required: { title: NOTHING },
}

const BANNER = 'Get trending papers in your email inbox once a day!\n\n# Daily Papers\n\n'
const cardFields: Record<string, FieldCase> = {
  abstract: { kind: 'text', good: LONG, entry: { abstract: LONG } },
  votes: { ...votes, wrong: ['many', '1.5', '–'] },
  comments: { kind: 'count', good: '3', entry: { comments: 3 }, wrong: ['many', '1.5'] },
  date: {
    kind: 'date',
    good: 'Nov 2, 2026',
    entry: { publishedAt: '2026-11-02T00:00:00.000Z' },
    wrong: ['soon', 'Feb 30, 2026', 'Nov 2'],
    bySpelling: true,
  },
}
const cardCommon = {
  ...common,
  format: 'text-page',
  base: { title: 'A Title', id: ID },
  entry: { title: 'A Title', arxivId: ID, url: HF, rank: 1 },
  fields: cardFields,
  none: 'refused' as const,
}

const links: FormatCase = {
  ...cardCommon,
  name: 'text-page: Markdown',
  write: (papers) =>
    BANNER +
    papers
      .map(({ title, id, votes, abstract, comments, date }) => {
        const page = `https://huggingface.co/papers/${id}`
        return [
          ...(votes === undefined ? [] : [`[${votes}](https://huggingface.co/login?next=%2Fpapers%2F${id})`]),
          `### [${title}](${page})`,
          ...(abstract === undefined ? [] : [`[${abstract}](${page})`]),
          ...(date === undefined ? [] : ['·', date]),
          ...(comments === undefined ? [] : [`[${comments}](${page}#community)`]),
          '',
        ].join('\n\n')
      })
      .join(''),
  required: { title: NOTHING, id: ['x', '../x'] },
}

const numbered: FormatCase = {
  ...cardCommon,
  name: 'text-page: numbered links',
  write: (papers) => {
    const addresses: string[] = []
    const link = (text: unknown, url: string) => `[${text}][${addresses.push(url)}]`
    const cards = papers.map(({ title, id, votes, abstract, comments, date }) => {
      const page = `https://huggingface.co/papers/${id}`
      const count =
        votes === undefined ? '' : `${link(votes, `https://huggingface.co/login?next=%2Fpapers%2F${id}`)}\n\n`
      const text = abstract === undefined ? '' : `${link(abstract, page)}\n\n`
      const day = date === undefined ? '' : `·\n\n${date}\n\n`
      const talk = comments === undefined ? '' : `${link(comments, `${page}#community`)}\n\n`
      return `${count}### ${link(title, page)}\n\n${text}${day}${talk}`
    })
    return `${BANNER}${cards.join('')}\n${addresses.map((url, index) => `[${index + 1}]: ${url}\n`).join('')}`
  },
  required: { title: NOTHING, id: ['x', '../x'] },
}

const addresses: FormatCase = {
  ...cardCommon,
  name: 'text-page: addresses on lines of their own',
  write: (papers) =>
    `${BANNER}${papers
      .map(({ title, id, abstract, date }) => {
        const page = `https://huggingface.co/papers/${id}`
        const text = abstract === undefined ? '' : `${abstract}\n\n${page}\n\n`
        return `${title}\n\n${page}\n\n${text}${date === undefined ? '' : `·\n\n${date}\n\n`}`
      })
      .join('')}`,
  fields: { abstract: cardFields.abstract!, date: cardFields.date! },
  required: { id: ['x', '../x'] },
}

const markdownCommon = {
  ...common,
  format: 'markdown',
  signsRead: SIGNS_READ,
  base: { title: 'A Title', link: ARXIV },
  entry: arxivEntry,
  none: 'refused' as const,
  required: { title: NOTHING, link: [...NOTHING, 'x', 'https://example.org/2611.00001'] },
}

const headings: FormatCase = {
  ...markdownCommon,
  name: 'markdown: headings',
  write: (papers) =>
    papers
      .map(
        (raw) =>
          `## ${raw.title}\n\n${labelled(raw, { link: 'Link', authors: '**Authors**', abstract: '- Abstract', votes: 'Votes', date: 'Published', code: 'Code' })}`,
      )
      .join('\n'),
  fields: { abstract, authors: { ...names, wrong: [' , ', '5'] }, votes, date, code },
}

const items: FormatCase = {
  ...markdownCommon,
  name: 'markdown: list',
  write: (papers) =>
    papers
      .map(({ title, link, authors, date, code }) => {
        const day = date === undefined ? '' : `${date}, `
        const by = authors === undefined ? '' : `, ${authors}`
        const repository = code === undefined ? '' : `, [code](${code})`
        return `- ${day}**${title}**${by}, Paper: [here](${link})${repository}\n`
      })
      .join(''),
  fields: { authors: { ...names, wrong: [' , ', '5'] }, date: { ...date, bySpelling: true }, code },
}

const table: FormatCase = {
  ...markdownCommon,
  name: 'markdown: table',
  write: (papers) => {
    const columns = ['title', 'link', 'abstract', 'authors', 'votes', 'date', 'code']
    const row = (cells: unknown[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |\n`
    const rows = papers.map((raw) => row(columns.map((column) => raw[column])))
    return (
      row(['Title', 'Link', 'Abstract', 'Authors', 'Votes', 'Date', 'Code']) +
      row(columns.map(() => '---')) +
      rows.join('')
    )
  },
  fields: { abstract, authors: { ...names, wrong: [' , '] }, votes, date, code },
}

const rowsById: FormatCase = {
  ...markdownCommon,
  name: 'markdown-rows: rows of tables by id',
  format: 'markdown-rows',
  write: (papers) => {
    const columns = ['date', 'title', 'authors', 'link', 'code']
    const rows = papers.map((raw, index) => [
      `${2611.1 + index}`,
      `|${columns.map((column) => raw[column] ?? '').join('|')}|\n`,
    ])
    return JSON.stringify({ 'A topic': Object.fromEntries(rows) })
  },
  fields: { authors: { ...names, wrong: [' , '] }, date, code },
}

export const textCases: FormatCase[] = [
  digest,
  dump,
  links,
  numbered,
  addresses,
  headings,
  items,
  table,
  rowsById,
]
