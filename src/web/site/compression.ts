import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Quality 4 of 11: a page a third smaller than with gzip, in a millisecond. By default each answer would take memory for a window of
 * 4 MB, which the allocator keeps afterwards; pages are shorter than these 256 kB.
 */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 },
  // The answer grows in pieces of this size, in bytes.
  chunkSize: 16 * 1024,
}
/** A smaller answer fits into one packet anyway. */
const LEAST_BYTES = 1024
const TEXT = /^(?:text\/|image\/svg|application\/(?:\w+\+)?(?:json|xml|javascript|x-bibtex))/

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/**
 * Compresses what is text and long enough, as the browser accepts it (RFC 9110 §12.5.3). Secrets of a page cannot be guessed from
 * its size: form tokens are masked anew in each page, and no other site can send a visitor's cookies along.
 */
export function addCompression(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const type = reply.getHeader('content-type')
    if (request.method === 'HEAD' || !TEXT.test(String(type)) || reply.hasHeader('content-encoding'))
      return payload
    reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '))
    const encoding = encodingFor(request)
    return encoding === undefined ? payload : compress(reply, payload, encoding)
  })
}

type Encoding = 'br' | 'gzip'

function encodingFor({ headers }: FastifyRequest): Encoding | undefined {
  const accepted = String(headers['accept-encoding'] ?? '')
  return (['br', 'gzip'] as const).find((name) =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted),
  )
}

async function compress(reply: FastifyReply, payload: unknown, encoding: Encoding): Promise<unknown> {
  if (payload instanceof Readable) {
    const compressor = encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip()
    mark(reply, encoding)
    return pipeline(payload, compressor, () => {
      // A reader who goes away ends the stream; there is nobody left to tell.
    })
  }
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
  const bytes = Buffer.byteLength(payload)
  if (bytes < LEAST_BYTES) return payload
  mark(reply, encoding)
  if (encoding === 'gzip') return zip(payload)
  return brotli(payload, {
    ...BROTLI,
    params: { ...BROTLI.params, [constants.BROTLI_PARAM_SIZE_HINT]: bytes },
  })
}

function mark(reply: FastifyReply, encoding: Encoding): void {
  reply.header('content-encoding', encoding).removeHeader('content-length')
}
