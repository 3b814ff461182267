import { describe, expect, test } from 'vitest'
import { formatNames } from '../../../src/sources/dumps/dumpKind.ts'
import { expectedName, goldenFiles, readExpected, readGolden } from './goldenPairs.ts'

/** Every file of tests/fixtures/sources is read by its content alone and says what its golden file says. */

describe('golden pairs', () => {
  test.each(goldenFiles())('%s', async (file) => {
    const name = expectedName(file)
    expect(name, `${file} needs a golden file, <name>.expected.json`).toBeDefined()
    expect(await readGolden(file)).toEqual(readExpected(name!))
  })

  test('there is one for every format', () => {
    const formats = goldenFiles().flatMap((file) =>
      [readExpected(expectedName(file)!)].flat().map((listing) => (listing as { format: string }).format),
    )
    const missing = formatNames().filter((name) => name !== 'auto' && !formats.includes(name))
    expect(missing).toEqual([])
  })
})
