import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementsOf } from '../../../../src/sources/dumps/records/elements.ts'
import { isBlank, linesOf } from '../../../../src/sources/dumps/records/lines.ts'
import { type RawRecord, readRecord } from '../../../../src/sources/dumps/records/rawRecords.ts'
import { collectUntilError, inChunks } from '../../../support/dumps.ts'

const MEGABYTE = 1024 * 1024

/** The values, or faults, of the records in a stream, and what it broke off with. */
async function read(stream: AsyncIterable<RawRecord[]>) {
  const { items, error } = await collectUntilError(stream)
  const records = items.flat().filter((record) => !isBlank(record))
  return {
    values: records.map((record) => readRecord(record).fault ?? readRecord(record).value),
    records,
    error,
  }
}

const lines = (text: string | Buffer, chunk?: number) => read(linesOf(inChunks(text, chunk)))
const elements = (text: string | Buffer, chunk?: number) => read(elementsOf(inChunks(text, chunk)))

const values = fc.array(fc.jsonValue(), { maxLength: 20 })
const chunk = fc.integer({ min: 1, max: 50 })

describe('JSON lines', () => {
  test('every value comes back, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(values, chunk, fc.constantFrom('\n', '\r\n', '\n\n'), async (all, size, end) => {
        const text = all.map((value) => JSON.stringify(value)).join(end)
        expect((await lines(text, size)).values).toEqual(JSON.parse(JSON.stringify(all)))
      }),
    )
  })

  test('each knows its line and its offset, a byte-order mark or not', async () => {
    const { records, values } = await lines('\uFEFF{"a":1}\r\n\r\n{"é":2}\n{"b":3}', 4)
    expect(values).toEqual([{ a: 1 }, { é: 2 }, { b: 3 }])
    expect(records.map(({ number, offset }) => [number, offset])).toEqual([
      [1, 0],
      [3, 14],
      [4, 23],
    ])
  })

  test('a line that cannot be read is one reject with its offset; the others stand', async () => {
    const text = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":\n'),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a]),
      Buffer.from('{"a":"\0"}\n{"a":4}\n'),
    ])
    expect((await lines(text, 5)).values).toEqual([
      { a: 1 },
      expect.stringMatching(/^expected a JSON record, got truncated JSON at character 5 in "\{\\"a\\":"$/),
      'expected UTF-8 text, got an invalid byte at offset 16',
      'expected text, got a NUL character at offset 26',
      { a: 4 },
    ])
  })

  test('a line of 100 MB is counted and not kept', async () => {
    async function* stream() {
      yield Buffer.from('{"a":1}\n"')
      for (let count = 0; count < 100; count += 1) yield Buffer.alloc(MEGABYTE, 'a')
      yield Buffer.from('"\n{"a":2}\n')
    }
    const found = await read(linesOf(stream()))
    expect(found.values).toEqual([{ a: 1 }, 'expected a record of at most 16 MB, got 100 MB', { a: 2 }])
    expect(found.records[1]!.bytes).toHaveLength(0)
  })
})

describe('one JSON list', () => {
  test('every value comes back, however it is written and the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(values, chunk, fc.constantFrom(undefined, 1, '\t'), async (all, size, indent) => {
        const found = await elements(`\n ${JSON.stringify(all, undefined, indent)}\n`, size)
        expect(found).toMatchObject({ values: JSON.parse(JSON.stringify(all)), error: undefined })
      }),
    )
  })

  test('a list that is cut anywhere gives the values before, and says where', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (all, nat) => {
          const text = JSON.stringify(all)
          const cut = Buffer.from(text).subarray(0, nat % Buffer.byteLength(text))
          const found = await elements(cut, 7)
          expect(JSON.parse(JSON.stringify(all)).slice(0, found.values.length)).toEqual(found.values)
          expect(found.error).toMatch(/^expected a whole JSON list, got one that breaks off at byte \d+/)
        },
      ),
    )
  })

  test('brackets and quotes inside of strings mean nothing', async () => {
    const all = [{ 'a]}"\\': '[{\\' }, '\\"]', [['],[']], 'é\u2028🦉']
    for (const size of [1, 3, 1000]) expect((await elements(JSON.stringify(all), size)).values).toEqual(all)
  })

  test('an element that cannot be read is one reject with its offset; the others stand', async () => {
    const text = Buffer.concat([
      Buffer.from('\uFEFF[{"a":1},{"a":nul},{} {},'),
      Buffer.from([0x22, 0xc3, 0x28, 0x22]),
      Buffer.from(',{"a":5},]'),
    ])
    const found = await elements(text, 6)
    expect(found.values).toEqual([
      { a: 1 },
      expect.stringMatching(/^expected a JSON record, got text that is no JSON/),
      expect.stringMatching(/^expected a JSON record, got text that is no JSON/),
      'expected UTF-8 text, got an invalid byte at offset 29',
      { a: 5 },
    ])
    expect(found.records.map(({ number, offset }) => [number, offset])).toEqual([
      [1, 4],
      [2, 12],
      [3, 22],
      [4, 28],
      [5, 33],
    ])
    expect(found.error).toBeUndefined()
  })

  test.each([
    ['{"a":1}', /something before the list at byte 0/],
    ['[1] [2]', /something behind the list at byte 4/],
    ['', /breaks off at byte 0/],
    ['[{"a":1}, {"b', /breaks off at byte 13, inside of record 2 \(byte 10\)/],
  ])('%s is none', async (text, error) => {
    expect((await elements(text)).error).toMatch(error)
  })

  test('an element of 100 MB is counted and not kept', async () => {
    async function* stream() {
      yield Buffer.from('[1,"')
      for (let count = 0; count < 100; count += 1) yield Buffer.alloc(MEGABYTE, 'a')
      yield Buffer.from('",3]')
    }
    expect((await read(elementsOf(stream()))).values).toEqual([
      1,
      'expected a record of at most 16 MB, got 100 MB',
      3,
    ])
  })
})
