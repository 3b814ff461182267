import { z } from 'zod'
import { listUnindexed, settleSearchTexts, upsertSearchTexts } from '../db/papers/searchTexts.ts'
import { currentCorpusModel } from '../digests/corpus/currentModel.ts'
import { searchWordsOf } from '../ranking/propose/searchWords.ts'
import { inSlices, type Sliced } from '../slices.ts'
import { defineStep } from './step.ts'

const AT_ONCE = 500

/**
 * Stores the words by which full-text search finds papers: of new papers, and of those that changed. `after`: the id after which to
 * look; 0 looks at all papers.
 */
export const indexPapers = defineStep({
  name: 'indexPapers',
  payload: z.object({ after: z.number().int().min(0) }),
  key: ({ after }) => `${after}`,
  attempts: 2,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ after }, { db, now }, stopping) {
    const { meanLength } = (await currentCorpusModel(db)).index
    let isNew = false
    for (let last = after; !stopping?.aborted; ) {
      const papers = await listUnindexed(db, last, AT_ONCE)
      if (papers.length === 0) break
      const texts = await inSlices(textsOf(papers, meanLength))
      await upsertSearchTexts(db, texts, now())
      last = papers.at(-1)!.id
      isNew = true
    }
    if (isNew) await settleSearchTexts(db)
    return []
  },
})

function* textsOf(
  papers: Awaited<ReturnType<typeof listUnindexed>>,
  meanLength: number,
): Sliced<{ paperId: number; words: string[] }[]> {
  const texts = []
  for (const paper of papers) {
    texts.push({ paperId: paper.id, words: searchWordsOf({ ...paper, day: paper.listedOn }, meanLength) })
    yield
  }
  return texts
}
