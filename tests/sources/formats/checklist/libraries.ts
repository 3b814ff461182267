import {
  elements,
  escaped,
  type FieldCase,
  type FormatCase,
  NOTHING,
  type Raw,
  SIGNS,
  SIGNS_READ,
} from './formatCase.ts'

/** Records of libraries, as reference managers and catalogues export them. */

const common = { isJson: false, space: '   ', signs: SIGNS, signsRead: SIGNS_READ, none: undefined }
const abstract: FieldCase = { kind: 'text', good: 'We look.', entry: { abstract: 'We look.' } }
const venue: FieldCase = { kind: 'text', good: 'Eel Lett.', entry: { venue: 'Eel Lett.' } }
const authors: FieldCase = {
  kind: 'names',
  good: 'Écrit, Ann',
  entry: { authors: ['Ann Écrit'] },
  wrong: [' , '],
}
const doi: FieldCase = {
  kind: 'link',
  good: '10.5555/Eel.1',
  entry: { doi: '10.5555/eel.1' },
  wrong: ['soon', '11.5555/x'],
}
const url: FieldCase = {
  kind: 'link',
  good: 'https://a.example/1',
  entry: { url: 'https://a.example/1' },
}
const date: FieldCase = {
  kind: 'date',
  good: '2026-11-02',
  entry: { publishedAt: '2026-11-02T00:00:00.000Z' },
  wrong: ['soon', '2026-02-30'],
}
const base = { title: 'A Title' }
const required = { title: NOTHING }

const RIS = { title: 'TI', abstract: 'AB', authors: 'AU', doi: 'DO', url: 'UR', venue: 'JO', date: 'DA' }
const ris: FormatCase = {
  ...common,
  name: 'citation-tags: RIS',
  format: 'citation-tags',
  write: (papers) =>
    [{ title: 'Another' }, ...papers]
      .map((paper: Raw) => {
        const lines = Object.entries(RIS).flatMap(([field, tag]) =>
          paper[field] === undefined ? [] : `${tag}  - ${paper[field]}\n`,
        )
        return `TY  - JOUR\n${lines.join('')}ER  - \n\n`
      })
      .join(''),
  base,
  entry: base,
  fields: { abstract, authors, doi, url, venue, date },
  required,
}

const BIBTEX = ['title', 'abstract', 'author', 'doi', 'url', 'journal', 'date']
const bib: FormatCase = {
  ...common,
  name: 'bibtex',
  format: 'bibtex',
  // TeX becomes Unicode in a library: the braces in it are no part of the text.
  signs: 'R\\&D "quoted" it\'s ä עברית 🤖',
  signsRead: 'R&D "quoted" it\'s ä עברית 🤖',
  write: (papers) =>
    [{ title: 'Another' }, ...papers]
      .map((paper: Raw, index) => {
        const fields = BIBTEX.flatMap((name) =>
          paper[name] === undefined ? [] : `  ${name} = {${paper[name]}}`,
        )
        return `@article{key${index},\n${fields.join(',\n')}\n}\n`
      })
      .join('\n'),
  base,
  entry: base,
  fields: { abstract, author: authors, doi, url, journal: venue, date },
  required,
}

const xml: FormatCase = {
  ...common,
  name: 'citation-xml: MODS',
  format: 'citation-xml',
  write: (papers) =>
    `<?xml version="1.0"?>\n<modsCollection>${[{ title: 'Another' }, ...papers]
      .map((paper: Raw) => {
        const inner = elements(paper, {
          abstract: (value) => `<abstract>${value}</abstract>`,
          authors: (value) => `<name><namePart>${value}</namePart></name>`,
          doi: (value) => `<identifier type="doi">${value}</identifier>`,
          url: (value) => `<location><url>${value}</url></location>`,
          venue: (value) =>
            `<relatedItem type="host"><titleInfo><title>${value}</title></titleInfo></relatedItem>`,
          date: (value) => `<originInfo><dateIssued>${value}</dateIssued></originInfo>`,
        })
        return `<mods><titleInfo><title>${escaped(paper.title)}</title></titleInfo>\n${inner}</mods>`
      })
      .join('\n')}</modsCollection>`,
  base,
  entry: base,
  fields: { abstract, authors, doi, url, venue, date },
  required,
}

export const libraryCases: FormatCase[] = [ris, bib, xml]
