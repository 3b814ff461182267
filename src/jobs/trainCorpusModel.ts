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
/** A little less than a day, so that the hour does not move on from day to day. */
const REFRESHED_AFTER = 23 * HOUR
/** Until there are many papers, each doubling of them is worth a training. */
const GROWTH = 2
/** Longer than the longest training: what is in training for so long, a crash left. */
const LONGEST_TRAINING = 30 * MINUTE
/** The current one, and the one before for processes that read it just now, or cannot read the newer. */
const KEPT_MODELS = 2
const BATCH = 500

/**
 * Learns from the newest papers what ranking uses: related words, neighbours, meaning. Does nothing where the model is of today,
 * where the texts are those it was learned from, or where another worker is at it. A crash leaves no half model: it counts only
 * when all its parts are stored, and a later tick begins anew.
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
    log.info({ model: id, papers: ids.length }, 'corpus trained')
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
    // Who wrote a paper and how it fared teaches nothing about words.
    yield papers.map(paperOfWords)
  }
}
