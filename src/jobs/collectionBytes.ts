import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { gunzip, gzipSync } from 'node:zlib'
import type { Collection } from '../ranking/collection.ts'

/**
 * The form in which collections are stored: to be raised whenever the type Collection, or anything it holds, changes. Models of
 * another format are left alone, and one of this format is trained.
 */
export const COLLECTION_FORMAT = 1

const decompress = promisify(gunzip)

/**
 * A collection as bytes: V8's structured clone (https://nodejs.org/api/v8.html#serialization-api), which keeps maps, typed
 * arrays and circles, gzipped, which guards it by a checksum. Takes seconds: not for a process that others wait for.
 */
export function packCollection(collection: Collection): Buffer {
  return gzipSync(serialize(collection), { level: 3 })
}

/** The collection that packCollection put into bytes. @throws for bytes that are not whole. */
export async function unpackCollection(bytes: Buffer): Promise<Collection> {
  return deserialize(await decompress(bytes)) as Collection
}
