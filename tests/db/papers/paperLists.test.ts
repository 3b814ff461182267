import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListWish, listPapersOf } from '../../../src/db/papers/paperLists.ts'
import { setPaperHidden } from '../../../src/db/papers/papers.ts'
import { store } from '../../support/listings.ts'
import { openTestTools, type TestTools } from '../../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-19', [
    {
      title: 'Most upvoted',
      authors: ['A One'],
      upvotes: 90,
      categories: ['cs.CV'],
      publishedAt: new Date('2026-11-01'),
    },
    { title: 'Hidden by the desk', authors: ['B Two'], upvotes: 80, categories: ['cs.CV'] },
  ])
  await store(test_.tools, '2026-11-20', [
    {
      title: 'Least upvoted',
      authors: ['C Three'],
      upvotes: 1,
      categories: ['cs.CL'],
      publishedAt: new Date('2026-11-18'),
    },
    {
      title: 'Without upvotes',
      authors: ['D Four'],
      categories: ['cs.CV'],
      publishedAt: new Date('2026-11-10'),
    },
  ])
  const { db } = test_.tools
  const hidden = await db
    .selectFrom('papers')
    .select('id')
    .where('title', '=', 'Hidden by the desk')
    .executeTakeFirstOrThrow()
  await db.transaction().execute((tx) => setPaperHidden(tx, hidden.id, new Date(), new Date()))
})
afterAll(() => test_.close())

const MONTH = { from: '2026-10-22', to: '2026-11-20', limit: 50, offset: 0 }

async function titles(wish: Partial<ListWish>): Promise<(string | number)[]> {
  const { papers, total } = await listPapersOf(test_.tools.db, { ...MONTH, order: 'votes', ...wish })
  return [total, ...papers.map(({ title }) => title)]
}

test.each<[string, Partial<ListWish>, (string | number)[]]>([
  ['the most upvoted first', {}, [3, 'Most upvoted', 'Least upvoted', 'Without upvotes']],
  ['the newest first', { order: 'newest' }, [3, 'Least upvoted', 'Without upvotes', 'Most upvoted']],
  ['the fastest first', { order: 'rising' }, [3, 'Most upvoted', 'Least upvoted', 'Without upvotes']],
  ['of a category', { category: 'cs.cv' }, [2, 'Most upvoted', 'Without upvotes']],
  ['the second page', { limit: 2, offset: 2 }, [3, 'Without upvotes']],
  ['a page beyond the last', { limit: 2, offset: 10 }, [3]],
  ['of one day', { from: '2026-11-19', to: '2026-11-19' }, [1, 'Most upvoted']],
])(
  'papers of some days, %s: without hidden ones, which are not counted either',
  async (_, wish, expected) => {
    expect(await titles(wish)).toEqual(expected)
  },
)
