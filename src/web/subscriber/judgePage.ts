import type { FastifyInstance, FastifyReply } from 'fastify'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { findJoinedTo } from '../../db/papers/paperMerges.ts'
import { findShownPaper } from '../../db/papers/papers.ts'
import type { FeedbackKind, Paper } from '../../domain.ts'
import { giveFeedback, listFeedback, takeBackFeedback } from '../../subscribers/feedback.ts'
import { authorsLine } from '../../text/authorsLine.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { showError } from '../site/errorPages.ts'
import { field, parseId } from '../site/form.ts'
import { type Site, show, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink } from './links.ts'

interface JudgeParams {
  Params: { token: string; id: string }
}

/** The answers a subscriber can give, with what the button says and what the page says once it is stored. */
const ANSWERS: { say: FeedbackKind; button: string; stored: string }[] = [
  { say: 'more', button: 'More like this', stored: 'You want more like this.' },
  { say: 'less', button: 'Less like this', stored: 'You want less like this.' },
  { say: 'saved', button: 'Save', stored: 'You saved this paper.' },
]
const KINDS: FeedbackKind[] = ['more', 'less', 'saved', 'opened']

/**
 * Where the links under a mail's papers lead. Opening one changes nothing, as link scanners open every link; the
 * buttons store, and what is stored can be taken back on the same page.
 */
export function addJudgePages(server: FastifyInstance, site: Site): void {
  server.get<JudgeParams & { Querystring: { say?: unknown; done?: unknown } }>(
    '/preferences/:token/papers/:id',
    async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const paper = await findStanding(site, request.params.id)
      if (!paper) return showError(site, request, reply, 404)
      const home = `/preferences/${request.params.token}`
      const { say: asked, done } = request.query
      return showJudge(site, reply, { home, paper, subscriber: holder.subscriber, asked, done })
    },
  )

  server.post<JudgeParams>('/preferences/:token/papers/:id', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const paper = await findStanding(site, request.params.id)
    if (!paper) return showError(site, request, reply, 404)
    const undo = kindOf(field(request, 'undo'))
    const say = kindOf(field(request, 'say'))
    const opinion = { subscriberId: holder.subscriber.id, paperId: paper.id }
    if (undo) await takeBackFeedback(site.db, { ...opinion, kind: undo })
    else if (!say) return showUnknownAnswer(site, reply)
    else if (say !== 'opened' || holder.subscriber.counts_opens)
      await giveFeedback(site.db, { ...opinion, kind: say }, site.now())
    const page = `/preferences/${request.params.token}/papers/${paper.id}`
    if (undo) return reply.redirect(`${page}?done=undone`, 303)
    return reply.redirect(say === 'opened' ? `/papers/${paper.id}` : page, 303)
  })
}

export function kindOf(text: string): FeedbackKind | undefined {
  return KINDS.find((kind) => kind === text)
}

/** The paper of this number; of one that was joined to another, that one. */
export async function findStanding(site: Site, text: string): Promise<Paper | undefined> {
  const id = parseId(text)
  if (id === undefined) return undefined
  return (
    (await findShownPaper(site.db, id)) ??
    findShownPaper(site.db, (await findJoinedTo(site.db, [id])).get(id) ?? 0)
  )
}

async function showJudge(
  site: Site,
  reply: FastifyReply,
  on: { home: string; paper: Paper; subscriber: SubscriberRow; asked: unknown; done: unknown },
): Promise<FastifyReply> {
  const feedback = await listFeedback(site.db, on.subscriber.id)
  const said = new Set(feedback.filter(({ paperId }) => paperId === on.paper.id).map(({ kind }) => kind))
  const open = ANSWERS.filter(({ say }) => !said.has(say))
  return show(site, reply, 'judge', {
    home: on.home,
    id: on.paper.id,
    title: displayLine(texToUnicode(on.paper.title)),
    authors: authorsLine(on.paper.authors),
    undone: on.done === 'undone',
    countsOpens: on.subscriber.counts_opens,
    stored: ANSWERS.filter(({ say }) => said.has(say)),
    // The one that was asked for stands first.
    answers: [...open.filter(({ say }) => say === on.asked), ...open.filter(({ say }) => say !== on.asked)],
  })
}

function showUnknownAnswer(site: Site, reply: FastifyReply): FastifyReply {
  const text = 'Expected one of more, less, saved and opened; go back and use a button of the page.'
  return showMessage(site, reply, { title: 'That answer is not known here', text }, 422)
}
