import { describe, expect, test } from 'vitest'
import { headersOf, rowsOf } from '../../../../src/sources/dumps/records/rows.ts'
import { parseColumns } from '../../../../src/sources/formats/table/columns.ts'
import { tableFormatOf } from '../../../../src/sources/formats/table/tableRecord.ts'
import { collectUntilError, inChunks } from '../../../support/dumps.ts'

const parse = (record: Record<string, unknown>, map?: string) => {
  const format = tableFormatOf([record], map === undefined ? undefined : parseColumns(map))
  const result = format?.parse(record, 'line 2')
  // What is absent is undefined, which is no difference here.
  return result && JSON.parse(JSON.stringify(result))
}

describe('columns are known by their names', () => {
  test.each([
    [{ paper_title: 'A', paper_authors: 'Eva Muster', submission_date: '2026-03-01' }],
    [{ 'Paper Name': 'A', 'Author(s)': 'Eva Muster', 'Publication Date': '1 March 2026' }],
    [{ headline: 'A', creator: [{ name: 'Eva Muster' }], datePublished: '2026-03-01' }],
    [{ 论文名称: 'A', 作者: 'Eva Muster', 发表时间: '2026年3月1日' }],
    [{ Titre: 'A', Auteurs: 'Eva Muster', 'Date de parution': '1 mars 2026' }],
    [{ Title: '{A}', Author: 'Eva Muster', Date: '2026-03-01' }],
    [{ Title: '<![CDATA[A]]>', Authors: "[{'name': 'Eva Muster'}]", Date: '2026-W09-7' }],
  ])('%j', (record) => {
    expect(parse(record)).toMatchObject({
      title: 'A',
      authors: ['Eva Muster'],
      publishedAt: '2026-03-01T00:00:00.000Z',
    })
  })

  test('a dataset of daily papers: the day beside a publication is that of the listing', () => {
    const record = {
      date: '2024-05-02',
      paper_id: '2405.00233',
      title: 'Counting  bats\n  at dusk',
      authors: ['Ann Écrit', 'Bo Lind'],
      summary: 'We counted.',
      publishedAt: '2024-05-01T17:00:00.000Z',
      upvotes: 12,
      numComments: 3,
      githubRepo: 'https://github.com/a/b',
      pdf_link: 'https://arxiv.org/pdf/2405.00233',
    }
    expect(parse(record)).toEqual({
      title: 'Counting bats at dusk',
      arxivId: '2405.00233',
      url: 'https://arxiv.org/pdf/2405.00233',
      abstract: 'We counted.',
      authors: ['Ann Écrit', 'Bo Lind'],
      publishedAt: '2024-05-01T17:00:00.000Z',
      codeUrl: 'https://github.com/a/b',
      listedOn: '2024-05-02',
      upvotes: 12,
      comments: 3,
    })
  })

  test.each([
    [{ doi: '10.48550/arXiv.2603.00001' }, { arxivId: '2603.00001' }],
    [{ DOI: 'https://doi.org/10.48550/arxiv.2603.00002v2' }, { arxivId: '2603.00002' }],
    [
      { doi: '10.1002/(SICI)1097-4679(199807)54:4<417::AID-JCLP4>3.0.CO;2-#' },
      { doi: '10.1002/(sici)1097-4679(199807)54:4<417::aid-jclp4>3.0.co;2-#' },
    ],
    [
      { doi: '10.5555/ink.7', url: 'https://press.example/doi/10.5555/ink.7/8688746' },
      { doi: '10.5555/ink.7' },
    ],
    [
      { url: 'https://www.biorxiv.org/content/10.1101/2024.01.02.99001v2.full.pdf' },
      { doi: '10.1101/2024.01.02.99001' },
    ],
  ])('the ids of %j', (cells, ids) => {
    const { title, ...found } = parse({ title: 'Ink dries', ...cells })
    expect({ title, arxivId: found.arxivId, doi: found.doi }).toEqual({ title: 'Ink dries', ...ids })
  })

  test('a bibliography: text in every cell', () => {
    const record = {
      'Article Title': 'Herons and tides',
      Authors: 'Lind, Bo; Écrit, Ann',
      DOI: 'https://doi.org/10.5555/HERON.1',
      Abstract: '',
      'Publication Year': '2019',
      'Author Keywords': 'herons; tides',
      id: '17',
    }
    expect(parse(record)).toEqual({
      title: 'Herons and tides',
      doi: '10.5555/heron.1',
      authors: ['Bo Lind', 'Ann Écrit'],
      publishedAt: '2019-01-01T00:00:00.000Z',
      keywords: ['herons', 'tides'],
    })
  })

  test('lists as programs write them into a cell', () => {
    const record = {
      title: 'Newts',
      authors: `['Ann Écrit', "Bo O'Lind"]`,
      categories: '["cs.CL", "cs.LG"]',
      stars: '1,204',
    }
    expect(parse(record)).toMatchObject({
      authors: ['Ann Écrit', "Bo O'Lind"],
      categories: ['cs.CL', 'cs.LG'],
      stars: 1204,
    })
  })

  test('a day alone is that of publication', () => {
    expect(parse({ title: 'Newts', date: '2024-05-02', url: 'https://a.example/1' })).toEqual({
      title: 'Newts',
      url: 'https://a.example/1',
      publishedAt: '2024-05-02T00:00:00.000Z',
    })
  })

  test('--map goes before a guess, and reaches inside of objects', () => {
    const record = { title: 'Report 17', meta: { name: 'Newts in ponds' }, text: 'They swim.' }
    expect(parse(record, 'title=meta.name, abstract=text')).toEqual({
      title: 'Newts in ponds',
      abstract: 'They swim.',
    })
  })

  test('without a title there is no table; a record without one is rejected', () => {
    expect(tableFormatOf([{ name: 'x', size: 3 }])).toBeUndefined()
    expect(parse({ title: ' ', doi: '10.5555/1' })).toEqual({
      where: 'line 2',
      reason: 'expected a title in "title", got ""',
    })
  })

  test('two ids that contradict each other are no paper', () => {
    expect(
      parse({ title: 'Newts', arxiv_id: '2405.00233', url: 'https://arxiv.org/abs/2405.00234' }),
    ).toEqual({
      where: 'line 2',
      reason: 'expected one arXiv id, got 2405.00233 and 2405.00234',
    })
  })

  test.each([
    ['title', /--map: expected FIELD=COLUMN,… .* got "title"$/],
    ['title=Name,size=x', /got "size=x"$/],
    ['title=', /got "title="$/],
  ])('--map %s is wrong use', (map, message) => {
    expect(() => parseColumns(map)).toThrow(message)
  })
})

describe('rows of CSV', () => {
  const rows = async (text: string, chunk?: number, delimiter = ',') => {
    const { items, error } = await collectUntilError(rowsOf(inChunks(text, chunk), delimiter))
    return { rows: items.flat(), error }
  }

  test('quotes, line breaks and delimiters in cells, CRLF, a byte-order mark, blank lines', async () => {
    const text = '\uFEFFtitle,note\r\n"Owls, ""great""","two\r\nlines"\r\n\r\nNewts,5" long\r\n'
    for (const chunk of [1, 3, 1000]) {
      expect(await rows(text, chunk)).toEqual({
        rows: [
          { cells: ['title', 'note'], line: 1, isDamaged: false },
          { cells: ['Owls, "great"', 'two\r\nlines'], line: 2, isDamaged: false },
          { cells: ['Newts', '5" long'], line: 5, isDamaged: false },
        ],
        error: undefined,
      })
    }
  })

  test('a cell that goes on behind its closing quote is damaged, one that begins with a quotation is not', async () => {
    const found = await rows('title,note\n"""Why"" Owls",1\n"Newts"x,"2"\n"Bats"" ,3\n"Eels"\n')
    expect(found.rows.map(({ cells, isDamaged }) => [cells[0], isDamaged])).toEqual([
      ['title', false],
      ['"Why" Owls', false],
      ['"Newts"x', true],
      ['"Bats" ,3\n"Eels"', true],
    ])
  })

  test('a row that is absurdly long', async () => {
    const found = await rows(`title,note\nOwls,1\nNewts,${'2'.repeat(17 * 1024 * 1024)}\n`)
    expect(found.rows.map(({ cells }) => cells[0])).toEqual(['title', 'Owls'])
    expect(found.error).toMatch(/^expected rows of CSV, got one of more than 16 MB .*: line 3; correct it/)
  })

  test('a quote that is never closed: the rows before stand', async () => {
    const found = await rows('title,note\nOwls,1\nNewts,"2\nBats,3\n')
    expect(found.rows.map(({ cells }) => cells[0])).toEqual(['title', 'Owls'])
    expect(found.error).toBe(
      'expected rows of CSV, got one with a quote that is never closed: line 3; correct it, or export the table again',
    )
  })

  test('the header tells the delimiter', () => {
    expect(headersOf('title;authors, if any;url\n')[0]).toEqual({
      delimiter: ';',
      names: ['title', 'authors, if any', 'url'],
    })
    expect(headersOf('title\tabstract\nx\ty\n')[0]).toEqual({ delimiter: '\t', names: ['title', 'abstract'] })
    expect(headersOf('just a line\n')).toEqual([])
  })
})
