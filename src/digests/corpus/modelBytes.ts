import { pipeline, Readable } from 'node:stream'
import { Deserializer, Serializer } from 'node:v8'
import { createGunzip, gzipSync } from 'node:zlib'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'

/**
 * The format in which corpus models are stored. Raise it whenever the type CorpusModel, or a type in it, changes.
 * Models of other formats are then ignored, and a new one is trained.
 */
export const CORPUS_FORMAT = 9

const KINDS = { Uint8Array, Uint32Array, Int32Array, Float32Array, Float64Array }
type Kind = keyof typeof KINDS
type NumberArray = InstanceType<(typeof KINDS)[Kind]>

/** The table of contents. It comes first in the bytes, after its own length, and gives the lengths of what follows. */
interface Contents {
  skeleton: number
  arrays: { kind: Kind; length: number }[]
}

/** The length of the table of contents is a 32-bit number, little-endian. */
const LENGTH_BYTES = 4

/** Methods of V8's serializer that its types leave out (https://nodejs.org/api/v8.html#class-v8serializer). */
interface Hooks {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
  _writeHostObject(array: NumberArray): void
}

/**
 * Packs a corpus model into gzipped bytes; gzip adds a checksum. The bytes hold a table of contents (JSON), then the
 * model in V8's structured clone format with numbers in place of its typed arrays, then these arrays. So reading needs
 * little more memory than the model itself. This takes seconds and blocks the process.
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

/** Unpacks what packCorpusModel packed. The bytes may come in any pieces. @throws if they are damaged or incomplete. */
export async function unpackCorpusModel(pieces: AsyncIterable<Buffer>): Promise<CorpusModel> {
  const unzipped = pipeline(
    Readable.from(pieces),
    createGunzip({ chunkSize: 256 * 1024 }),
    // The reader gets the errors.
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

/** Fills existing arrays with the bytes, in order. */
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
    /** Reads to the end, where the checksum is. Nothing may be used before. @throws if more bytes come. */
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
