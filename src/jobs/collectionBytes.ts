import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { gunzip, gzipSync } from 'node:zlib'
import type { Collection } from '../ranking/collection.ts'
import type { PaperIndex } from '../ranking/paperIndex.ts'

/**
 * The form in which collections are stored: to be raised whenever the type Collection, or anything it holds, changes. Models of
 * another format are left alone, and one of this format is trained.
 */
export const COLLECTION_FORMAT = 1

const decompress = promisify(gunzip)

/**
 * A collection as bytes: V8's structured clone (https://nodejs.org/api/v8.html#serialization-api), which keeps maps, typed
 * arrays and circles, gzipped, which guards it by a checksum. Takes seconds: not for a thread that others wait for.
 */
export function packCollection(collection: Collection): Buffer {
  const { index } = collection
  const { statistics: _function, ...data } = index
  const plain = { ...data } as PaperIndex
  if (index.neighbourhood) plain.neighbourhood = { ...index.neighbourhood, pool: plain }
  const packed: Collection = { ...collection, index: plain, expansions: new Map() }
  plain.collection = packed
  plain.matches = new Map()
  return gzipSync(serialize(packed), { level: 3 })
}

/** The collection that packCollection put into bytes. @throws for bytes that are not whole. */
export async function unpackCollection(bytes: Buffer): Promise<Collection> {
  const collection = deserialize(await decompress(bytes)) as Collection
  const { terms, inverted, papers } = collection.index
  const documentFrequency = (stem: string): number => {
    const term = terms.get(stem)
    return term === undefined ? 0 : inverted.starts[term + 1]! - inverted.starts[term]!
  }
  collection.index.statistics = { papers: papers.length, documentFrequency }
  return collection
}
