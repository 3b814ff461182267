import { describe, expect, test } from 'vitest'
import { batchesUntilError } from '../../formats/goldenPairs.ts'

/** Files packed with zstd, xz and bzip2. They were packed by the tools of these names. */

const PACKED = {
  zstd: 'KLUv/SSB9QIA4kUUGYBrOui/8pmT/4/ak+25EB572C422KSoA+pH4ySVyt56wN962ARjSxmqcDQ+SFoKEAbJQQTHilEtBnjdIt1SHHqPEJh6Q+9K5p5msOJLx7sRAxAGw9fDdkBsZ3RmfGo=',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ACAAGFdAD2IiobUVOndN3jVWo2MsY2PMRYRS8iz+cisTAvXVd3ZEGVLmVJAtA/rr06z1QZpKrpvhKSIaSKwqJ8qVg5WIPTUtBKRKXacxRSlQ2hJcV3FTWWZ2exGmh/ovICXXmfXIAAAAAAAYu5Wm2SEGJ4AAX2BAQAAAIU000CxxGf7AgAAAAAEWVo=',
  bzip2:
    'QlpoOTFBWSZTWcBmNpQAAD9dgAAQUAX8EABELu+diiAAdBqTyNIaBoDQybUEqnpGgGjTamgDTSY+H28iQieKdFgwcTIK8tUSI0VolDCsiVDJiXk5CNiA0GpbK8mUqCfcQWgIHIJUGhZBvFWvPAlaM3XshEWhMoKHD8XckU4UJDAZjaUA',
}
const TAR_XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AMpdABkMApKyqVH0d0CdqsPkMLO6v6xG9e11rYVuSs+R0DNArVaJVgG6gTm+J69wwpfyyuGIjwXlQQkSTUL1fB+RmmHfPQSM4qSqZ2JD1RlYaG0oFh7R1qTkexDbubu7Rx9lW8e6YM+2HIJXg8Cawt31Qv7uDNaeqnrN0eFiCFnLKgwmeeHRZGk9T/wWBZrud7cZoTBI08Y58ffFuA3ELkkkyEj4fbea3M1NTuQu4OgGYG4Fib0nQRsujuRDiewzGwqWIymJnZF1mrU0XAAAAADXeD4kMpVm6gAB5gGAUAAAeZ3Nv7HEZ/sCAAAAAARZWg=='
const TITLES = ['Lanterns that light themselves', 'How dark is the attic at noon']

const bytesOf = (text: string) => Buffer.from(text, 'base64')
const titlesIn = async (bytes: Buffer) => {
  const { batches, error } = await batchesUntilError(bytes)
  const entries = batches.flatMap((batch) => (batch.kind === 'page' ? batch.listing : batch).entries)
  return { titles: entries.map(({ title }) => title), error: error?.message }
}

describe.each(Object.entries(PACKED))('%s', (name, text) => {
  const bytes = bytesOf(text)

  test('is unpacked', async () => {
    expect(await titlesIn(bytes)).toEqual({ titles: TITLES, error: undefined })
  })

  test('several one after the other are one text', async () => {
    const { titles } = await titlesIn(Buffer.concat([bytes, bytes]))
    expect(titles).toEqual([...TITLES, ...TITLES])
  })

  test('cut anywhere, it is refused in one line or gives papers that were in it', async () => {
    for (let length = 12; length < bytes.length; length += 7) {
      const { titles, error } = await titlesIn(bytes.subarray(0, length))
      expect(titles.filter((title) => !TITLES.includes(title))).toEqual([])
      expect(error).toMatch(/^expected [^\n]*(?:breaks off|damaged data|an? (?:zstd|xz|bzip2) file)[^\n]*$/)
    }
  })

  test('a damaged one is never a crash', async () => {
    for (let at = 6; at < bytes.length; at += 5) {
      const damaged = Buffer.from(bytes)
      damaged[at] = damaged[at]! ^ 0x10
      const { error } = await titlesIn(damaged)
      if (error !== undefined) expect(error).toMatch(/^expected [^\n]*$/)
    }
  })

  test(`inside of another container it is unpacked too (${name})`, async () => {
    expect((await titlesIn(bytesOf(TAR_XZ))).titles).toEqual(TITLES)
  })
})
