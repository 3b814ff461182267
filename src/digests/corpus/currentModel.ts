import { keepPromise, keptFor, newPromiseCache, type PromiseCache } from '../../caching.ts'
import { listModels, readModelParts, type StoredModel } from '../../db/corpus/corpusModels.ts'
import type { Db } from '../../db/engine/connect.ts'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'
import { CORPUS_FORMAT, unpackCorpusModel } from './modelBytes.ts'
import { starterModel } from './starter.ts'

/** With fewer papers than this, neighbours and related words would be chance. Ranking then uses the starter model. */
export const LEAST_PAPERS = 500

/** A corpus model with the version of the model it came from. */
export interface CurrentModel {
  model: StoredModel
  corpus: CorpusModel
}

/** Facts about the newest model, read without loading it. Undefined if there is no model yet. */
export async function describeModel(db: Db): Promise<StoredModel | undefined> {
  return (await listModels(db, CORPUS_FORMAT))[0]
}

/** What this process has loaded of a database: the model in use, and the ids of those that cannot be read. */
interface Cache {
  loading: PromiseCache<number, CorpusModel | undefined>
  broken: Set<number>
}

/** One model is held at a time. The model before it is freed when nothing uses it any more. */
const cacheOf = keptFor((_db: Db): Cache => ({ loading: newPromiseCache(1), broken: new Set() }))

/** The newest complete corpus model; the starter model if there is none yet. */
export async function currentCorpusModel(db: Db): Promise<CorpusModel> {
  return (await currentModel(db))?.corpus ?? starterModel()
}

/**
 * The newest model that can be read. Loaded once per process and version; every call asks the database, in one small query,
 * whether there is a newer one.
 */
export async function currentModel(db: Db): Promise<CurrentModel | undefined> {
  const { loading, broken } = cacheOf(db)
  for (const model of await listModels(db, CORPUS_FORMAT)) {
    if (broken.has(model.id)) continue
    const corpus = await keepPromise(loading, model.id, () => read(db, model))
    if (corpus !== undefined) return { model, corpus }
  }
  return undefined
}

/**
 * Loads a model. Gives undefined, now and later, if its bytes are damaged. @throws if the database cannot be read; the
 * next call tries again.
 */
async function read(db: Db, model: StoredModel): Promise<CorpusModel | undefined> {
  let trouble: unknown
  const parts = async function* () {
    try {
      yield* readModelParts(db, model)
    } catch (error) {
      trouble = error
      throw error
    }
  }
  try {
    return await unpackCorpusModel(parts())
  } catch {
    if (trouble !== undefined) throw trouble
    cacheOf(db).broken.add(model.id)
    return undefined
  }
}
