import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { latestDayAt } from '../../calendar.ts'
import { listPapersOf } from '../../db/papers/paperLists.ts'
import { latestDay } from '../../db/papers/sightings.ts'
import { requestSignUp } from '../../subscribers/mailRequests.ts'
import {
  DEFAULTS,
  type FieldError,
  parseEmail,
  parsePreferences,
  type TypedTopic,
} from '../../subscribers/preferences.ts'
import { rowOf } from '../papers/paperRow.ts'
import { showBusy } from '../site/errorPages.ts'
import { field, showErrors, topicRows, withBlankRows } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'
import { zoneGroups } from '../site/timeZones.ts'

const PREVIEWED = 5
const ROWS = 3
const CHECK_MAIL = '/check-mail'

/** Sign-ups per client address; what one mailbox gets is limited in src/subscribers/subscribing.ts. */
const SIGN_UPS = { max: 10, timeWindow: '10 minutes' }

/** The front page with the sign-up form, the sign-up itself, and the page that says to check the mail. */
export function addLandingPage(server: FastifyInstance, site: Site): void {
  server.get('/', (_request, reply) => showLanding(site, reply, BLANK, []))
  server.get(CHECK_MAIL, (_request, reply) =>
    show(site, reply, 'checkMail', { mailFrom: site.config.mailFrom }),
  )
  server.post(
    '/subscribe',
    { preHandler: server.csrfProtection, config: { rateLimit: SIGN_UPS } },
    (request, reply) => subscribe(site, request, reply),
  )
}

interface TypedSignUp {
  email: string
  topics: TypedTopic[]
  timeZone: string
  sendAt: string
}

const BLANK: TypedSignUp = { email: '', topics: [], timeZone: DEFAULTS.timeZone, sendAt: DEFAULTS.sendAt }

async function subscribe(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // People do not see this field: who fills it in is a program, and gets the same answer.
  if (field(request, 'website') !== '') return reply.redirect(CHECK_MAIL, 303)
  const typed: TypedSignUp = {
    email: field(request, 'email'),
    topics: topicRows(request),
    timeZone: field(request, 'timeZone'),
    sendAt: field(request, 'sendAt'),
  }
  const email = parseEmail(typed.email)
  const weekdays = DEFAULTS.weekdays.map(String)
  const preferences = parsePreferences({ ...typed, weekdays, maxPapers: `${DEFAULTS.maxPapers}` })
  if ('errors' in email || 'errors' in preferences) {
    const errors = [email, preferences].flatMap((parsed) => ('errors' in parsed ? parsed.errors : []))
    return showLanding(site, reply, typed, errors)
  }
  const next = await requestSignUp(site.context, email.values, preferences.values)
  if (next === undefined) return showBusy(site, reply)
  await site.enqueue(next)
  return reply.redirect(CHECK_MAIL, 303)
}

async function showLanding(
  site: Site,
  reply: FastifyReply,
  typed: TypedSignUp,
  errors: FieldError[],
): Promise<FastifyReply> {
  const day = await latestDay(site.db, latestDayAt(site.now()))
  const newest = { from: day ?? '', to: day ?? '', order: 'votes', limit: PREVIEWED, offset: 0 } as const
  const { papers, total } = day ? await listPapersOf(site.db, newest) : { papers: [], total: 0 }
  const data = {
    csrf: reply.generateCsrf(),
    typed: { ...typed, topics: withBlankRows(typed.topics, ROWS) },
    errors: showErrors(errors, typed.topics),
    zones: zoneGroups(typed.timeZone),
    day,
    listed: total,
    papers: papers.map((paper) => rowOf(paper, paper)),
  }
  return show(site, reply, 'landing', data, errors.length > 0 ? 422 : 200)
}
