import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-eval-'))
  await write('papers.jsonl', [
    { id: 'a', title: 'Robots', abstract: 'Arms that reach.' },
    { id: 'b', title: 'Pasta', abstract: '' },
    { id: 'c', title: 'A robot kitchen' },
    { id: 'd' },
  ])
})
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, rows: object[]): Promise<void> {
  await writeFile(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

async function rank(task: string, cases = 'cases.jsonl') {
  const file = (name: string) => join(folder, name)
  const options = [
    '--papers',
    file('papers.jsonl'),
    '--cases',
    file(cases),
    '--task',
    task,
    '--out',
    file('run.jsonl'),
  ]
  return run(process.execPath, ['--import', 'tsx', 'bench/evalRank.ts', ...options])
}

async function ranked(): Promise<unknown[]> {
  const text = await readFile(join(folder, 'run.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('ranks the candidates of each case, all where they are "ALL" or absent; unknown ids and missing fields are no error', async () => {
  await write('cases.jsonl', [
    { case_id: '1', keywords: ['robots'], candidates: ['d', 'b', 'c', 'nowhere', 'a'] },
    { case_id: '2', keywords: ['pasta'], candidates: 'ALL' },
    { case_id: '3' },
  ])
  await rank('keywords')
  expect(await ranked()).toEqual([
    { case_id: '1', ranking: ['a', 'c', 'd', 'b'] },
    { case_id: '2', ranking: ['b', 'a', 'c', 'd'] },
    { case_id: '3', ranking: ['a', 'b', 'c', 'd'] },
  ])
})

test('leaves the disliked out of likes+dislikes', async () => {
  await write('cases.jsonl', [{ case_id: '1', likes: ['a'], dislikes: ['b'], candidates: ['b', 'c', 'd'] }])
  await rank('likes+dislikes')
  expect(await ranked()).toEqual([{ case_id: '1', ranking: ['c', 'd'] }])
})

test('a line that is no JSON is named, and so is a task that is none', async () => {
  await writeFile(join(folder, 'bad.jsonl'), '{"case_id":"1"}\nnot json\n')
  await expect(rank('keywords', 'bad.jsonl')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/bad\.jsonl:2/),
  })
  await expect(rank('guess')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/keywords\|tags/),
  })
})
