import { elements, type FieldCase, type FormatCase, NOTHING, type Raw, SIGNS, SPACE } from './formatCase.ts'

/** arXiv's answers and announcements. */

const ID = '2611.00001'
const common = {
  isJson: false,
  space: SPACE,
  signs: SIGNS,
  entry: { title: 'A Title', arxivId: ID, url: `https://arxiv.org/abs/${ID}` },
}

const abstract: FieldCase = { kind: 'text', good: 'We look.', entry: { abstract: 'We look.' } }
const names: FieldCase = {
  kind: 'names',
  good: 'Ann Écrit, Bo Lind and The Eel Collaboration',
  entry: { authors: ['Ann Écrit', 'Bo Lind', 'The Eel Collaboration'] },
}
const doi: FieldCase = {
  kind: 'text',
  good: ' 10.5555/Eel.1 ',
  entry: { doi: '10.5555/eel.1' },
}
const venue: FieldCase = { kind: 'text', good: 'Eel Lett. 4, 12', entry: { venue: 'Eel Lett. 4, 12' } }
/** Not a text for the checklist: what is no DOI is left out. */
const anyDoi: FieldCase = { ...doi, kind: 'link', wrong: ['soon', '11.5555/x', '10.48550/arXiv.2611.00001'] }
const instant: FieldCase = {
  kind: 'date',
  good: '2026-11-02T17:59:59Z',
  entry: { publishedAt: '2026-11-02T17:59:59.000Z' },
}
const day: FieldCase = { ...instant, good: '2026-11-02', entry: { publishedAt: '2026-11-02T00:00:00.000Z' } }

const ATOM =
  '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'

function atomEntry(raw: Raw): string {
  return `<entry>${elements(raw, {
    id: (id) => `<id>${id}</id>`,
    title: (title) => `<title>${title}</title>`,
    summary: (text) => `<summary>${text}</summary>`,
    published: (date) => `<published>${date}</published>`,
    author: (name) => `<author><name>${name}</name></author>`,
    category: (term) => `<category term="${term}"/>`,
    doi: (value) => `<arxiv:doi>${value}</arxiv:doi>`,
    journal_ref: (value) => `<arxiv:journal_ref>${value}</arxiv:journal_ref>`,
    announce_type: (value) => `<arxiv:announce_type>${value}</arxiv:announce_type>`,
    creator: (value) => `<dc:creator>${value}</dc:creator>`,
  })}</entry>`
}

const ATOM_IDS = ['5', 'urn:x', 'http://arxiv.org/abs/2413.00001', 'http://arxiv.org/abs/']

const query: FormatCase = {
  ...common,
  name: 'arxiv-atom: an answer to a query',
  format: 'arxiv-atom',
  write: (papers) => `<?xml version="1.0"?>${ATOM}${papers.map(atomEntry).join('')}</feed>`,
  base: { id: `http://arxiv.org/abs/${ID}v2`, title: 'A Title' },
  fields: {
    summary: abstract,
    published: instant,
    author: { kind: 'names', good: 'Ann Écrit', entry: { authors: ['Ann Écrit'] }, wrong: [' '] },
    category: { kind: 'names', good: 'cs.CL', entry: { categories: ['cs.CL'] }, wrong: [' '] },
    doi: anyDoi,
    journal_ref: venue,
  },
  none: 'empty',
  required: { id: [...NOTHING, ...ATOM_IDS], title: NOTHING },
}

const announcedAtom: FormatCase = {
  ...query,
  name: 'arxiv-atom: an announcement',
  base: { ...query.base, announce_type: 'new' },
  fields: {
    summary: abstract,
    published: { kind: 'date', good: '2026-11-03T00:00:00-05:00', entry: { listedOn: '2026-11-03' } },
    creator: names,
    category: query.fields.category!,
    doi: anyDoi,
  },
}

const rss: FormatCase = {
  ...common,
  name: 'arxiv-rss',
  format: 'arxiv-rss',
  write: (papers) =>
    `<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs.CL updates on arXiv.org</title>${papers.map(rssItem).join('')}</channel></rss>`,
  base: { link: `https://arxiv.org/abs/${ID}`, title: 'A Title' },
  fields: {
    description: abstract,
    creator: names,
    category: { kind: 'names', good: 'cs.CL', entry: { categories: ['cs.CL'] }, wrong: [' '] },
    pubDate: { kind: 'date', good: 'Tue, 03 Nov 2026 00:00:00 -0500', entry: { listedOn: '2026-11-03' } },
    DOI: anyDoi,
    journal_reference: venue,
  },
  none: 'empty',
  required: {
    link: [...NOTHING, '5', 'https://arxiv.org/abs/', 'https://a.example/2611.00001'],
    title: NOTHING,
  },
}

function rssItem(raw: Raw): string {
  return `<item>${elements(raw, {
    title: (title) => `<title>${title}</title>`,
    link: (link) => `<link>${link}</link>`,
    description: (text) => `<description>${text}</description>`,
    creator: (value) => `<dc:creator>${value}</dc:creator>`,
    category: (value) => `<category>${value}</category>`,
    pubDate: (value) => `<pubDate>${value}</pubDate>`,
    DOI: (value) => `<arxiv:DOI>${value}</arxiv:DOI>`,
    journal_reference: (value) => `<arxiv:journal_reference>${value}</arxiv:journal_reference>`,
  })}</item>`
}

const rdf: FormatCase = {
  ...common,
  name: 'arxiv-rdf',
  format: 'arxiv-rdf',
  write: (papers) =>
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://arxiv.org/"><link>http://arxiv.org/</link></channel>${papers.map(rdfItem).join('')}</rdf:RDF>`,
  base: { link: `http://arxiv.org/abs/${ID}`, title: 'A Title', suffix: `. (arXiv:${ID}v1 [cs.CL])` },
  entry: { ...common.entry, categories: ['cs.CL'] },
  fields: { description: abstract, creator: names },
  none: 'empty',
  // The id stands behind the title too.
  required: { link: ['http://arxiv.org/abs/2611.00002'], title: NOTHING },
}

/** Titles are escaped once; abstracts and names are HTML, which is escaped again. */
function rdfItem({ suffix, ...raw }: Raw): string {
  const html = (text: string) => text.replaceAll('&', '&amp;')
  return `<item>${elements(raw, {
    title: (title) => `<title>${title}${suffix}</title>`,
    link: (link) => `<link>${link}</link>`,
    description: (text) => `<description>${html(`<p>${text}</p>`).replaceAll('<', '&lt;')}</description>`,
    creator: (value) => `<dc:creator>${html(value)}</dc:creator>`,
  })}</item>`
}

function oai(name: string, write: (raw: Raw) => string, fields: FormatCase['fields']): FormatCase {
  return {
    ...common,
    name: `arxiv-oai: ${name}`,
    format: 'arxiv-oai',
    write: (papers) =>
      `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>${papers
        .map(
          (raw) =>
            `<record><header><identifier>${raw.identifier}</identifier></header><metadata>${write(raw)}</metadata></record>`,
        )
        .join('')}</ListRecords></OAI-PMH>`,
    base: { identifier: `oai:arXiv.org:${ID}`, title: 'A Title' },
    fields,
    none: 'empty',
    required: { identifier: [...NOTHING, '5', 'oai:elsewhere.example:1'], title: NOTHING },
  }
}

const tag = (name: string) => (value: string) => `<${name}>${value}</${name}>`
const OAI_FIELDS = {
  title: tag('title'),
  abstract: tag('abstract'),
  doi: tag('doi'),
  'journal-ref': tag('journal-ref'),
  categories: tag('categories'),
}
const categories: FieldCase = {
  kind: 'names',
  good: 'cs.CL math.CO',
  entry: { categories: ['cs.CL', 'math.CO'] },
  wrong: [' '],
}
const oaiFields = { abstract, doi: anyDoi, 'journal-ref': venue, categories }

const own = oai(
  'arXiv',
  (raw) =>
    `<arXiv>${elements(raw, {
      ...OAI_FIELDS,
      created: tag('created'),
      keyname: (name) =>
        `<authors><author><keyname>${name}</keyname><forenames>Ann</forenames></author></authors>`,
    })}</arXiv>`,
  {
    ...oaiFields,
    created: day,
    keyname: { kind: 'names', good: 'Écrit', entry: { authors: ['Ann Écrit'] }, wrong: [], empty: [] },
  },
)

const rawOai = oai(
  'arXivRaw',
  (raw) =>
    `<arXivRaw>${elements(raw, {
      ...OAI_FIELDS,
      authors: tag('authors'),
      version: (date) =>
        `<version version="v2"><date>Sat, 13 Dec 2025 17:26:00 GMT</date></version><version version="v1"><date>${date}</date></version>`,
    })}</arXivRaw>`,
  {
    ...oaiFields,
    authors: names,
    version: { kind: 'date', good: 'Mon, 2 Nov 2026 17:59:59 GMT', entry: instant.entry },
  },
)

const dublinCore = oai(
  'oai_dc',
  (raw) =>
    `<oai_dc:dc xmlns:oai_dc="x" xmlns:dc="y">${elements(raw, {
      title: tag('dc:title'),
      creator: tag('dc:creator'),
      description: (text) =>
        `<dc:description>${text}</dc:description><dc:description>Comment: 4 pages</dc:description>`,
      date: tag('dc:date'),
      doi: (value) => `<dc:identifier>doi:${value}</dc:identifier>`,
      link: (value) => `<dc:identifier>${value}</dc:identifier>`,
    })}</oai_dc:dc>`,
  {
    description: abstract,
    creator: { kind: 'names', good: 'Écrit, Ann', entry: { authors: ['Ann Écrit'] }, wrong: [' '] },
    date: day,
    doi: { ...anyDoi, good: '10.5555/Eel.1' },
  },
)

const repository: FormatCase = {
  ...dublinCore,
  name: 'repository-oai: oai_dc of any repository',
  format: 'repository-oai',
  write: (papers) =>
    dublinCore
      .write(papers)
      .replace(
        '<ListRecords>',
        '<request verb="ListRecords">https://repository.example.org/oai</request><ListRecords>',
      ),
  base: {
    identifier: 'oai:repository.example.org:1',
    title: 'A Title',
    link: 'https://repository.example.org/1',
  },
  entry: { title: 'A Title', url: 'https://repository.example.org/1' },
  // arXiv's own DOI says which paper of arXiv it is.
  fields: { ...dublinCore.fields, doi: { ...dublinCore.fields.doi!, wrong: ['soon', '11.5555/x'] } },
  required: { title: NOTHING },
}

const listingPage: FormatCase = {
  ...common,
  name: 'arxiv-listing',
  format: 'arxiv-listing',
  write: (papers) => `<html><body><dl id="articles">${papers.map(listed).join('')}</dl></body></html>`,
  base: { id: `/abs/${ID}`, title: 'A Title' },
  fields: {
    abstract,
    authors: { kind: 'names', good: 'Ann Écrit', entry: { authors: ['Ann Écrit'] }, wrong: [' '] },
    subjects: {
      kind: 'names',
      good: 'Language (cs.CL)',
      entry: { categories: ['cs.CL'] },
      wrong: [' ', 'Language'],
    },
    journal: venue,
    day: { kind: 'date', good: 'Tue, 3 Nov 2026', entry: { listedOn: '2026-11-03' } },
  },
  none: 'refused',
  required: { id: [...NOTHING, '/abs/5', '/abs/2413.00001'], title: NOTHING },
}

function listed(raw: Raw): string {
  const { day, id, ...fields } = raw
  const heading = day === undefined ? '' : `<h3>${day} (showing 1 of 1 entries)</h3>`
  const field = (name: string) => (value: string) =>
    `<div class="${name}"><span class="descriptor">X:</span> ${value}</div>`
  return `${heading}<dt><a href="${id}">arXiv</a></dt><dd><div class="meta">${elements(fields, {
    title: field('list-title mathjax'),
    authors: (name) => `<div class="list-authors"><a href="#">${name}</a></div>`,
    subjects: field('list-subjects'),
    journal: field('list-journal-ref'),
    abstract: (text) => `<p class="mathjax">${text}</p>`,
  })}</div></dd>`
}

const RULE = '-'.repeat(78)
const mailing: FormatCase = {
  ...common,
  name: 'arxiv-mailing',
  format: 'arxiv-mailing',
  space: ' \n  ',
  write: (papers) => papers.map((raw) => `${RULE}\n${mailed(raw)}`).join('') + RULE,
  base: { id: ID, title: 'A Title' },
  fields: {
    abstract,
    Authors: names,
    Categories: {
      kind: 'names',
      good: 'cs.CL math.CO',
      entry: { categories: ['cs.CL', 'math.CO'] },
      wrong: [' '],
    },
    DOI: anyDoi,
    'Journal-ref': venue,
    Date: {
      kind: 'date',
      good: 'Mon, 2 Nov 2026 17:59:59 GMT   (12kb)',
      entry: instant.entry,
      wrong: ['2026-02-30'],
    },
  },
  none: 'refused',
  required: { id: ['5', 'x', '2413.00001'], title: NOTHING },
}

function mailed({ id, title, abstract: text, ...fields }: Raw): string {
  const all = { ...fields, ...(title === undefined ? {} : { Title: title }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\n`)
  return `\\\\\narXiv:${id}\n${lines.join('')}\\\\\n${text === undefined ? '' : `  ${text}\n`}\\\\ ( https://arxiv.org/abs/${id} )\n`
}

export const arxivCases: FormatCase[] = [
  query,
  announcedAtom,
  rss,
  rdf,
  own,
  rawOai,
  dublinCore,
  repository,
  listingPage,
  mailing,
]
