import { listModels, readModelParts, type StoredModel } from '../../db/corpus/collectionModels.ts'
import type { Db } from '../../db/engine/connect.ts'
import type { Collection } from '../../ranking/corpus/collection.ts'
import { COLLECTION_FORMAT, unpackCollection } from './collectionBytes.ts'

/** With fewer papers, a paper's neighbours and the meaning of words are chance: ranking does without. */
export const LEAST_PAPERS = 500

/** A collection with the version of the model it came from. */
export interface CurrentModel {
  model: StoredModel
  collection: Collection
}

/**
 * The newest model as people are told of it, without loading it; undefined where there is none yet.
 */
export async function describeModel(db: Db): Promise<StoredModel | undefined> {
  return (await listModels(db, COLLECTION_FORMAT))[0]
}

type Loaded = Promise<Collection | undefined>

/** What this process has loaded of each database: the model in use, and those that could not be read. */
interface Shelf {
  loading: Map<number, Loaded>
  broken: Set<number>
}

const shelves = new WeakMap<Db, Shelf>()

/** What ranking has learned from the papers so far, from its newest whole model; undefined where there is none yet. */
export async function currentCollection(db: Db): Promise<Collection | undefined> {
  return (await currentModel(db))?.collection
}

/**
 * The newest model that can be read. Loaded once per process and version; every call asks the database, in one small query,
 * whether there is a newer one.
 */
export async function currentModel(db: Db): Promise<CurrentModel | undefined> {
  const shelf = shelves.get(db) ?? { loading: new Map(), broken: new Set() }
  shelves.set(db, shelf)
  for (const model of await listModels(db, COLLECTION_FORMAT)) {
    const collection = await load(db, shelf, model)
    if (collection !== undefined) return { model, collection }
  }
  return undefined
}

function load(db: Db, shelf: Shelf, model: StoredModel): Loaded {
  const { id } = model
  if (shelf.broken.has(id)) return Promise.resolve(undefined)
  const known = shelf.loading.get(id)
  if (known !== undefined) return known
  const loading = read(db, shelf, model)
  // One collection is held at a time: who still uses the one before keeps it alive.
  shelf.loading = new Map([[id, loading]])
  loading.catch(() => shelf.loading.delete(id))
  return loading
}

/** Undefined, for good, for a model whose bytes are not whole. @throws where the database cannot be read: it is asked again. */
async function read(db: Db, shelf: Shelf, model: StoredModel): Loaded {
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
    return await unpackCollection(parts())
  } catch {
    if (trouble !== undefined) throw trouble
    shelf.broken.add(model.id)
    return undefined
  }
}
