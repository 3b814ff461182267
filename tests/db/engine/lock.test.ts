import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answers, lockDataDir } from '../../../src/db/engine/lock.ts'
import { startProgram } from '../../support/processes.ts'

let folder: string
let lockFile: string
let listener: Server | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-lock-'))
  lockFile = join(folder, 'lock')
})
afterEach(async () => {
  listener?.close()
  listener = undefined
  await rm(folder, { recursive: true, force: true })
})

/** Something that answers where a holder's socket would. */
async function listen(): Promise<void> {
  listener = createServer((socket) => socket.end())
  await new Promise<void>((ready) => listener!.listen(join(folder, '.s.PGSQL.5432'), ready))
}

/** The id of a process that is surely gone. */
async function deadPid(): Promise<number> {
  const program = startProgram('embeddedProcess.ts', folder, 'none')
  await program.kill()
  return program.pid
}

test('a free folder is locked, with the holder written down for its owner alone, until it is released', async () => {
  const lock = await lockDataDir(folder, folder)
  expect(lock.kind).toBe('acquired')
  expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid, socketDir: folder })
  expect((await stat(lockFile)).mode & 0o777).toBe(0o600)
  if (lock.kind === 'acquired') await lock.release()
  expect(await readdir(folder)).toEqual([])
})

test('a folder whose holder answers is held, and its lock stays as it is', async () => {
  await listen()
  const written = JSON.stringify({ pid: await deadPid(), socketDir: folder })
  await writeFile(lockFile, written)
  const lock = await lockDataDir(folder, folder)
  expect(lock).toMatchObject({ kind: 'held', by: JSON.parse(written) })
  expect(await readFile(lockFile, 'utf8')).toBe(written)
})

test('a holder that is alive and still starting is waited for', async () => {
  await writeFile(lockFile, JSON.stringify({ pid: process.ppid, socketDir: folder }))
  const asked = lockDataDir(folder, folder)
  await listen()
  expect(await asked).toMatchObject({ kind: 'held', by: { pid: process.ppid, socketDir: folder } })
})

describe('a lock that nobody holds is taken over', () => {
  const leftBehind: [string, () => Promise<string>][] = [
    ['by a killed process', async () => JSON.stringify({ pid: await deadPid(), socketDir: folder })],
    [
      'by a predecessor with our process id',
      async () => JSON.stringify({ pid: process.pid, socketDir: folder }),
    ],
    ['half-written', async () => '{"pid": 12'],
    ['empty', async () => ''],
    ['of another kind', async () => '[1, 2, 3]'],
    ['null', async () => 'null'],
  ]
  test.each(leftBehind)('%s', async (_name, content) => {
    await writeFile(lockFile, await content())
    const lock = await lockDataDir(folder, folder)
    expect(lock.kind).toBe('acquired')
    expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(await readdir(folder)).toEqual(['lock'])
  })
})

describe('of six processes that ask at once exactly one gets the folder', () => {
  const found: [string, string | undefined][] = [
    ['a new folder', undefined],
    ['a folder whose holder was killed', JSON.stringify({ pid: 2 ** 30, socketDir: '/nowhere' })],
  ]
  test.each(found)('%s', async (_name, left) => {
    if (left !== undefined) await writeFile(lockFile, left)
    const programs = Array.from({ length: 6 }, () => startProgram('lockProcess.ts', folder))
    try {
      await Promise.all(programs.map((program) => program.next()))
      await writeFile(join(folder, 'go'), '')
      const answers = await Promise.all(programs.map((program) => program.next()))
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['acquired', ...Array(5).fill('held')])
    } finally {
      await Promise.all(programs.map((program) => program.kill()))
    }
  })
})

test('a process killed while it took a lock over does not stand in the way', async () => {
  const stale = JSON.stringify({ pid: await deadPid(), socketDir: folder })
  await writeFile(lockFile, stale)
  const claim = `${lockFile}.${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`
  await writeFile(claim, JSON.stringify({ pid: await deadPid(), socketDir: folder, nonce: 'killed' }))
  expect((await lockDataDir(folder, folder)).kind).toBe('acquired')
  expect(await readdir(folder)).toEqual(['lock'])
})

test('releasing leaves a lock that someone else took meanwhile', async () => {
  const lock = await lockDataDir(folder, folder)
  const theirs = JSON.stringify({ pid: process.ppid, socketDir: folder })
  await writeFile(lockFile, theirs)
  if (lock.kind === 'acquired') await lock.release()
  expect(await readFile(lockFile, 'utf8')).toBe(theirs)
})

test('nothing answers on a socket that is not there, or that a killed process left', async () => {
  expect(await answers(join(folder, 'none'))).toBe(false)
  await listen()
  expect(await answers(join(folder, '.s.PGSQL.5432'))).toBe(true)
  await writeFile(join(folder, 'left'), '')
  expect(await answers(join(folder, 'left'))).toBe(false)
})
