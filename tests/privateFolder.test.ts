import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePrivateFolder } from '../src/privateFolder.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'paperboy-folder-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const modeOf = async (folder: string) => (await stat(folder)).mode & 0o7777

test.each<[string, number, string[], number]>([
  ['an empty folder becomes private', 0o755, [], 0o700],
  ['one of ours becomes private', 0o755, ['secrets.json'], 0o700],
  ['one with other things in it keeps its mode', 0o1777, ['letters'], 0o1777],
  ['a private one stays as it is', 0o700, ['letters'], 0o700],
])('%s', async (name, before, files, after) => {
  const folder = join(home, name)
  await mkdir(folder)
  await chmod(folder, before)
  for (const file of files) await writeFile(join(folder, file), '')
  await makePrivateFolder(folder)
  expect(await modeOf(folder)).toBe(after)
})

test('a new folder is private, and so are those made above it', async () => {
  await makePrivateFolder(join(home, 'a', 'b'))
  expect([await modeOf(join(home, 'a')), await modeOf(join(home, 'a', 'b'))]).toEqual([0o700, 0o700])
})

test('says what the file system says where no folder can be', async () => {
  await writeFile(join(home, 'file'), '')
  await expect(makePrivateFolder(join(home, 'file'))).rejects.toThrow(/EEXIST/)
  await expect(makePrivateFolder('/proc/nowhere/x')).rejects.toThrow(/ENOENT/)
})
