import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { markdown } from '../../../../src/sources/formats/markdown/markdown.ts'
import { cuts, readFixture } from '../../fixture.ts'

const FILES = ['markdown-table.md', 'markdown-list.md', 'markdown-headings.md']

const LINK = 'https://arxiv.org/abs/2611.00001'

/** The one entry, or the reason of the one reject, of a text. */
function only(text: string) {
  const { entries, rejects } = markdown.parse(text)
  return entries[0] ?? rejects[0]?.reason
}

describe('a list item', () => {
  test.each([
    [`- [A Title](${LINK})\n`, { title: 'A Title', arxivId: '2611.00001', authors: undefined }],
    [`* **A Title** [pdf](${LINK})\n`, { title: 'A Title' }],
    [
      `- [A Title](https://openreview.net/forum?id=AbCdEf12)\n`,
      { title: 'A Title', url: 'https://openreview.net/forum?id=AbCdEf12' },
    ],
    [`* **Owls** *Ann One* [[pdf]](${LINK})\n`, { title: 'Owls', authors: ['Ann One'] }],
    [`- Lanterns for dark attics [[paper]](${LINK})\n`, { title: 'Lanterns for dark attics' }],
    [
      `- Lanterns that light. Ann One, Bo Two. ICLR 2026. [[pdf](${LINK})]\n`,
      { title: 'Lanterns that light' },
    ],
    [`12. [A Title: with *stress*](${LINK} "tip")\n`, { title: 'A Title: with *stress*' }],
    [`- [*A Title*](${LINK}).\n`, { title: 'A Title' }],
    [`- [A \\_B\\_ Title](${LINK})\n`, { title: 'A _B_ Title' }],
    [`- [A Title\n  That Wraps](${LINK})\n`, { title: 'A Title That Wraps' }],
    [
      `- [A Title](https://doi.org/10.1000/x)\n`,
      { title: 'A Title', doi: '10.1000/x', url: 'https://doi.org/10.1000/x' },
    ],
    [
      `- [A Title](https://huggingface.co/papers/2611.00001) (12 votes)\n`,
      { arxivId: '2611.00001', authors: undefined },
    ],
    [`- **A Title**, Ann One and Bo Two, 2024, [pdf](${LINK})\n`, { title: 'A Title', authors: undefined }],
    [`- **A Title** — *Ann One, Bo Two* — [pdf](${LINK})\n`, { authors: ['Ann One', 'Bo Two'] }],
    [
      `- We recommend reading the [paper](${LINK})\n`,
      'expected a title as a link\'s text or in bold, got "We recommend reading the [paper](https://arxiv.org/abs/2611.…"',
    ],
    [
      `- [Link](${LINK})\n`,
      'expected a title as a link\'s text or in bold, got "[Link](https://arxiv.org/abs/2611.00001)"',
    ],
    [
      `- [BERT](${LINK})\n`,
      'expected a title as a link\'s text or in bold, got "[BERT](https://arxiv.org/abs/2611.00001)"',
    ],
  ])('%j', (text, expected) => {
    if (typeof expected === 'string') expect(only(text)).toBe(expected)
    else expect(only(text)).toMatchObject(expected)
  })
})

describe('a heading', () => {
  test.each([
    [`## [A Title](${LINK})\n`, { title: 'A Title', arxivId: '2611.00001' }],
    [`## 3. [A Title](${LINK}) ##\n`, { title: 'A Title' }],
    [`# A Title\nLink: ${LINK}\n`, { title: 'A Title' }],
    [
      `# A Title\n- **PDF:** [here](${LINK})\n- **Authors:** Ann One\n`,
      { title: 'A Title', authors: ['Ann One'] },
    ],
    [`# A Title\nAbstract:\n\nTwo\nLink: ${LINK}\n`, { abstract: 'Two' }],
    [`# A Title\nAuthors: A. One\nAuthors: B. Two\nLink: ${LINK}\n`, { authors: undefined }],
    [
      `# A Title\nLink: ${LINK}\nLink: https://arxiv.org/abs/2611.00002\n`,
      'expected one paper, got 2611.00001 and 2611.00002: "A Title"',
    ],
    [`## Papers\nLink: ${LINK}\n`, 'expected a title in the heading, got "Papers"'],
  ])('%j', (text, expected) => {
    if (typeof expected === 'string') expect(only(text)).toBe(expected)
    else expect(only(text)).toMatchObject(expected)
  })
})

describe('a table', () => {
  const table = (header: string, row: string) => `${header}\n${header.replace(/[^|]+/g, '---')}\n${row}\n`
  test.each([
    [table('|Title|Link|', `|A Title|${LINK}|`), { title: 'A Title' }],
    [table('Title|Paper', `A Title|[pdf](${LINK})`), { title: 'A Title' }],
    [table('Title|Paper', 'A Title|[pdf](https://aclanthology.org/2026.acl-long.1/)'), { title: 'A Title' }],
    [
      table('|Paper|Code|', `|[A Title](${LINK})|[code](https://github.com/a/b)|`),
      { title: 'A Title', codeUrl: 'https://github.com/a/b' },
    ],
    [
      table('|**Title**|Date|Likes|Link|', `|A \\| Title|2026-11-01|4|${LINK}|`),
      { title: 'A | Title', upvotes: 4, publishedAt: new Date('2026-11-01T00:00:00Z') },
    ],
    [
      table('|Title|Abstract|Link|', `|A Title|As in [1](https://arxiv.org/abs/2611.00002).|${LINK}|`),
      { arxivId: '2611.00001', abstract: 'As in 1.' },
    ],
    [table('|No|Link|', `|1|${LINK}|`), 'expected a title in a column named Title, got nothing'],
    [
      table('|Title|Link|', `|A|B Title|${LINK}|`),
      'expected 2 cells, got 3: "|A|B Title|https://arxiv.org/abs/2611.00001|"',
    ],
  ])('%j', (text, expected) => {
    if (typeof expected === 'string') expect(only(text)).toBe(expected)
    else expect(only(text)).toMatchObject(expected)
  })
})

describe('the day', () => {
  const item = (id: string) => `- [A Title](https://arxiv.org/abs/${id})\n`
  test.each([
    ['of the heading', `# Papers of 2026-11-03\n${item('2611.00001')}`, '2026-11-03', [undefined]],
    ['of a subheading too', `# 2026-11-03\n## Vision\n${item('2611.00001')}`, '2026-11-03', [undefined]],
    [
      'of each heading',
      `# Daily 2026-11-03\n${item('2611.00001')}# Daily 2026-11-02\n${item('2611.00002')}`,
      undefined,
      ['2026-11-03', '2026-11-02'],
    ],
    [
      'ends with the next chapter',
      `# Daily 2026-11-03\n${item('2611.00001')}# Classics\n${item('2611.00002')}`,
      undefined,
      ['2026-11-03', undefined],
    ],
    [
      'of an update is none',
      `# Papers, updated on 2026-11-03\n${item('2611.00001')}`,
      undefined,
      [undefined],
    ],
    ['that is none', `# Papers of 2026-02-31\n${item('2611.00001')}`, undefined, [undefined]],
  ])('%s', (_name, text, listedOn, days) => {
    const listing = markdown.parse(text)
    expect([listing.listedOn, listing.entries.map((entry) => entry.listedOn)]).toEqual([listedOn, days])
  })
})

test.each(FILES)('%s cut anywhere gives papers that it names and no others', (file) => {
  const { entries, rejects } = markdown.parse(readFixture(file))
  const titles = new Map(entries.map((entry) => [entry.arxivId ?? entry.doi, entry.title]))
  // An item of two papers has one where it is cut between them.
  titles.set('2611.01204', 'Two Papers')
  expect(rejects.length).toBe(file === 'markdown-list.md' ? 3 : file === 'markdown-table.md' ? 1 : 0)
  for (const cut of cuts(readFixture(file)).filter((text) => markdown.detect(text))) {
    for (const entry of markdown.parse(cut).entries) {
      expect(entry.title).toBe(titles.get(entry.arxivId ?? entry.doi))
    }
  }
})

test.each([
  ['signs and blanks in a heading', `${'# '.repeat(500_000)}x`],
  ['empty headings', '# \n'.repeat(40_000)],
  ['bars', '|'.repeat(500_000)],
  ['brackets', '['.repeat(200_000)],
])('very many %s before a paper', (_name, text) => {
  expect(markdown.parse(`${text}\n\n# Papers\n\n- [A Title](${LINK})\n`).entries).toMatchObject([
    { title: 'A Title' },
  ])
})

test.each([
  ['a text without links', '# Papers\n\n- A Title\n'],
  ['links to no paper', '- [A Title](https://example.org/abs/2611.00001)\n'],
  ['an address in a sentence', `As ${LINK} shows.\n`],
  ['columns of a spreadsheet', `title,url\nA Title,${LINK}\n`],
  ['JSON', `{"url": "${LINK}"}`],
])('%s is none of its own', (_name, text) => {
  expect(markdown.detect(text)).toBe(false)
  expect(() => parsePage(text, 'auto')).toThrow(PermanentError)
})
