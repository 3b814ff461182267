import { expect, test } from 'vitest'
import { findInCode, toSourceFile } from './sourceFiles.ts'

/** The structure test relies on this: that rules find what they should, and nothing in comments and strings. */
const file = toSourceFile(
  'src/jobs/sample.ts',
  `import type { Db } from '../db/connect.ts'
import {
  type Kysely,
  sql,
} from 'kysely'
import '@scope/package/part'
export { more } from './more.ts'
/* import gone from 'commented' */
const late = () => import('node:fs')
// process.env is not read here
const address = 'https://example.org' // nor here: process.env
const accept = { accept: '*/*', env: process.env }
/** process.env
 *  neither */
`,
)

test('imports are found with where they lead, whether they stay, and their line', () => {
  expect(file.imports).toEqual([
    { target: 'src/db/connect.ts', typeOnly: true, line: 1 },
    { target: 'kysely', typeOnly: false, line: 2 },
    { target: '@scope/package', typeOnly: false, line: 6 },
    { target: 'src/jobs/more.ts', typeOnly: false, line: 7 },
    { target: 'node:fs', typeOnly: false, line: 9 },
  ])
})

test('code is searched without its comments', () => {
  expect(findInCode(file, /process\.env/g)).toEqual(['src/jobs/sample.ts:12'])
})

test('the folder of a file, and a file at the top', () => {
  expect([file.folder, toSourceFile('src/config.ts', '').folder]).toEqual(['jobs', 'config'])
})
