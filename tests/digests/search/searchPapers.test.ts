import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listPapers } from '../../../src/db/papers/listedPapers.ts'
import { setPaperHidden } from '../../../src/db/papers/papers.ts'
import { currentCorpusModel } from '../../../src/digests/corpus/currentModel.ts'
import { searchPapers } from '../../../src/digests/search/searchPapers.ts'
import { runToEnd } from '../../../src/jobs/pipeline.ts'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildingPart } from '../../../src/ranking/corpus/rankingIndex.ts'
import { statisticsOf } from '../../../src/ranking/corpus/statistics.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { runAtOnce } from '../../../src/slices.ts'
import { corpusOf } from '../../support/corpusModel.ts'
import { papersOn, store } from '../../support/listings.ts'
import { openTestTools, type TestTools } from '../../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-20', corpusOf(400))
  await store(test_.tools, '2026-11-20', [
    {
      title: 'Owls at the X-ray laboratory of Mr. O’Neil',
      abstract: 'A \\ b \u{1F989} c.',
      authors: ['Nora Nießner'],
      categories: ['cs.SD'],
      venue: 'ICLR 2026',
      arxivId: '2611.90001',
      upvotes: 40,
    },
  ])
  await index()
})
afterAll(() => test_.close())

const index = (after = 0) => runToEnd([{ name: 'indexPapers', payload: { after } }], test_.tools)
const titles = async (query: string, limit = 10) =>
  (await searchPapers(test_.tools.db, query, { limit })).found.map(({ paper }) => paper.title)

describe('searching all stored papers', () => {
  test.each([
    'whales',
    'graphs measure',
    '"glaciers, part 100"',
    'volcanoes +compare',
    'violins OR owls',
    'part 77',
  ])('finds for %s what a ranking of all papers puts first', async (query) => {
    const { db } = test_.tools
    const papers = await listPapers(db, undefined)
    const statistics = statisticsOf(await currentCorpusModel(db), papers.length)
    const all = runAtOnce(
      buildingPart(
        papers.map((paper) => ({ ...paper, day: paper.listedOn })),
        statistics,
      ),
    )
    const best = rankTopic(all, parseQuery(query), { trendWeight: 0, limit: 10 })
    const { found } = await searchPapers(db, query, { limit: 10 })
    expect(found.map(({ score }) => score)).toEqual(best.map(({ score }) => score))
  })

  test.each([
    'author:"Nora Niessner"',
    'author:"N. Nießner" owls',
    'xray',
    'x-ray',
    '"o’neil"',
    'cat:cs owls',
    'venue:ICLR',
    'min:40 owls',
    'owls since:2026-11',
    'owls AND NOT (violins OR whales)',
  ])('finds the one paper that %s means', async (query) => {
    expect(await titles(query)).toEqual(['Owls at the X-ray laboratory of Mr. O’Neil'])
  })

  test.each(['zyxwv', 'owls cat:math', 'owls year:1999', 'author:"Nobody Known"', "'", '\\'])(
    'finds nothing for %s, and says no more',
    async (query) => {
      expect(await titles(query).catch((error) => [error.message.slice(0, 8)])).toEqual(
        query.length === 1 ? ['Expected'] : [],
      )
    },
  )

  test('pages follow each other without a gap, and the last one says that it is the last', async () => {
    const pages = await Promise.all(
      [0, 10, 20, 30].map((offset) => searchPapers(test_.tools.db, 'whales', { limit: 10, offset })),
    )
    const ids = pages.flatMap(({ found }) => found.map(({ paper }) => paper.id))
    const all = await searchPapers(test_.tools.db, 'whales', {})
    expect(ids).toEqual(all.found.slice(0, 40).map(({ paper }) => paper.id))
    expect(pages.map(({ hasMore }) => hasMore)).toEqual(
      [0, 10, 20, 30].map((at) => all.found.length > at + 10),
    )
  })

  test('finds what arrived a moment ago, what changed, and nothing that is hidden', async () => {
    const { db, now } = test_.tools
    await store(test_.tools, '2026-11-20', papersOn('quokkas', 1, 801))
    expect(await titles('quokkas')).toEqual(['Study 00801 of quokkas'])
    await index()
    const before = await db.selectFrom('search_texts').selectAll().orderBy('paper_id').execute()
    await index()
    expect(await db.selectFrom('search_texts').selectAll().orderBy('paper_id').execute()).toEqual(before)
    const { id } = await db
      .selectFrom('papers')
      .select('id')
      .where('title', 'like', '%quokkas')
      .executeTakeFirstOrThrow()
    await db
      .updateTable('papers')
      .set({ title: 'Study of wombats', updated_at: new Date(now().getTime() + 1000) })
      .where('id', '=', id)
      .execute()
    await index()
    expect(await titles('wombats')).toEqual(['Study of wombats'])
    await db.transaction().execute((tx) => setPaperHidden(tx, id, now(), now()))
    expect(await titles('wombats')).toEqual([])
  })
})
