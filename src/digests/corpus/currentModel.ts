import { listModels, readModelParts, type StoredModel } from '../../db/corpus/corpusModels.ts'
import type { Db } from '../../db/engine/connect.ts'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'
import { CORPUS_FORMAT, unpackCorpusModel } from './modelBytes.ts'

/** With fewer papers, a paper's neighbours and the meaning of words are chance: ranking does without. */
export const LEAST_PAPERS = 500

/** A corpus model with the version of the model it came from. */
export interface CurrentModel {
  model: StoredModel
  corpus: CorpusModel
}

/**
 * The newest model as people are told of it, without loading it; undefined where there is none yet.
 */
export async function describeModel(db: Db): Promise<StoredModel | undefined> {
  return (await listModels(db, CORPUS_FORMAT))[0]
}

type Loaded = Promise<CorpusModel | undefined>

/** What this process has loaded of each database: the model in use, and those that could not be read. */
interface Cache {
  loading: Map<number, Loaded>
  broken: Set<number>
}

const caches = new WeakMap<Db, Cache>()

/** What ranking has learned from the papers so far, from its newest whole model; undefined where there is none yet. */
export async function currentCorpusModel(db: Db): Promise<CorpusModel | undefined> {
  return (await currentModel(db))?.corpus
}

/**
 * The newest model that can be read. Loaded once per process and version; every call asks the database, in one small query,
 * whether there is a newer one.
 */
export async function currentModel(db: Db): Promise<CurrentModel | undefined> {
  const cache = caches.get(db) ?? { loading: new Map(), broken: new Set() }
  caches.set(db, cache)
  for (const model of await listModels(db, CORPUS_FORMAT)) {
    const corpus = await load(db, cache, model)
    if (corpus !== undefined) return { model, corpus }
  }
  return undefined
}

function load(db: Db, cache: Cache, model: StoredModel): Loaded {
  const { id } = model
  if (cache.broken.has(id)) return Promise.resolve(undefined)
  const known = cache.loading.get(id)
  if (known !== undefined) return known
  const loading = read(db, cache, model)
  // One corpus model is held at a time: who still uses the one before keeps it alive.
  cache.loading = new Map([[id, loading]])
  loading.catch(() => cache.loading.delete(id))
  return loading
}

/** Undefined, for good, for a model whose bytes are not whole. @throws where the database cannot be read: it is asked again. */
async function read(db: Db, cache: Cache, model: StoredModel): Loaded {
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
    cache.broken.add(model.id)
    return undefined
  }
}
