import { expect, test } from 'vitest'
import type { Entry } from '../../src/domain.ts'
import { READABLE } from '../support/readableFiles.ts'
import { readFixtureBytes } from './fixture.ts'
import { batchesUntilError, goldenFiles } from './formats/goldenPairs.ts'

/** docs/sources.md says what is read of each kind of file, as the product reads the fixtures. `npm run sources` writes it. */

const INTRODUCTION = `# What is read of what people have

This page is written by \`npm run sources\` from the files of \`tests/fixtures/sources\`, as Paperboy reads them; a test keeps it true. A kind
of file may have more fields than these files. What is not read is said by \`replay\`, for each file in one line.
`

/** The fields of a paper, in the words of the page. */
const WORDS: Partial<Record<keyof Entry, string>> = {
  abstract: 'abstract',
  authors: 'authors',
  arxivId: 'arXiv id',
  doi: 'DOI',
  url: 'link',
  publishedAt: 'date',
  venue: 'venue',
  categories: 'categories',
  keywords: 'keywords',
  organization: 'organization',
  codeUrl: 'code',
  projectUrl: 'project page',
  thumbnailUrl: 'picture',
  aiSummary: 'summary in a sentence',
  upvotes: 'upvotes',
  comments: 'comments',
  stars: 'stars',
  rank: 'place in the list',
  listedOn: 'day of the listing',
}
const MOST_IGNORED = 10

interface Read {
  fields: Set<string>
  ignored: Set<string>
}

async function readFiles(names: string[]): Promise<Read> {
  const read: Read = { fields: new Set(), ignored: new Set() }
  for (const name of names) {
    const { batches } = await batchesUntilError(readFixtureBytes(name))
    for (const batch of batches) {
      const { entries, ignored, listedOn } =
        batch.kind === 'page' ? { listedOn: undefined, ...batch.listing } : { listedOn: undefined, ...batch }
      for (const [field, word] of Object.entries(WORDS)) {
        if (entries.some((entry) => entry[field as keyof Entry] !== undefined)) read.fields.add(word)
      }
      if (listedOn !== undefined) read.fields.add(WORDS.listedOn!)
      for (const [field] of ignored ?? []) read.ignored.add(field)
    }
  }
  return read
}

async function rowOf(what: string, names: string[]): Promise<string> {
  const { fields, ignored } = await readFiles(names)
  const inOrder = Object.values(WORDS).filter((word) => fields.has(word))
  const left = [...ignored].slice(0, MOST_IGNORED).map((field) => `\`${field}\``)
  const more = ignored.size > MOST_IGNORED ? ' and others' : ''
  const read = fields.size === 0 ? '–' : ['title', ...inOrder].join(', ')
  return `| ${what} | ${read} | ${left.join(', ') || '–'}${more} |`
}

test('docs/sources.md says what is read of each kind of file', async () => {
  const files = goldenFiles()
  const shown = new Set<string>()
  let page = INTRODUCTION
  for (const [title, kinds] of Object.entries(READABLE)) {
    page += `\n## ${title}\n\n| what | read of each paper | left, in these files |\n| --- | --- | --- |\n`
    for (const [what, ...prefixes] of kinds) {
      const names = files.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      expect(names, what).not.toEqual([])
      for (const name of names) shown.add(name)
      page += `${await rowOf(what, names)}\n`
    }
  }
  expect(files.filter((name) => !shown.has(name))).toEqual([])
  await expect(page, 'docs/sources.md is stale: run `npm run sources`').toMatchFileSnapshot(
    '../../docs/sources.md',
  )
})
