import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { database } from '../../../support/tableFiles.ts'
import { thorough } from '../../../support/thorough.ts'
import { papersIn } from './papersIn.ts'

/** Databases that SQLite itself wrote. */

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

describe('what SQLite writes is read', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((word) => `On ${word.replace(/[\s\p{C}]/gu, 'x')}`)
  const rows = fc.array(fc.tuple(text, fc.integer({ min: 0, max: 3_000 })), { minLength: 1, maxLength: 60 })
  const pragmas = fc.tuple(
    fc.constantFrom(512, 1024, 4096, 65_536),
    fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
  )

  test('any rows, on pages of any size, in any encoding, longer than a page or not', async () => {
    await fc.assert(
      fc.asyncProperty(rows, pragmas, async (all, [size, encoding]) => {
        const papers = all.map(([title, length], index) => ({
          title: `${title} ${index}`,
          abstract: 'word '.repeat(length).trim(),
        }))
        const values = papers.map(({ title, abstract }) => `(${quoted(title)}, ${quoted(abstract)})`)
        const bytes = database(
          `pragma page_size = ${size}`,
          `pragma encoding = '${encoding}'`,
          'create table papers (title text, abstract text)',
          `insert into papers values ${values.join(', ')}`,
        )
        const { entries, error } = await papersIn(bytes)
        expect(error).toBeUndefined()
        expect(entries.map(({ title, abstract }) => [title, abstract ?? ''])).toEqual(
          papers.map(({ title, abstract }) => [title, abstract]),
        )
      }),
      { numRuns: thorough(12) },
    )
  })

  test('a tree of several levels, with rows deleted and added again', async () => {
    const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)'
    const bytes = database(
      'pragma page_size = 512',
      'create table papers (id integer primary key, title text, doi text)',
      `insert into papers ${numbers} select i, 'Lanterns, part ' || i, '10.5555/lanterns.' || i from n`,
      'delete from papers where id % 3 = 0',
      `insert into papers (id, title) values (90000000000, 'The last of the lanterns')`,
    )
    const { entries, error } = await papersIn(bytes)
    expect(error).toBeUndefined()
    expect(entries).toHaveLength(3_335)
    expect(entries.at(-2)).toMatchObject({ title: 'Lanterns, part 5000', doi: '10.5555/lanterns.5000' })
    expect(entries.at(-1)).toEqual({ title: 'The last of the lanterns' })
  })

  test('names in any quotation marks, comments, constraints, columns that are added or computed', async () => {
    const bytes = database(
      'pragma foreign_keys = off',
      `create table "my ""papers""" ( -- a comment, with a comma
        [title] varchar(300) check (title <> '),('), \`abstract\` text default 'a, b', /* , */
        "doi" text constraint one unique, length as (length(title)) virtual, twice text as (title || title) stored,
        'year' integer, primary key (doi), foreign key (year) references years(year))`,
      'create table years (year integer primary key)',
      'insert into "my ""papers""" (title, abstract, doi, year) values (\'Lanterns that light themselves\', null, \'10.5555/a\', 2026)',
      'alter table "my ""papers""" add column upvotes integer',
      'insert into "my ""papers""" (title, doi, upvotes) values (\'How dark is the attic at noon?\', \'10.5555/b\', 7)',
    )
    const { entries, error } = await papersIn(bytes)
    expect(error).toBeUndefined()
    expect(entries).toEqual([
      {
        title: 'Lanterns that light themselves',
        doi: '10.5555/a',
        publishedAt: new Date('2026-01-01T00:00:00Z'),
      },
      { title: 'How dark is the attic at noon?', abstract: 'a, b', doi: '10.5555/b', upvotes: 7 },
    ])
  })

  test('numbers that no JavaScript number holds, and bytes, harm nothing', async () => {
    const bytes = database(
      'create table papers (title text, upvotes integer, doi, notes blob)',
      "insert into papers values ('Lanterns that light themselves', 9223372036854775807, 1.5, x'00ff'), ('How dark is the attic at noon?', -1, x'00', zeroblob(5000))",
    )
    const { entries, error } = await papersIn(bytes)
    expect(error).toBeUndefined()
    expect(entries.map(({ title }) => title)).toEqual([
      'Lanterns that light themselves',
      'How dark is the attic at noon?',
    ])
  })
})

describe('tables', () => {
  test('several that list papers are read, their neighbours are not', async () => {
    const bytes = database(
      'create table read (title text, doi text)',
      'create table tags (title text)',
      'create table later (title text, url text)',
      'create view everything as select title, doi from read',
      "insert into read values ('Lanterns that light themselves', '10.5555/a')",
      "insert into tags values ('light')",
      "insert into later values ('How dark is the attic at noon?', 'https://example.org/attic')",
    )
    const { entries, labels } = await papersIn(bytes)
    expect(labels).toEqual(['dump › read', 'dump › later'])
    expect(entries.map(({ title }) => title)).toEqual([
      'Lanterns that light themselves',
      'How dark is the attic at noon?',
    ])
  })

  test('where there are none, one line names what is there', async () => {
    const { error } = await papersIn(
      database('create table items (itemID integer, key text)', 'create table tags (tag text)'),
    )
    expect(error).toBe(
      'expected a database with a table that has a column named as a title and one more that is known, got "items" ("itemID", "key"); "tags" ("tag"); say which column holds the titles: --map title=COLUMN',
    )
  })
})

describe('damaged ones', () => {
  const bytes = database(
    'pragma page_size = 512',
    'create table papers (title text, abstract text)',
    `insert into papers with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
     select 'Lanterns, part ' || i, replace(hex(zeroblob(i * 5)), '00', 'word ') from n`,
  )

  test('cut anywhere, it is refused in one line, and gives papers that were in it', async () => {
    for (let length = 20; length < bytes.length; length += 331) {
      const { entries, error } = await papersIn(bytes.subarray(0, length))
      expect(entries.filter(({ title }) => !/^Lanterns, part \d+$/.test(title))).toEqual([])
      expect(error).toMatch(/^expected [^\n]*(?:breaks off|damaged data)[^\n]*$/)
    }
  })

  test('a byte changed anywhere never takes long and never crashes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(bytes)
        damaged[at] = damaged[at]! ^ change
        const { error } = await papersIn(damaged)
        if (error !== undefined) expect(error).toMatch(/^expected [^\n]*$/)
      }),
      { numRuns: thorough(150) },
    )
  })

  test('a tree that leads back into itself ends', async () => {
    const looped = Buffer.from(bytes)
    const root = looped.indexOf(Buffer.from([5]), 512)
    expect(looped[root]).toBe(5)
    // The page right of all others is the page itself.
    looped.writeUInt32BE(Math.floor(root / 512) + 1, root + 8)
    expect((await papersIn(looped)).error).toMatch(
      /^expected a whole SQLite database, got damaged data [^\n]*$/,
    )
  })
})
