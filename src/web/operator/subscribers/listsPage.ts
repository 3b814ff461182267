import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PermanentError, reasonOf } from '../../../errors.ts'
import type { DirectoryQuery } from '../../../subscribers/directory.ts'
import { exportList } from '../../../subscribers/lists/exportList.ts'
import { importList, isTaken, type Verdict } from '../../../subscribers/lists/importList.ts'
import { openList } from '../../../subscribers/lists/readList.ts'
import { maskAddress } from '../../../text/maskAddress.ts'
import { showError } from '../../site/errorPages.ts'
import { field } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { addUpload, uploadFolder } from '../uploads/receiveUpload.ts'

const DAY = 24 * 60 * 60 * 1000
const PREFIX = 'list-'
/** Lines that a page shows. */
const SHOWN = 300
const SHOWN_TAKEN = 50

interface FileParams {
  Params: { file: string }
  Querystring: { consent?: string }
}

/** Lists of subscribers in and out. A list is looked at first; it is written only when the operator has seen what becomes of each row. */
export async function addLists(
  scope: FastifyInstance,
  site: Site,
  queryOf: (given: Record<string, unknown>) => Omit<DirectoryQuery, 'limit' | 'before'>,
): Promise<void> {
  const write = { preHandler: scope.csrfProtection }
  const at = (path: string) => path.slice(uploadFolder(site).length + 1 + PREFIX.length)

  scope.get('/admin/subscribers/import', (_request, reply) => showForm(site, reply))
  await addUpload(scope, site, {
    url: '/admin/subscribers/import',
    prefix: PREFIX,
    take: async (_request, reply, file, { consent = '' }) => {
      await removeOldLists(site)
      const refusal = await refusalOf(file.path)
      if (refusal !== undefined) {
        await rm(file.path, { force: true })
        return showForm(site, reply, { error: refusal, typed: { consent } }, 422)
      }
      return reply.redirect(
        `/admin/subscribers/import/${at(file.path)}?${new URLSearchParams({ consent: consent.trim() })}`,
        303,
      )
    },
    refuse: (_request, reply, error, typed) => showForm(site, reply, { error, typed }, 422),
  })
  scope.get<FileParams>('/admin/subscribers/import/:file', async (request, reply) => {
    const { consent } = request.query
    return showList(site, request, reply, typeof consent === 'string' ? consent : '', true)
  })
  scope.post<FileParams>('/admin/subscribers/import/:file', write, (request, reply) =>
    showList(site, request, reply, field(request, 'consent'), false),
  )
  scope.post<FileParams>('/admin/subscribers/import/:file/drop', write, async (request, reply) => {
    const path = await findList(site, request.params.file)
    if (path !== undefined) await rm(path, { force: true })
    return reply.redirect('/admin/subscribers', 303)
  })
  // Addresses leave the house: it is a form, and it is in the audit.
  scope.post('/admin/subscribers/export', write, async (request, reply) => {
    const query = queryOf(request.body as Record<string, unknown>)
    const day = site.now().toISOString().slice(0, 10)
    reply.header('content-disposition', `attachment; filename="paperboy-subscribers-${day}.csv"`)
    return reply
      .type('text/csv; charset=utf-8')
      .send(Readable.from(exportList(site.context, query, 'admin'), { objectMode: false }))
  })
}

async function showForm(
  site: Site,
  reply: FastifyReply,
  more: { error?: string; typed?: Record<string, string> } = {},
  status = 200,
): Promise<FastifyReply> {
  const data = { csrf: reply.generateCsrf(), error: more.error, consent: more.typed?.consent ?? '' }
  return show(site, reply, 'admin/import', data, status)
}

/** Shows what becomes of each row, or does it; the list is deleted once it is taken whole. */
async function showList(
  site: Site,
  request: FastifyRequest<FileParams>,
  reply: FastifyReply,
  consent: string,
  dryRun: boolean,
): Promise<FastifyReply> {
  const path = await findList(site, request.params.file)
  if (path === undefined) return showError(site, request, reply, 404)
  try {
    const { ignored, verdicts } = await importList(site.context, createReadStream(path), {
      actor: 'admin',
      consent,
      dryRun,
      takesUtf8: site.takesUtf8,
      enqueue: site.enqueue,
    })
    const summary = await summarise(verdicts)
    if (!dryRun) await rm(path, { force: true })
    const { file } = request.params
    return show(site, reply, 'admin/imported', {
      csrf: reply.generateCsrf(),
      file,
      consent,
      dryRun,
      ignored,
      ...summary,
    })
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    if (!dryRun) await rm(path, { force: true })
    return showForm(site, reply, { error: refused(error), typed: { consent } }, 422)
  }
}

const refused = (error: unknown) => `The list: ${reasonOf(error)}.`

/** Why a file is no list of subscribers, by its header; undefined if it may be one. */
async function refusalOf(path: string): Promise<string | undefined> {
  const bytes = createReadStream(path)
  try {
    await openList(bytes)
    return undefined
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    return refused(error)
  } finally {
    bytes.destroy()
  }
}

async function summarise(verdicts: AsyncGenerator<Verdict[]>) {
  const counts: Record<string, number> = {}
  const taken: Verdict[] = []
  const left: Verdict[] = []
  let takenCount = 0
  let leftCount = 0
  for await (const batch of verdicts) {
    for (const verdict of batch) {
      counts[verdict.outcome] = (counts[verdict.outcome] ?? 0) + 1
      const isIn = isTaken(verdict)
      if (isIn) takenCount += 1
      else leftCount += 1
      const [list, most] = isIn ? [taken, SHOWN_TAKEN] : [left, SHOWN]
      if (list.length < most) list.push({ ...verdict, email: shownAddress(verdict.email) })
    }
  }
  return { counts, taken, left, takenCount, leftCount }
}

/** Masked like everywhere; what is no address is shown as it is, so that it can be found in the file. */
function shownAddress(email: string): string {
  return email.includes('@') ? maskAddress(email) : email.slice(0, 60)
}

/** The stored list of an address; undefined if it is gone, or the text is no name of one. */
async function findList(site: Site, file: string): Promise<string | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(file)) return undefined
  const path = join(uploadFolder(site), `${PREFIX}${file}`)
  return (await stat(path).catch(() => undefined)) ? path : undefined
}

/** Lists that nobody decided about hold addresses: they go after a day. */
async function removeOldLists(site: Site): Promise<void> {
  const folder = uploadFolder(site)
  for (const name of await readdir(folder)) {
    const found = name.startsWith(PREFIX) ? await stat(join(folder, name)).catch(() => undefined) : undefined
    if (found && site.now().getTime() - found.mtimeMs > DAY) await rm(join(folder, name), { force: true })
  }
}
