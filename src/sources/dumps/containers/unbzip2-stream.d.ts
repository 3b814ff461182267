/** The package comes without types; this is what is used of it. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  interface Bits {
    (count: number | null): number
    bytesRead: number
  }
  /** Reads bits of the pieces that `next` gives. */
  export default function bitIterator(next: () => Uint8Array): Bits
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type bitIterator from 'unbzip2-stream/lib/bit_iterator.js'

  type Bits = ReturnType<typeof bitIterator>
  const bzip2: {
    /** Reads the header of a stream; gives the size of its blocks in 100 kB. @throws Error. */
    header(bits: Bits): number
    /** Reads a block; gives the checksum so far, or null at the end of the stream. @throws Error. */
    decompress(
      bits: Bits,
      add: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number,
    ): number | null
  }
  export default bzip2
}
