import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { size } from '../../../text/quantities.ts'
import { showError } from '../../site/errorPages.ts'
import type { Site } from '../../site/site.ts'

/** An upload may take this share of what is free on the disk of DATA_DIR. */
const SHARE_OF_DISK = 0.5

/** A file that a browser sent, in DATA_DIR/uploads under a name of ours. */
export interface Uploaded {
  /** As the browser calls it: a label only. */
  name: string
  path: string
  bytes: number
}

export interface UploadPage {
  url: string
  /** The name of the stored file begins so. */
  prefix?: string
  /** What follows once the file is stored. `typed`: the form's fields before the file. */
  take(
    request: FastifyRequest,
    reply: FastifyReply,
    file: Uploaded,
    typed: Record<string, string>,
  ): Promise<FastifyReply>
  /** The form again, with what is wrong. */
  refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    error: string,
    typed: Record<string, string>,
  ): Promise<FastifyReply>
}

/** Takes a file from a browser into DATA_DIR, byte by byte. */
export async function addUpload(scope: FastifyInstance, site: Site, page: UploadPage): Promise<void> {
  await scope.register(async (uploads) => {
    const free = await statfs(site.config.dataDir).catch(() => undefined)
    const fileSize = free === undefined ? Number.POSITIVE_INFINITY : free.bavail * free.bsize * SHARE_OF_DISK
    await uploads.register(multipart, { limits: { files: 1, fields: 6, fileSize } })
    uploads.post(page.url, { config: { takesLong: true } }, (request, reply) =>
      receive(site, uploads, page, request, reply),
    )
  })
}

async function receive(
  site: Site,
  uploads: FastifyInstance,
  page: UploadPage,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!request.isMultipart()) return showError(site, request, reply, 400)
  const typed: Record<string, string> = {}
  for await (const part of request.parts()) {
    if (part.type !== 'file') {
      typed[part.fieldname] = typeof part.value === 'string' ? part.value.slice(0, 2000) : ''
      continue
    }
    // The form's own fields come before the file: nobody fills the disk without its token.
    request.body = { _csrf: typed._csrf }
    if (!hasToken(uploads, request, reply)) return reply
    const stored = await store(site, part, page.prefix ?? '')
    if ('error' in stored) return page.refuse(request, reply, stored.error, typed)
    return page.take(request, reply, stored, typed)
  }
  return page.refuse(request, reply, 'Expected a file, got none.', typed)
}

/** Whether the form's token fits; if not, the answer is sent. */
function hasToken(uploads: FastifyInstance, request: FastifyRequest, reply: FastifyReply): boolean {
  let fits = false
  uploads.csrfProtection(request, reply, () => {
    fits = true
  })
  return fits
}

async function store(site: Site, part: MultipartFile, prefix: string): Promise<Uploaded | { error: string }> {
  const folder = uploadFolder(site)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${prefix}${randomUUID()}`)
  try {
    await pipeline(part.file, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  const { size: bytes } = await stat(path)
  if (!part.file.truncated && bytes > 0) return { name: nameOf(part.filename), path, bytes }
  await rm(path, { force: true })
  const error = part.file.truncated
    ? `Expected a file that fits on half of the free disk, got more than ${size(bytes)}; copy it to the server instead.`
    : 'Expected a file with something in it, got none or an empty one.'
  return { error }
}

/** Where uploads are stored. */
export function uploadFolder(site: Site): string {
  return resolve(site.config.dataDir, 'uploads')
}

/** A label only: the file is stored under a name of ours. A date in it tells the day of a dump's listing. */
function nameOf(given: string): string {
  return given.split(/[\\/]/).at(-1)!.slice(0, 200) || 'upload'
}
