import { expect, test } from 'vitest'
import { createBudget } from '../../../../src/sources/dumps/containers/budget.ts'
import { tarFiles } from '../../../../src/sources/dumps/containers/tar.ts'
import { inChunks, tar } from '../../../support/dumps.ts'

const NAMES = Array.from({ length: 60 }, (_, i) => `${String(i).padStart(2, '0')}.txt`)
const content = (name: string) => `${name} `.repeat(10_000)

test('every file comes, whether those before it were read, left early or not read at all', async () => {
  const archive = await tar(Object.fromEntries(NAMES.map((name) => [name, content(name)])))
  const names: string[] = []
  const read: string[] = []
  for await (const { name, bytes } of tarFiles(inChunks(archive), createBudget())) {
    const chunks: Uint8Array[] = []
    const how = names.push(name) % 3
    if (how === 0) continue
    for await (const chunk of bytes) {
      chunks.push(chunk)
      if (how === 1) break
    }
    if (how === 2) read.push(Buffer.concat(chunks).toString())
  }
  expect(names).toEqual(NAMES)
  expect(read).toEqual(NAMES.filter((_, i) => i % 3 === 1).map(content))
})

test.each([
  ['within a file', 5000],
  ['between two files', 512 + 20_480],
])('an archive that breaks off %s is told', async (_where, length) => {
  const archive = await tar({ 'a.txt': 'a'.repeat(20_480), 'b.txt': 'b' })
  let read = 0
  const reading = async () => {
    for await (const { bytes } of tarFiles(inChunks(archive.subarray(0, length)), createBudget()))
      for await (const chunk of bytes) read += chunk.length
  }
  await expect(reading()).rejects.toThrow('expected a whole tar archive, got one that breaks off')
  // Nothing that came before the break is lost, but for the header.
  expect(read).toBe(length - 512)
})
