import { describe, expect, test } from 'vitest'
import type { Entry, KnownPaper } from '../../../src/domain.ts'
import { keyedEntry } from '../../../src/papers/keys/entryKeys.ts'
import { paperFromEntry } from '../../../src/papers/merging/merge.ts'
import type { KnownPapers } from '../../../src/papers/planning/ingestPlan.ts'
import { planIngest } from '../../../src/papers/planning/plan.ts'

const seen = { format: 'table', at: new Date('2026-05-01T00:00:00Z') }
const TITLE = 'How to Mend a Boat at Sea without a Carpenter'
const AUTHORS = ['Ann Ode', 'Bo Li']
const WITH_DOI: Entry = { title: TITLE, authors: AUTHORS, doi: '10.1234/boat' }
const WITH_ARXIV: Entry = { title: `${TITLE} Aboard`, authors: AUTHORS, arxivId: '2601.00001' }
const BOTH: Entry = { ...WITH_DOI, arxivId: '2601.00001' }

function stored(entries: Entry[], others: Partial<KnownPapers> = {}): KnownPapers {
  const papers = entries.map(
    (entry, index): KnownPaper => ({ id: index + 1, ...paperFromEntry(entry, seen) }),
  )
  const keys = entries.flatMap((entry, index) =>
    keyedEntry(entry).keys.held.map((key) => ({ key, paperId: index + 1 })),
  )
  return { papers, keys, merges: [], apart: [], ...others }
}

const plan = (entries: Entry[], known: KnownPapers) => planIngest(entries.map(keyedEntry), () => seen, known)

describe('an entry with the ids of two papers', () => {
  test('joins the later to the earlier, with its values and keys, and says why', () => {
    const { papers, paperOf, merges } = plan([BOTH], stored([WITH_DOI, WITH_ARXIV]))
    expect(paperOf).toEqual([0])
    expect(papers.map(({ joinedTo }) => joinedTo)).toEqual([undefined, 0])
    expect(papers[0]!.changes).toMatchObject({ arxivId: '2601.00001' })
    expect(merges).toHaveLength(1)
    expect(merges[0]).toMatchObject({ into: 0, joined: 1, apart: { title: WITH_ARXIV.title } })
    expect(merges[0]!.why).toMatch(/^an entry is both: same (arXiv id 2601\.00001|DOI 10\.1234\/boat); /)
    expect(merges[0]!.keys).toContain('arxiv:2601.00001')
    expect(merges[0]!.keys.every((key) => typeof key === 'string')).toBe(true)
  })

  test('joins a new paper to a stored one, and its entry is new no longer', () => {
    const { paperOf, effects, mergeOf, merges } = plan(
      [WITH_ARXIV, BOTH],
      stored([{ ...WITH_DOI, title: 'Old Boats' }]),
    )
    expect(paperOf).toEqual([0, 0])
    expect(effects).toEqual(['updated', 'unchanged'])
    expect(merges[0]).toMatchObject({ into: 0, joined: undefined })
    expect(mergeOf[0]).toEqual({ planned: 0 })
  })

  test('leaves two alone that an admin has split, and the entry goes to one of them', () => {
    const known = stored([WITH_DOI, WITH_ARXIV], { apart: [{ one: 2, other: 1 }] })
    const { papers, merges } = plan([BOTH], known)
    expect(papers.map(({ joinedTo }) => joinedTo)).toEqual([undefined, undefined])
    expect(merges).toEqual([])
  })

  test('leaves two alone that have nothing in common', () => {
    const other: Entry = {
      title: 'On the Diet of Snow Owls in Winter',
      authors: ['Cy Fox'],
      arxivId: '2601.00001',
    }
    expect(plan([BOTH], stored([WITH_DOI, other])).papers.map(({ joinedTo }) => joinedTo)).toEqual([
      undefined,
      undefined,
    ])
  })

  test('keeps a split of the paper that goes for the paper that stays', () => {
    const third: Entry = { ...WITH_DOI, title: TITLE, doi: '10.1234/other', authors: AUTHORS }
    const known = stored([WITH_DOI, WITH_ARXIV, third], { apart: [{ one: 2, other: 3 }] })
    const tying: Entry = { title: TITLE, authors: AUTHORS }
    const { papers } = plan([BOTH, tying], known)
    expect(papers.map(({ joinedTo }) => joinedTo)).toEqual([undefined, 0, undefined])
  })
})
