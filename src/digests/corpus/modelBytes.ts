import { pipeline, Readable } from 'node:stream'
import { Deserializer, Serializer } from 'node:v8'
import { createGunzip, gzipSync } from 'node:zlib'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'

/**
 * The form in which corpus models are stored: to be raised whenever the type CorpusModel, or anything it holds, changes. Models of
 * another format are left alone, and one of this format is trained.
 */
export const CORPUS_FORMAT = 5

const KINDS = { Uint8Array, Uint32Array, Int32Array, Float32Array, Float64Array }
type Kind = keyof typeof KINDS
type NumberArray = InstanceType<(typeof KINDS)[Kind]>

/** What comes first in the bytes, after its own length: how long all that follows is. */
interface Contents {
  skeleton: number
  arrays: { kind: Kind; length: number }[]
}

/** Of the length of the contents, a 32 bit number, little-endian. */
const LENGTH_BYTES = 4

/** What V8's serializer lets others do (https://nodejs.org/api/v8.html#class-v8serializer); its types leave it out. */
interface Hooks {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
  _writeHostObject(array: NumberArray): void
}

/**
 * A corpus model as bytes, gzipped, which guards it by a checksum: a table of contents (JSON), the corpus model in V8's structured
 * clone format with numbers in place of its typed arrays, and these arrays one after the other, so that reading needs little
 * more memory than the corpus model has. Takes seconds: not for a process that others wait for.
 */
export function packCorpusModel(corpus: CorpusModel): Buffer {
  const arrays: NumberArray[] = []
  const serializer = new Serializer() as Serializer & Hooks
  serializer._setTreatArrayBufferViewsAsHostObjects(true)
  serializer._writeHostObject = (array) => serializer.writeUint32(arrays.push(array) - 1)
  serializer.writeHeader()
  serializer.writeValue(corpus)
  const skeleton = serializer.releaseBuffer()
  const contents: Contents = {
    skeleton: skeleton.length,
    arrays: arrays.map((array) => ({ kind: kindOf(array), length: array.length })),
  }
  const table = Buffer.from(JSON.stringify(contents))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(table.length)
  return gzipSync(Buffer.concat([length, table, skeleton, ...arrays.map(bytesOf)]), { level: 3 })
}

/** The corpus model that packCorpusModel put into bytes, from any pieces of them. @throws for bytes that are not whole. */
export async function unpackCorpusModel(pieces: AsyncIterable<Buffer>): Promise<CorpusModel> {
  const unzipped = pipeline(
    Readable.from(pieces),
    createGunzip({ chunkSize: 256 * 1024 }),
    // Who reads is told of errors.
    () => {},
  ) as AsyncIterable<Buffer>
  const { fill, end } = subscriberOf(unzipped)
  const length = await fill(Buffer.alloc(LENGTH_BYTES))
  const contents: Contents = JSON.parse(String(await fill(Buffer.alloc(length.readUInt32LE()))))
  const skeleton = await fill(Buffer.alloc(contents.skeleton))
  const arrays = contents.arrays.map(({ kind, length }) => new KINDS[kind](length))
  for (const array of arrays) await fill(bytesOf(array))
  await end()
  const deserializer = new Deserializer(skeleton) as Deserializer & { _readHostObject(): NumberArray }
  deserializer._readHostObject = () => arrays[deserializer.readUint32()]!
  deserializer.readHeader()
  return deserializer.readValue() as CorpusModel
}

/** Reads bytes in order into arrays that are there already. */
function subscriberOf(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]()
  let left: Buffer = Buffer.alloc(0)
  return {
    async fill<Target extends Uint8Array>(target: Target): Promise<Target> {
      for (let at = 0; at < target.length; ) {
        if (left.length === 0) left = (await chunks.next()).value ?? tooShort()
        const taken = left.subarray(0, target.length - at)
        target.set(taken, at)
        at += taken.length
        left = left.subarray(taken.length)
      }
      return target
    },
    /** The checksum stands at the end: before it is read nothing may be believed. @throws where more comes. */
    async end(): Promise<void> {
      const { done } = await chunks.next()
      if (!done || left.length > 0) throw new Error('expected the end of the corpus model, got more')
    },
  }
}

function tooShort(): never {
  throw new Error('expected a whole corpus model, got the end of its bytes')
}

function kindOf(array: NumberArray): Kind {
  const kind = array.constructor.name
  if (kind in KINDS) return kind as Kind
  throw new Error(
    `expected an array of one of ${Object.keys(KINDS).join(', ')} in a corpus model, got ${kind}`,
  )
}

function bytesOf({ buffer, byteOffset, byteLength }: NumberArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
