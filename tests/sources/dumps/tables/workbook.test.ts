import { describe, expect, test } from 'vitest'
import { collect } from '../../../../src/sources/dumps/containers/bytes.ts'
import { type Part, partsOf } from '../../../../src/sources/dumps/parts.ts'
import { pipeOf, zip } from '../../../support/dumps.ts'
import { type CellText, workbook } from '../../../support/tableFiles.ts'
import { papersIn } from './papersIn.ts'

/** Workbooks as spreadsheets write them (.xlsx). */

const NAMES = ['Title', 'Authors', 'Published']
const sheet = (...rows: CellText[][]) => workbook({ Papers: [NAMES, ...rows] })

describe('cells', () => {
  test('dates are days since 1900 or since 1904, by the style of their cell', async () => {
    const rows: CellText[][] = [['Lanterns that light themselves', 'Ada Quill', { date: 46143 }]]
    const of = async (is1904: boolean) => {
      const { entries } = await papersIn(workbook({ Papers: [NAMES, ...rows] }, { is1904 }))
      return entries.map(({ publishedAt }) => publishedAt?.toISOString())
    }
    expect(await of(false)).toEqual(['2026-05-01T00:00:00.000Z'])
    expect(await of(true)).toEqual(['2030-05-02T00:00:00.000Z'])
  })

  test('a number without the style of a date is a number: a year, an arXiv id that lost a zero', async () => {
    const book = workbook({
      Papers: [
        ['title', 'arxiv_id', 'year'],
        ['Lanterns that light themselves', 2605.0001, 2026],
      ],
    })
    const { entries } = await papersIn(book)
    expect(entries).toEqual([expect.objectContaining({ arxivId: '2605.00010' })])
    expect(entries[0]!.publishedAt?.getUTCFullYear()).toBe(2026)
  })

  test('entities, blanks, control characters, inline texts and truth values', async () => {
    const { entries } = await papersIn(
      sheet(['R & D <of>_x000D_\n lanterns', { inline: 'Ada Quill' }, true], [' ', 'Nobody', false]),
    )
    expect(entries.map(({ title, authors }) => [title, authors])).toEqual([
      ['R & D <of> lanterns', ['Ada Quill']],
    ])
  })

  test('cells that are left out, and rows without any', async () => {
    const { entries } = await papersIn(
      sheet([], ['Lanterns that light themselves', undefined, '2026-05-01'], []),
    )
    expect(entries).toEqual([
      { title: 'Lanterns that light themselves', publishedAt: new Date('2026-05-01T00:00:00Z') },
    ])
  })

  test('a link behind a title is its address, unless a column has one', async () => {
    const link = { text: 'Lanterns that light themselves', link: 'https://arxiv.org/abs/2605.00011' }
    const { entries } = await papersIn(sheet([link, 'Ada Quill', undefined]))
    expect(entries).toEqual([expect.objectContaining({ arxivId: '2605.00011' })])
    const both = await papersIn(
      workbook({
        A: [
          ['title', 'Link'],
          [link, 'https://arxiv.org/abs/2605.00012'],
        ],
      }),
    )
    expect(both.entries).toEqual([expect.objectContaining({ arxivId: '2605.00012' })])
  })
})

describe('sheets', () => {
  test('those that list papers are read, the others are their neighbours', async () => {
    const book = workbook({
      May: [NAMES, ['Lanterns that light themselves', 'Ada Quill', '2026-05-01']],
      Rooms: [
        ['Room', 'Floor'],
        [12, 1],
      ],
      'June & July': [
        ['Our reading list'],
        [],
        NAMES,
        ['How dark is the attic at noon?', 'Cy Stone', '2026-06-01'],
      ],
    })
    const { entries, labels } = await papersIn(book)
    expect(labels).toEqual(['dump › May', 'dump › June & July'])
    expect(entries.map(({ title }) => title)).toEqual([
      'Lanterns that light themselves',
      'How dark is the attic at noon?',
    ])
  })

  test('where none does, one line names them and their columns', async () => {
    const book = workbook({
      Rooms: [
        ['Room', 'Floor'],
        [12, 1],
      ],
      Prices: [
        ['Item', 'Price'],
        ['tea', 2],
      ],
    })
    const { error } = await papersIn(book)
    expect(error).toBe(
      'expected a workbook with a table that has a column named as a title and one more that is known, got "Rooms" ("Room", "Floor"); "Prices" ("Item", "Price"); say which column holds the titles: --map title=COLUMN',
    )
  })

  test('a column that a person names makes a table of papers', async () => {
    const book = workbook({
      A: [
        ['what', 'who'],
        ['Lanterns that light themselves', 'Ada Quill'],
      ],
      B: [['x'], ['y']],
    })
    const { entries } = await papersIn(book, {
      format: 'table',
      columns: { title: ['what'], authors: ['who'] },
    })
    expect(entries).toEqual([{ title: 'Lanterns that light themselves', authors: ['Ada Quill'] }])
  })
})

describe('hard ones', () => {
  test('a text that many cells share is refused when it grows beyond all measure', async () => {
    const text = 'On lanterns '.repeat(2_500)
    const cells = '<row><c t="s"><v>1</v></c><c t="s"><v>1</v></c><c t="s"><v>1</v></c></row>'.repeat(20_000)
    const files = {
      'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
      'xl/sharedStrings.xml': `<sst><si><t>title</t></si><si><t>${text}</t></si><si><t>abstract</t></si></sst>`,
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>2</v></c><c><v>3</v></c></row>${cells}</sheetData></worksheet>`,
    }
    const { value: part } = await partsOf(pipeOf('dump', zip(files)), () => true).next()
    await expect(collect((part as Part).bytes, 1e9)).rejects.toThrow(
      /^expected a dump that unpacks to at most 200 times its size, got [^\n]*$/,
    )
  })

  test('a workbook cut anywhere is refused in one line', async () => {
    const bytes = sheet(['Lanterns that light themselves', 'Ada Quill', '2026-05-01'])
    for (let length = 4; length < bytes.length; length += 97) {
      const { entries, error } = await papersIn(bytes.subarray(0, length))
      expect(entries).toEqual([])
      expect(error).toMatch(/^expected a whole zip archive, got one that breaks off [^\n]*$/)
    }
  })
})
