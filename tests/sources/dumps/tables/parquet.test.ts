import { describe, expect, test } from 'vitest'
import { parquet } from '../../../support/tableFiles.ts'
import { papersIn } from './papersIn.ts'

/** Parquet files of the package that writes them; the product reads each in a process of its own. */

const titles = (count: number) => Array.from({ length: count }, (_, index) => `Lanterns, part ${index + 1}`)

test('groups of rows one after the other, with what is missing, lists, dates and large numbers', async () => {
  const bytes = parquet(
    [
      { name: 'title', data: titles(2_500) },
      {
        name: 'abstract',
        data: titles(2_500).map((_, index) => (index % 2 === 0 ? undefined : 'Words.')) as never,
      },
      {
        name: 'published',
        data: titles(2_500).map((_, index) => new Date(Date.UTC(2026, 0, 1 + (index % 28)))),
      },
      { name: 'upvotes', data: titles(2_500).map((_, index) => BigInt(index)) as never, type: 'INT64' },
    ],
    { rowGroupSize: 1_000 },
  )
  const { entries, error } = await papersIn(bytes)
  expect(error).toBeUndefined()
  expect(entries.map(({ title }) => title)).toEqual(titles(2_500))
  expect(entries[2_031]).toEqual({
    title: 'Lanterns, part 2032',
    abstract: 'Words.',
    publishedAt: new Date('2026-01-16T00:00:00Z'),
    upvotes: 2_031,
  })
})

describe('damaged ones', () => {
  const bytes = parquet([
    { name: 'title', data: titles(50) },
    { name: 'doi', data: titles(50).map((_, index) => `10.5555/${index}`) },
  ])

  test.each([12, Math.floor(bytes.length / 2), bytes.length - 1])('cut after %i bytes', async (length) => {
    expect((await papersIn(bytes.subarray(0, length))).error).toBe(
      'expected a whole Parquet file, got one that breaks off (its end is missing); copy it again',
    )
  })

  test.each([30, 200, 500])('changed from byte %i on', async (at) => {
    const damaged = Buffer.from(bytes)
    damaged.fill(0xff, at, at + 40)
    const { error } = await papersIn(damaged)
    expect(error ?? 'expected').toMatch(/^expected[^\n]*$/)
  })

  /** The numbers of values in a page and in a run are what the file says they are. */
  test.each([
    ['as the file says', 2_000_000_000],
    ['though the file says three', 3],
  ])('a run of two billion values ends in one line, in bounded memory: %s', async (_, told) => {
    expect((await papersIn(bombOf(2_000_000_000, told))).error).toMatch(
      /^expected a Parquet file whose groups of rows take at most \d+ MB, got [^\n]*$/,
    )
  })
})

/** Thrift's compact protocol: the fields of a struct, each one number behind the one before. */
const varint = (value: number): number[] => {
  const bytes: number[] = []
  let left = BigInt(value)
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128)
    left >>= 7n
  }
  return [...bytes, Number(left)]
}
const int = (value: number) => [0x15, ...varint(value * 2)]
const long = (value: number) => [0x16, ...varint(value * 2)]
const text = (value: string) => [value.length, ...Buffer.from(value)]
const struct = (...fields: number[][]) => [...fields.flat(), 0]
const list = (type: number, ...items: number[][]) => [(items.length << 4) | type, ...items.flat()]

/** A file of one optional column, whose page has so many values, in one run of its levels; the directory tells of `told` rows. */
function bombOf(count: number, told: number): Buffer {
  const levels = [...varint(count * 2), 1]
  const values = [0, ...varint(count * 2)]
  const page = [...u32(levels.length), ...levels, ...values]
  const header = struct(int(0), int(page.length), int(page.length), [
    0x2c,
    ...struct(int(count), int(8), int(3), int(3)),
  ])
  const column = struct(
    int(6),
    [0x19, ...list(5, [6])],
    [0x19, ...list(8, text('title'))],
    int(0),
    long(told),
    long(header.length + page.length),
    long(header.length + page.length),
    [0x26, ...varint(8)],
  )
  const chunk = struct([0x26, ...varint(8)], [0x1c, ...column])
  const group = struct([0x19, ...list(12, chunk)], long(page.length), long(told))
  const schema = [
    struct([0x48, ...text('schema')], int(1)),
    struct(int(6), [0x25, ...varint(2)], [0x18, ...text('title')], [0x25, 0]),
  ]
  const footer = struct(int(1), [0x19, ...list(12, ...schema)], long(told), [0x19, ...list(12, group)])
  return Buffer.concat([
    Buffer.from('PAR1'),
    Buffer.from([...header, ...page, ...footer, ...u32(footer.length)]),
    Buffer.from('PAR1'),
  ])
}

function u32(value: number): number[] {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return [...bytes]
}
