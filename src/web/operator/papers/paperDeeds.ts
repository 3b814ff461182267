import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import { approveMerges } from '../../../db/papers/mergeViews.ts'
import { findPapers } from '../../../db/papers/papers.ts'
import type { KnownPaper } from '../../../domain.ts'
import { hidePaper, unhidePaper } from '../../../ingest/hidePaper.ts'
import { joinByHand } from '../../../ingest/joinByHand.ts'
import { splitPaper } from '../../../ingest/splitPaper.ts'
import { samePaper } from '../../../papers/likeness/match.ts'
import { authorsLine } from '../../../text/authorsLine.ts'
import { showError } from '../../site/errorPages.ts'
import { field, fields, parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { lineOf } from './mergeRows.ts'

interface IdParams {
  Params: { id: string }
}

/** What a deed did, for the page that follows it. */
export const DONE: Record<string, string> = {
  approved: 'These merges are right, and asked about no more.',
  hidden: 'The paper is hidden: it stands in no list, digest, search or feed.',
  shown: 'The paper is shown again.',
}

/** What an admin may do with papers: split, approve, join, hide. */
export function addPaperDeeds(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  scope.post<IdParams>('/admin/merges/:id/split', write, async (request, reply) => {
    const id = parseId(request.params.id)
    const split = id === undefined ? undefined : await splitPaper(site.db, id, site.now())
    if (split === undefined) return showError(site, request, reply, 404)
    return reply.redirect(`/papers/${split.paperId}`, 303)
  })
  scope.post('/admin/merges/approve', write, async (request, reply) => {
    const ids = fields(request, 'merge').flatMap((text) => parseId(text) ?? [])
    const merges = await approveMerges(site.db, ids, site.now())
    const entry = { at: site.now(), actor: 'admin', action: 'found merges right', details: { merges } }
    if (merges > 0) await insertAudit(site.db, entry)
    return reply.redirect('/admin/papers?done=approved', 303)
  })
  for (const [word, deed, done] of [
    ['hide', hidePaper, 'hidden'],
    ['show', unhidePaper, 'shown'],
  ] as const) {
    scope.post<IdParams>(`/admin/papers/:id/${word}`, write, async (request, reply) => {
      const id = parseId(request.params.id)
      if (id === undefined || (await findPapers(site.db, [id])).length === 0)
        return showError(site, request, reply, 404)
      await deed(site.db, id, site.now())
      const back = field(request, 'back') === 'paper' ? `/papers/${id}` : `/admin/papers?done=${done}`
      return reply.redirect(back, 303)
    })
  }
  scope.get<{ Querystring: { one?: string; other?: string } }>('/admin/papers/join', (request, reply) =>
    showJoin(site, reply, request.query),
  )
  scope.post('/admin/papers/join', write, (request, reply) => join(site, request, reply))
}

/** Two papers side by side, with what speaks for and against their being one. */
async function showJoin(
  site: Site,
  reply: FastifyReply,
  given: { one?: unknown; other?: unknown },
): Promise<FastifyReply> {
  const typed = { one: textOf(given.one), other: textOf(given.other) }
  if (typed.one + typed.other === '') return show(site, reply, 'admin/join', { typed, pair: [] })
  const ids = [parseId(typed.one), parseId(typed.other)] as const
  const papers = await findPapers(
    site.db,
    ids.flatMap((id) => id ?? []),
  )
  const [one, other] = ids.map((id) => papers.find((paper) => paper.id === id))
  const error = errorOf(typed, one, other)
  if (error !== undefined || !one || !other)
    return show(site, reply, 'admin/join', { typed, error, pair: [] }, 422)
  return show(site, reply, 'admin/join', {
    csrf: reply.generateCsrf(),
    typed,
    pair: [one, other].sort((a, b) => a.id - b.id).map(toSide),
    judgement: samePaper(one, other),
  })
}

function errorOf(typed: { one: string; other: string }, one?: KnownPaper, other?: KnownPaper) {
  const missing = one === undefined ? typed.one : other === undefined ? typed.other : undefined
  if (missing !== undefined) return `Expected the number of a stored paper, got "${missing}".`
  return one!.id === other!.id ? `Expected two papers, got paper ${one!.id} twice.` : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 40) : ''
}

function toSide({ id, title, authors, arxivId, doi, year, publishedAt, venue, abstract }: KnownPaper) {
  const shown = abstract === null ? '' : lineOf(abstract)
  return {
    id,
    title: lineOf(title),
    authors: authorsLine(authors),
    arxivId,
    doi,
    year: year ?? publishedAt?.getUTCFullYear(),
    venue: venue === null ? undefined : lineOf(venue),
    abstract: shown.length > 400 ? `${shown.slice(0, 400)}…` : shown,
  }
}

async function join(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [one, other] = [parseId(field(request, 'one')), parseId(field(request, 'other'))]
  const isPair = one !== undefined && other !== undefined && one !== other
  const stays = isPair ? await joinByHand(site.db, [one, other], site.now()) : undefined
  if (stays === undefined) return showError(site, request, reply, 404)
  return reply.redirect(`/papers/${stays}`, 303)
}
