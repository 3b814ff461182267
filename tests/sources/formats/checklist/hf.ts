import { escaped, type FieldCase, type FormatCase, NOTHING, type Raw, SIGNS, SPACE } from './formatCase.ts'

/** Hugging Face's pages and answers. */

const OUTER = new Set(['thumbnail', 'numComments'])
const NO_ID = [...NOTHING, 5, null, [], {}, '../x', 'trending', '2413.00001']
const NO_TITLE = [...NOTHING, 5, null, [], {}]
const ID = '2611.00001'

/** The paper inside of its item. */
function itemOf(raw: Raw): Record<string, unknown> {
  const outer = Object.entries(raw).filter(([name]) => OUTER.has(name))
  const paper = Object.entries(raw).filter(([name]) => !OUTER.has(name))
  return { ...Object.fromEntries(outer), paper: Object.fromEntries(paper) }
}

function pageOf(target: string, data: unknown): string {
  return `<!doctype html><html><head><title>x</title></head><body><div data-target="${target}" data-props="${escaped(JSON.stringify(data))}"></div></body></html>`
}

const paperFields: Record<string, FieldCase> = {
  summary: { kind: 'text', good: 'We look.', entry: { abstract: 'We look.' } },
  authors: {
    kind: 'names',
    good: [{ name: 'Ann Écrit' }, { name: 'Bo Lind', hidden: true }],
    entry: { authors: ['Ann Écrit', 'Bo Lind'] },
    wrong: [5, 'Ann', null, {}, [5, null, {}, { name: 5 }, { name: ' ' }]],
  },
  publishedAt: {
    kind: 'date',
    good: '2026-11-02T01:02:03.000Z',
    entry: { publishedAt: '2026-11-02T01:02:03.000Z' },
    wrong: [5, null, [], {}, 'soon', '2026-02-30T00:00:00.000Z'],
  },
  organization: {
    kind: 'text',
    good: { _id: 'o', name: 'shore', fullname: 'Shore Station' },
    entry: { organization: 'Shore Station' },
    wrong: [5, 'Shore', null, [], {}, { fullname: 5, name: [] }],
    empty: [{}, { name: '', fullname: ' ' }],
  },
  githubRepo: {
    kind: 'link',
    good: 'https://github.example/a/b',
    entry: { codeUrl: 'https://github.example/a/b' },
  },
  projectPage: { kind: 'link', good: 'http://p.example/', entry: { projectUrl: 'http://p.example/' } },
  ai_summary: { kind: 'text', good: 'It looks.', entry: { aiSummary: 'It looks.' } },
  ai_keywords: { kind: 'names', good: ['looking', 'seeing'], entry: { keywords: ['looking', 'seeing'] } },
  upvotes: { kind: 'count', good: 7, entry: { upvotes: 7 } },
  githubStars: { kind: 'count', good: 12, entry: { stars: 12 } },
}
const outerFields: Record<string, FieldCase> = {
  thumbnail: {
    kind: 'link',
    good: 'https://t.example/1.png',
    entry: { thumbnailUrl: 'https://t.example/1.png' },
  },
  numComments: { kind: 'count', good: 3, entry: { comments: 3 } },
}
const submitted: FieldCase = {
  kind: 'date',
  good: '2026-11-03T10:01:31.399Z',
  entry: { listedOn: '2026-11-03' },
  wrong: [5, null, [], {}, 'soon', '2026-02-30T00:00:00.000Z'],
}

const common = {
  base: { id: ID, title: 'A Title' },
  isJson: true,
  space: SPACE,
  signs: SIGNS,
  required: { id: NO_ID, title: NO_TITLE },
}
const paperEntry = { title: 'A Title', arxivId: ID, url: `https://huggingface.co/papers/${ID}` }
/** What else an answer about one paper has, by which it is known. */
const KNOWN_BY = { discussionId: 'd', summary: '', authors: [] }

export const hfCases: FormatCase[] = [
  {
    ...common,
    name: 'hf-page: listing data',
    format: 'hf-page',
    write: (papers) => pageOf('DailyPapers', { dailyPapers: papers.map(itemOf) }),
    entry: { ...paperEntry, rank: 1 },
    fields: { ...paperFields, ...outerFields },
    none: 'empty',
  },
  {
    ...common,
    name: 'hf-page: cards',
    format: 'hf-page',
    write: (papers) => `<html><body>${papers.map(cardOf).join('\n')}</body></html>`,
    entry: { ...paperEntry, rank: 1, comments: 0 },
    fields: {
      thumbnail: {
        kind: 'link',
        good: 'https://t.example/social-thumbnails/1.png',
        entry: { thumbnailUrl: 'https://t.example/social-thumbnails/1.png' },
        wrong: ['/social-thumbnails/x.png', 'data:image/social-thumbnails/x'],
      },
      upvotes: {
        kind: 'count',
        good: '1,204',
        entry: { upvotes: 1204 },
        wrong: ['many', '1.5', '99999999999'],
      },
    },
    isJson: false,
    required: { id: [...NOTHING, '../x', 'x', '2413.00001'], title: NOTHING },
    none: 'refused',
  },
  {
    ...common,
    name: 'hf-daily-api',
    format: 'hf-daily-api',
    write: (papers) => JSON.stringify(papers.map(itemOf)),
    entry: { ...paperEntry, rank: 1 },
    fields: { ...paperFields, ...outerFields, submittedOnDailyAt: submitted },
    none: 'empty',
  },
  {
    ...common,
    name: 'hf-daily-api: a corpus of items, a line each',
    format: 'hf-daily-api',
    // One line alone is no collection of records.
    write: (papers) =>
      [{ id: '2611.09999', title: 'Another' }, ...papers]
        .map((raw) => `${JSON.stringify(itemOf(raw))}\n`)
        .join(''),
    entry: paperEntry,
    fields: { ...paperFields, ...outerFields, submittedOnDailyAt: submitted },
    none: undefined,
  },
  {
    ...common,
    name: 'hf-paper-api',
    format: 'hf-paper-api',
    write: ([paper]) => JSON.stringify({ ...KNOWN_BY, ...paper }),
    entry: paperEntry,
    fields: {
      ...paperFields,
      // An object without a list of authors is not known as a paper's.
      authors: { ...paperFields.authors!, wrong: [[5, null, {}, { name: 5 }, { name: ' ' }]] },
      submittedOnDailyAt: submitted,
    },
    none: undefined,
  },
  {
    ...common,
    name: 'hf-paper-page',
    format: 'hf-paper-page',
    write: ([paper]) => pageOf('PaperContent', { paper }),
    entry: paperEntry,
    fields: { ...paperFields, submittedOnDailyAt: submitted },
    none: undefined,
  },
  {
    ...common,
    name: 'hf-day-archive',
    format: 'hf-day-archive',
    write: (papers) => JSON.stringify({ date: '2026-11-03', papers }),
    entry: { ...paperEntry, rank: 1, listedOn: '2026-11-03' },
    fields: {
      summary: paperFields.summary!,
      authors: {
        kind: 'names',
        good: ['Ann Écrit', 'Bo Lind'],
        entry: { authors: ['Ann Écrit', 'Bo Lind'] },
      },
      institution: { kind: 'text', good: 'Shore Station', entry: { organization: 'Shore Station' } },
      github_repo: paperFields.githubRepo!,
      project_page: paperFields.projectPage!,
      thumbnail: outerFields.thumbnail!,
      ai_keywords: paperFields.ai_keywords!,
      published_at: paperFields.publishedAt!,
      daily_date: {
        kind: 'date',
        good: '2026-11-02',
        entry: { listedOn: '2026-11-02' },
        wrong: [5, null, [], {}, 'soon', '2026-02-30'],
      },
      upvotes: paperFields.upvotes!,
      num_comments: outerFields.numComments!,
    },
    none: 'empty',
  },
]

function cardOf({ id, title, thumbnail, upvotes }: Raw): string {
  const picture = thumbnail === undefined ? '' : `<img src="${escaped(thumbnail)}">`
  const votes = upvotes === undefined ? '' : `<div class="leading-none">${escaped(upvotes)}</div>`
  return `<article><a href="/papers/${id}">${picture}</a>${votes}<h3><a href="/papers/${escaped(id)}">${escaped(title)}</a></h3></article>`
}
