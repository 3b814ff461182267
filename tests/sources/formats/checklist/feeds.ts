import {
  elements,
  escaped,
  type FieldCase,
  type FormatCase,
  NOTHING,
  type Raw,
  SIGNS,
  SPACE,
} from './formatCase.ts'

/** Feeds of papers from anywhere. */

const LINK = 'https://papers.example.org/1'
const LONG =
  'We look at one thing for so long that what we say of it has more than a hundred characters, as abstracts have.'
/** Nobody can tell whether tags in an RSS title are the paper's words. */
const PLAIN_SIGNS = SIGNS.replaceAll(/<\/?b>/g, '')

/** Entities in a feed may have been escaped twice. */
const decoded = (signs: string) => signs.replace('&amp;', '&').replace('&lt;x&gt;', '<x>')

const abstract: FieldCase = { kind: 'text', good: LONG, entry: { abstract: LONG } }
const names: FieldCase = {
  kind: 'names',
  good: 'Ann Écrit, Bo Lind',
  entry: { authors: ['Ann Écrit', 'Bo Lind'] },
}
const category: FieldCase = { kind: 'names', good: 'birds', entry: { categories: ['birds'] }, wrong: [' '] }
const id: FieldCase = {
  kind: 'link',
  good: 'doi:10.5555/Eel.1',
  entry: { doi: '10.5555/eel.1' },
  wrong: ['soon', '11.5555/x'],
}
const published: FieldCase = {
  kind: 'date',
  good: 'Mon, 02 Nov 2026 17:59:59 GMT',
  entry: { publishedAt: '2026-11-02T17:59:59.000Z' },
}
const instant = { ...published, good: '2026-11-02T17:59:59Z' }

const common: Omit<FormatCase, 'name' | 'write' | 'fields'> = {
  format: 'feed',
  base: { title: 'A Title', link: LINK },
  entry: { title: 'A Title', url: LINK },
  isJson: false,
  space: SPACE,
  signs: PLAIN_SIGNS,
  signsRead: decoded(PLAIN_SIGNS),
  none: 'empty',
  required: { title: NOTHING },
}

const tag = (name: string) => (value: string) => `<${name}>${value}</${name}>`
/** HTML in XML: what was escaped for one is escaped for the other. */
const html = (name: string) => (value: string) => `<${name}>${escaped(`<p>${value}</p>`)}</${name}>`
const DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'

const rss: FormatCase = {
  ...common,
  name: 'feed: RSS 2.0',
  write: (papers) =>
    `<rss version="2.0" ${DC}><channel><title>A journal</title>${papers.map(rssItem).join('')}</channel></rss>`,
  fields: { description: abstract, creator: names, category, identifier: id, pubDate: published },
}

function rssItem(raw: Raw): string {
  return `<item>${elements(raw, {
    title: tag('title'),
    link: tag('link'),
    description: html('description'),
    creator: tag('dc:creator'),
    category: tag('category'),
    identifier: tag('dc:identifier'),
    pubDate: tag('pubDate'),
  })}</item>`
}

const rdf: FormatCase = {
  ...common,
  name: 'feed: RSS 1.0',
  write: (papers) =>
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" ${DC}><channel rdf:about="x"><title>A journal</title></channel>${papers.map(rdfItem).join('')}</rdf:RDF>`,
  fields: { description: abstract, creator: names, subject: category, identifier: id, date: instant },
}

function rdfItem(raw: Raw): string {
  return `<item>${elements(raw, {
    title: tag('title'),
    link: tag('link'),
    description: html('description'),
    creator: tag('dc:creator'),
    subject: tag('dc:subject'),
    identifier: tag('dc:identifier'),
    date: tag('dc:date'),
  })}</item>`
}

const atom: FormatCase = {
  ...common,
  name: 'feed: Atom',
  signs: SIGNS,
  signsRead: decoded(SIGNS),
  write: (papers) =>
    `<feed xmlns="http://www.w3.org/2005/Atom" ${DC}><title>A repository</title>${papers.map(atomEntry).join('')}</feed>`,
  fields: { summary: abstract, author: names, category, identifier: id, published: instant },
}

function atomEntry(raw: Raw): string {
  return `<entry>${elements(raw, {
    title: tag('title'),
    link: (value) => `<link href="${value}"/>`,
    summary: (value) => html('summary')(value).replace('<summary', '<summary type="html"'),
    author: (value) => `<author><name>${value}</name></author>`,
    category: (value) => `<category term="${value}"/>`,
    identifier: tag('dc:identifier'),
    published: tag('published'),
  })}</entry>`
}

const json: FormatCase = {
  ...common,
  name: 'feed: JSON',
  isJson: true,
  signs: SIGNS,
  signsRead: decoded(SIGNS),
  write: (papers) =>
    JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'A person', items: papers }),
  base: { title: 'A Title', url: LINK },
  fields: {
    content_text: { ...abstract, wrong: [true, null, ['x'], { a: 1 }] },
    authors: {
      kind: 'names',
      good: [{ name: 'Ann Écrit' }, { name: 'Bo Lind' }],
      entry: { authors: ['Ann Écrit', 'Bo Lind'] },
      wrong: [5, null, {}, [null, {}, { name: ' ' }]],
    },
    tags: {
      kind: 'names',
      good: ['birds', 'sea'],
      entry: { categories: ['birds', 'sea'] },
      wrong: [null, {}, [null, {}, ' ']],
    },
    external_url: { ...id, good: 'https://doi.org/10.5555/Eel.1', wrong: [null, [], {}, 'soon'] },
    date_published: { ...instant, wrong: [true, null, [], {}, 'soon', '2026-02-30T00:00:00Z'] },
  },
  required: { title: [...NOTHING, null, [], {}] },
}

const reader: FormatCase = {
  ...json,
  name: 'reader-export: Miniflux',
  format: 'reader-export',
  signs: PLAIN_SIGNS,
  signsRead: decoded(PLAIN_SIGNS),
  write: (papers) =>
    JSON.stringify({
      total: papers.length,
      entries: papers.map((paper) => ({ ...paper, feed: { feed_url: 'x' } })),
    }),
  fields: {
    content: { ...abstract, wrong: [true, null, ['x'], { a: 1 }] },
    author: { ...names, wrong: [5, null, {}, []] },
    tags: json.fields.tags!,
    published_at: json.fields.date_published!,
  },
}

const greader: FormatCase = {
  ...reader,
  name: 'reader-export: Google Reader',
  write: (papers) =>
    JSON.stringify({
      id: 'user/-/state/com.google/starred',
      items: papers.map((paper) => ({ canonical: [], ...paper, origin: { title: 'A journal' } })),
    }),
  base: { title: 'A Title', canonical: [{ href: LINK }] },
  fields: {
    summary: {
      ...abstract,
      good: { content: LONG },
      wrong: [true, null, ['x'], { content: 5 }],
      empty: [''],
    },
    author: { ...names, wrong: [5, null, {}, []] },
    categories: { ...json.fields.tags!, good: ['user/1/label/Papers', 'birds', 'sea'] },
    published: {
      ...json.fields.date_published!,
      good: 1793642399,
      wrong: [true, null, [], {}, 'soon', -5, 0.5],
    },
  },
}

export const feedCases: FormatCase[] = [rss, rdf, atom, json, reader, greader]
