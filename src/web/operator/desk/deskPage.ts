import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addDays } from '../../../calendar.ts'
import { insertAudit, listAudit } from '../../../db/audit.ts'
import { readCounts } from '../../../db/counts.ts'
import { listSources } from '../../../db/fetching/sources.ts'
import { setAlertAside } from '../../../db/health/alerts.ts'
import { countDigestsByDay, readSendingPace } from '../../../db/health/digestStates.ts'
import { tryMailNow } from '../../../db/mail/mailPauses.ts'
import { describeModel } from '../../../digests/corpus/currentModel.ts'
import type { LocalDate } from '../../../domain.ts'
import { gatherFacts } from '../../../health/gatherFacts.ts'
import { judge } from '../../../health/verdict.ts'
import { showError } from '../../site/errorPages.ts'
import { field } from '../../site/form.ts'
import { healthSources, type Site, show } from '../../site/site.ts'
import { toDays, toItem, toSource } from './deskView.ts'

const RECENT = 15
const DAYS_OF_DIGESTS = 7

/** What a deed did, for the page that follows it. */
const DONE: Record<string, string> = {
  mail: 'The next mail is tried now.',
  resumed: 'The queue runs again.',
  aside: 'It is off the list until it clears.',
}

/** The operator's first page: what needs a person, the sources, the digests, the queues. */
export function addDesk(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: { done?: string } }>('/admin', (request, reply) => showDesk(site, request, reply))
  const write = { preHandler: scope.csrfProtection }

  scope.post('/admin/alerts/aside', write, async (request, reply) => {
    const { items } = judge(await gatherFacts(healthSources(site)))
    const item = items.find(({ key }) => key === field(request, 'key'))
    if (item === undefined) return showError(site, request, reply, 404)
    const { key, severity, title, reason, since } = item
    await setAlertAside(site.db, { key, severity, title, reason, since }, site.now())
    await noteDeed(site, 'set an alert aside', item.kind)
    return reply.redirect('/admin?done=aside', 303)
  })

  scope.post('/admin/mail/try', write, async (_request, reply) => {
    await tryMailNow(site.db)
    await noteDeed(site, 'let mail be tried at once')
    return reply.redirect('/admin?done=mail', 303)
  })

  scope.post<{ Params: { step: string } }>('/admin/steps/:step/resume', write, async (request, reply) => {
    const known = (await site.queueStates()).some(({ step }) => step === request.params.step)
    if (!known) return showError(site, request, reply, 404)
    await site.resumeQueue(request.params.step)
    await noteDeed(site, 'resumed a queue', `queue ${request.params.step}`)
    return reply.redirect('/admin?done=resumed', 303)
  })
}

function noteDeed(site: Site, action: string, subject?: string): Promise<void> {
  return insertAudit(site.db, { at: site.now(), actor: 'admin', action, ...(subject ? { subject } : {}) })
}

async function showDesk(
  site: Site,
  request: FastifyRequest<{ Querystring: { done?: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const now = site.now()
  const today = now.toISOString().slice(0, 10) as LocalDate
  const facts = await gatherFacts(healthSources(site))
  const { items, aside, well } = judge(facts)
  const [counts, days, pace, all, audit, model] = await Promise.all([
    readCounts(site.db),
    countDigestsByDay(site.db, addDays(today, -(DAYS_OF_DIGESTS - 1))),
    readSendingPace(site.db, today, addDays(today, -1), now),
    listSources(site.db),
    listAudit(site.db, RECENT),
    describeModel(site.db),
  ])
  const ticks =
    'away' in facts.queues ? {} : Object.assign({}, ...facts.queues.map((queue) => queue.nextRuns))
  return show(site, reply, 'admin/desk', {
    csrf: reply.generateCsrf(),
    now,
    today,
    done: DONE[request.query.done ?? ''],
    items: items.map((item) => toItem(item, now)),
    aside,
    well,
    sources: facts.sources.map((source) => toSource(source, ticks, now)),
    replayed: all.filter((source) => source.address === null),
    days: toDays(days, today),
    pace,
    queues: facts.queues,
    counts,
    model,
    audit,
  })
}
