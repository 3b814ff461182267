import { PermanentError, reasonOf } from '../errors.ts'

/** Pixels, for a place of half that width on screens of double density. */
const WIDTH = 240
const HEIGHT = 136
/** A small file can claim to be a picture of any size. */
const MOST_PIXELS = 40_000_000

/** The first bytes of PNG, JPEG, GIF and WebP files. Others, such as SVG, can refer to other files and are not read. */
const SIGNATURES = [/^\x89PNG\r\n\x1a\n/, /^\xff\xd8\xff/, /^GIF8[79]a/, /^RIFF[\s\S]{4}WEBP/]

/**
 * Makes a picture small: WebP, 240 by 136 pixels, cut at its edges, without metadata; the first frame of an animated one.
 * @throws PermanentError if the bytes are no picture, or pictures cannot be read on this machine.
 */
export async function makeThumbnail(bytes: Buffer): Promise<Buffer> {
  const start = bytes.subarray(0, 16).toString('latin1')
  if (!SIGNATURES.some((signature) => signature.test(start)))
    throw new PermanentError('expected a PNG, JPEG, GIF or WebP picture, got other bytes')
  const { default: sharp } = await openSharp()
  try {
    return await sharp(bytes, { limitInputPixels: MOST_PIXELS, pages: 1 })
      .rotate()
      .resize(WIDTH, HEIGHT, { fit: 'cover', position: 'top' })
      .webp({ quality: 70 })
      .toBuffer()
  } catch (error) {
    throw new PermanentError(`expected a picture that can be read, got one that cannot: ${reasonOf(error)}`)
  }
}

async function openSharp() {
  try {
    return await import('sharp')
  } catch (error) {
    throw new PermanentError('expected the optional package sharp, it is not installed: npm install sharp', {
      cause: error,
    })
  }
}
