import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { giveFeedback, takeBackFeedback } from '../../subscribers/feedback.ts'
import { contextOf, rowOf } from '../papers/paperRow.ts'
import { showError } from '../site/errorPages.ts'
import { field } from '../site/form.ts'
import { findSignedIn } from '../site/signIn.ts'
import { type Site, show, showMessage } from '../site/site.ts'
import { findStanding, kindOf } from './judgePage.ts'

/** Save, more and less under every paper of every list, for whoever is signed in; the same button takes an answer back. */
export function addSayPage(server: FastifyInstance, site: Site): void {
  server.post<{ Params: { id: string } }>('/papers/:id/say', async (request, reply) => {
    const me = (await findSignedIn(site, request))?.subscriber
    if (!me) return askToSignIn(site, reply)
    const paper = await findStanding(site, request.params.id)
    if (!paper) return showError(site, request, reply, 404)
    const opinion = { subscriberId: me.id, paperId: paper.id }
    const undo = kindOf(field(request, 'undo'))
    const say = kindOf(field(request, 'say'))
    if (undo) await takeBackFeedback(site.db, { ...opinion, kind: undo })
    else if (say && say !== 'opened') await giveFeedback(site.db, { ...opinion, kind: say }, site.now())
    const back = localPath(field(request, 'back'))
    if (!isLive(request)) return reply.redirect(`${back}#p${paper.id}`, 303)
    const knownOf = await contextOf(site, me.id, [paper.id])
    const labelled = field(request, 'labelled') !== ''
    return show(site, reply, 'sayForm', { row: rowOf(paper, { ...knownOf(paper.id) }), back, labelled })
  })
}

/** Whether htmx asks, which puts the answer into the page. */
export function isLive(request: FastifyRequest): boolean {
  return request.headers['hx-request'] === 'true'
}

/** A path of this site to go back to. Anything else is the list of papers: no form may lead to another site. */
function localPath(text: string): string {
  return /^\/(?![/\\])[^\s\\#]*$/.test(text) ? text : '/trending'
}

function askToSignIn(site: Site, reply: FastifyReply): FastifyReply {
  const text =
    'Nothing was stored, because this browser is not signed in (any more). Open the link of a digest, or have one mailed to you.'
  const links = [{ label: 'Mail me a link', url: '/preferences' }]
  return showMessage(site, reply, { title: 'Whose answer is this?', text, links }, 401)
}
