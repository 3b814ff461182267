import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Beside src/ and beside dist/ alike. */
export const TEMPLATES = fileURLToPath(new URL('../../../templates/', import.meta.url))

/** Folders whose files are served under /static/: our own, and what the build copies from packages (scripts/copyAssets.mjs). */
const FOLDERS = [join(TEMPLATES, 'static'), fileURLToPath(new URL('../../../dist/static/', import.meta.url))]
/** What of them is served. */
const SERVED = /^\/(?:paperboy\.css|desk\.css|site\.js|favicon\.svg|htmx\.min\.js|source-[\w-]+\.woff2)$/

const YEAR = 365 * 24 * 60 * 60 * 1000

/** Serves the static files. Browsers keep them for ever, because an address changes with its content. */
export async function addAssets(server: FastifyInstance): Promise<void> {
  await server.register(fastifyStatic, {
    root: FOLDERS,
    prefix: '/static/',
    index: false,
    decorateReply: false,
    maxAge: YEAR,
    immutable: true,
    allowedPath: (path) => SERVED.test(path),
  })
  // Browsers ask for it beside pages that name no icon, such as a digest.
  server.get('/favicon.ico', (_request, reply) => reply.redirect(assetUrl('favicon.svg'), 302))
}

/** The address of a static file, with a hash of its content. */
export function assetUrl(file: string): string {
  const path = FOLDERS.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate))!
  const hash = createHash('sha256').update(readFileSync(path))
  return `/static/${file}?v=${hash.digest('hex').slice(0, 10)}`
}
