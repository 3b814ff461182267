import { z } from 'zod'
import {
  claimTraining,
  completeModel,
  deleteOldModels,
  dropTraining,
  insertModelPart,
  markModelChecked,
  type StoredModel,
} from '../db/corpus/corpusModels.ts'
import { countPapersWithText, digestPool, listPool, listPoolPapers } from '../db/corpus/poolPapers.ts'
import type { Db } from '../db/engine/connect.ts'
import { currentModel, LEAST_PAPERS } from '../digests/corpus/currentModel.ts'
import { CORPUS_FORMAT } from '../digests/corpus/modelBytes.ts'
import { trainApart } from '../digests/corpus/trainApart.ts'
import { POOL_PAPERS } from '../ranking/corpus/trainCorpusModel.ts'
import { paperOfWords, type RankablePaper } from '../ranking/index/paperIndex.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
/** A little less than a day, so that the hour of training does not move from day to day. */
const REFRESHED_AFTER = 23 * HOUR
/** While there are few papers, each doubling is worth a training. */
const GROWTH = 2
/** Longer than the longest training. A claim of this age was left by a crash. */
const LONGEST_TRAINING = 30 * MINUTE
/** The current model and the one before, for processes that are reading it or cannot read the newer one. */
const KEPT_MODELS = 2
const BATCH = 500

/**
 * Learns from the newest papers what ranking uses: related words, neighbours, LSA vectors. It does nothing if the
 * model is of today, if the texts have not changed, or if another worker is training. A crash leaves no half model: a
 * model counts only when all its parts are stored, and a later tick starts again.
 */
export const trainCorpusModel = defineStep({
  name: 'trainCorpusModel',
  payload: z.object({ tick: z.iso.datetime() }),
  key: ({ tick }) => tick.replace(/\D/g, ''),
  timed: 'tick',
  attempts: 2,
  concurrency: 1,
  async run(_payload, { db, now, log }) {
    const last = (await currentModel(db))?.model
    if (!(await isDue(db, last, now()))) return []
    const ids = await listPool(db, POOL_PAPERS)
    const inputDigest = await digestPool(db, ids)
    if (last?.inputDigest === inputDigest) {
      await markModelChecked(db, last.id, now())
      return []
    }
    const wanted = { format: CORPUS_FORMAT, inputDigest, papers: ids.length }
    const deadline = new Date(now().getTime() - LONGEST_TRAINING)
    const id = await claimTraining(db, wanted, { now: now(), deadline })
    if (id === undefined) return []
    await train(db, id, ids, now).catch(async (error) => {
      await dropTraining(db, id)
      throw error
    })
    log.info({ model: id, papers: ids.length }, 'corpus model trained')
    return []
  },
})

async function isDue(db: Db, last: StoredModel | undefined, now: Date): Promise<boolean> {
  if (last === undefined) return (await countPapersWithText(db, LEAST_PAPERS)) >= LEAST_PAPERS
  if (now.getTime() - last.checkedAt.getTime() >= REFRESHED_AFTER) return true
  const enough = last.papers * GROWTH
  return enough <= POOL_PAPERS && (await countPapersWithText(db, enough)) >= enough
}

async function train(db: Db, id: number, ids: number[], now: Tools['now']): Promise<void> {
  const parts = await trainApart(readPool(db, ids))
  for (const [at, part] of parts.entries()) await insertModelPart(db, id, at, part)
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  await completeModel(db, id, { parts: parts.length, bytes, at: now() })
  await deleteOldModels(db, KEPT_MODELS)
}

async function* readPool(db: Db, ids: number[]): AsyncGenerator<RankablePaper[]> {
  for (let from = 0; from < ids.length; from += BATCH) {
    const papers = await listPoolPapers(db, ids.slice(from, from + BATCH))
    // Authors and upvotes teach nothing about words.
    yield papers.map(paperOfWords)
  }
}
