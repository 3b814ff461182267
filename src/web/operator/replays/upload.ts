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
import { addReplayFile, showReplays, type Typed } from './replayFiles.ts'

/** An upload may take this share of what is free on the disk of DATA_DIR. */
const SHARE_OF_DISK = 0.5

/** Takes a dump from a browser into DATA_DIR, byte by byte, and has it replayed. */
export async function addUpload(scope: FastifyInstance, site: Site): Promise<void> {
  await scope.register(async (uploads) => {
    const free = await statfs(site.config.dataDir).catch(() => undefined)
    const fileSize = free === undefined ? Number.POSITIVE_INFINITY : free.bavail * free.bsize * SHARE_OF_DISK
    await uploads.register(multipart, { limits: { files: 1, fields: 6, fileSize } })
    uploads.post('/admin/replays/upload', { config: { takesLong: true } }, (request, reply) =>
      takeUpload(site, uploads, request, reply),
    )
  })
}

async function takeUpload(
  site: Site,
  uploads: FastifyInstance,
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
    return takeFile(site, part, { listedOn: typed.listedOn ?? '', columns: typed.columns ?? '' }, reply)
  }
  return showReplays(site, reply, { error: 'Expected a file, got none.' }, 422)
}

/** Whether the form's token fits; if not, the answer is sent. */
function hasToken(uploads: FastifyInstance, request: FastifyRequest, reply: FastifyReply): boolean {
  let fits = false
  uploads.csrfProtection(request, reply, () => {
    fits = true
  })
  return fits
}

async function takeFile(
  site: Site,
  part: MultipartFile,
  typed: Typed,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const folder = resolve(site.config.dataDir, 'uploads')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, randomUUID())
  try {
    await pipeline(part.file, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  const { size: bytes } = await stat(path)
  const wrong = part.file.truncated
    ? `Expected a file that fits on half of the free disk, got more than ${size(bytes)}; copy it to REPLAY_DIR.`
    : bytes === 0
      ? 'Expected a file with something in it, got none or an empty one.'
      : undefined
  if (wrong === undefined) {
    const file = { name: nameOf(part.filename), path, bytes, is_upload: true }
    return addReplayFile(site, reply, file, typed)
  }
  await rm(path, { force: true })
  return showReplays(site, reply, { error: wrong, typed }, 422)
}

/** A label only: the file is stored under a name of ours. A date in it tells the day of the listing. */
function nameOf(given: string): string {
  return given.split(/[\\/]/).at(-1)!.slice(0, 200) || 'upload'
}
