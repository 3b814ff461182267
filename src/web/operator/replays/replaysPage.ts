import { createReadStream } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import {
  cancelReplayFile,
  findReplayFile,
  type ReplayFileRow,
  resumeReplayFile,
} from '../../../db/fetching/replayFiles.ts'
import { showError } from '../../site/errorPages.ts'
import { field, parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { addUpload } from '../uploads/receiveUpload.ts'
import { addReplayFile, filesInFolder, showReplays, type Typed, toRow } from './replayFiles.ts'

interface IdParams {
  Params: { id: string }
}

/** Dumps given to the desk, by upload or from REPLAY_DIR: how far they have come, what was rejected, cancel and go on. */
export async function addReplays(scope: FastifyInstance, site: Site): Promise<void> {
  const write = { preHandler: scope.csrfProtection }
  const withFile =
    (deed: (reply: FastifyReply, file: ReplayFileRow) => Promise<FastifyReply>) =>
    async (request: FastifyRequest<IdParams>, reply: FastifyReply) => {
      const id = parseId(request.params.id)
      const file = id === undefined ? undefined : await findReplayFile(site.db, id)
      return file ? deed(reply, file) : showError(site, request, reply, 404)
    }
  const done = async (reply: FastifyReply, id: number, action: string) => {
    await insertAudit(site.db, { at: site.now(), actor: 'admin', action, subject: `replay ${id}` })
    return reply.redirect(`/admin/replays/${id}`, 303)
  }

  scope.get('/admin/replays', (_request, reply) => showReplays(site, reply))
  scope.post('/admin/replays/add', write, (request, reply) => addFromFolder(site, request, reply))
  await addUpload(scope, site, {
    url: '/admin/replays/upload',
    take: (_request, reply, file, fields) =>
      addReplayFile(site, reply, { ...file, is_upload: true }, typedIn(fields)),
    refuse: (_request, reply, error, fields) =>
      showReplays(site, reply, { error, typed: typedIn(fields) }, 422),
  })

  scope.get<IdParams>(
    '/admin/replays/:id',
    withFile(async (reply, file) =>
      show(site, reply, 'admin/replay', { csrf: reply.generateCsrf(), file: toRow(file), now: site.now() }),
    ),
  )
  scope.post<IdParams>(
    '/admin/replays/:id/cancel',
    write,
    withFile(async (reply, { id }) => {
      await cancelReplayFile(site.db, id)
      return done(reply, id, 'cancelled a replay')
    }),
  )
  scope.post<IdParams>(
    '/admin/replays/:id/resume',
    write,
    withFile(async (reply, { id, name }) => {
      const label = `${name} (replay ${id})`
      if (await resumeReplayFile(site.db, id))
        await site.enqueue([{ name: 'replayFile', payload: { fileId: id }, label }])
      return done(reply, id, 'let a replay go on')
    }),
  )
  scope.get<IdParams>('/admin/replays/:id/rejects', async (request, reply) => {
    const id = parseId(request.params.id)
    const path = id === undefined ? null : ((await findReplayFile(site.db, id))?.rejects_path ?? null)
    if (path === null) return showError(site, request, reply, 404)
    reply.header('content-disposition', `attachment; filename="paperboy-replay-${id}.rejects.jsonl"`)
    return reply.type('application/x-ndjson; charset=utf-8').send(createReadStream(path))
  })
}

function typedIn({ listedOn = '', columns = '' }: Record<string, string>): Typed {
  return { listedOn, columns }
}

/** A file of REPLAY_DIR, by the name under which it is listed there: no path leads elsewhere. */
async function addFromFolder(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const typed = { listedOn: field(request, 'listedOn'), columns: field(request, 'columns') }
  const name = field(request, 'file')
  const file = (await filesInFolder(site.config.replayDir)).find((found) => found.name === name)
  if (file === undefined)
    return showReplays(site, reply, { error: `Expected a file of REPLAY_DIR, got "${name}".`, typed }, 422)
  return addReplayFile(site, reply, { ...file, is_upload: false }, typed)
}
