import { describe, expect, test } from 'vitest'
import { collect } from '../../../../src/sources/dumps/containers/bytes.ts'
import { type Part, partsOf } from '../../../../src/sources/dumps/parts.ts'
import { pipeOf } from '../../../support/dumps.ts'
import { sevenZip } from '../../../support/tableFiles.ts'
import { thorough } from '../../../support/thorough.ts'
import { papersIn } from '../tables/papersIn.ts'

/** Archives that 7-Zip itself wrote. */

const FILES = {
  'lanterns.csv': 'title,doi\nLanterns that light themselves,10.5555/a\n',
  'attic.csv': 'title,doi\nHow dark is the attic at noon?,10.5555/b\n',
}
const TITLES = ['How dark is the attic at noon?', 'Lanterns that light themselves']

describe('an archive', () => {
  test.each(['-m0=LZMA2', '-m0=LZMA', '-m0=PPMd', '-m0=BZip2', '-m0=Deflate', '-m0=Copy', '-ms=off'])(
    'packed with %s',
    async (method) => {
      const { entries, labels, error } = await papersIn(await sevenZip(FILES, method))
      expect(error).toBeUndefined()
      expect(entries.map(({ title }) => title).sort()).toEqual(TITLES)
      expect([...labels].sort()).toEqual(['dump › attic.csv', 'dump › lanterns.csv'])
    },
  )

  test('with a password is refused in one line', async () => {
    const { error } = await papersIn(await sevenZip(FILES, '-psecret'))
    expect(error).toBe('expected a file without a password, got an encrypted one; unpack it first')
    const hidden = await papersIn(await sevenZip(FILES, '-psecret', '-mhe=on'))
    expect(hidden.error).toBe('expected a file without a password, got an encrypted one; unpack it first')
  })

  test('that unpacks to a thousand times its size is refused', async () => {
    const bomb = await sevenZip({ 'a.jsonl': Buffer.alloc(66 * 1024 * 1024, 32) }, '-mx=1')
    const { value: part } = await partsOf(pipeOf('dump', bomb), () => true).next()
    await expect(collect((part as Part).bytes, 1e9)).rejects.toThrow(
      /^expected a dump that unpacks to at most 200 times its size, got [^\n]*$/,
    )
  })
})

describe('a damaged one', () => {
  test('cut anywhere is refused in one line', async () => {
    const bytes = await sevenZip(FILES)
    for (let length = 8; length < bytes.length; length += 13) {
      const { entries, error } = await papersIn(bytes.subarray(0, length))
      expect(entries).toEqual([])
      expect(error).toMatch(/^expected a whole 7z archive, got [^\n]*$/)
    }
  })

  test('changed anywhere gives no paper that was not in it', async () => {
    const bytes = await sevenZip(FILES)
    for (let at = 6; at < bytes.length; at += Math.ceil(40 / thorough(1))) {
      const damaged = Buffer.from(bytes)
      damaged[at] = damaged[at]! ^ 0x10
      const { entries, error } = await papersIn(damaged)
      expect(entries.filter(({ title }) => !TITLES.includes(title))).toEqual([])
      if (error !== undefined) expect(error).toMatch(/^expected [^\n]*$/)
    }
  })
})
