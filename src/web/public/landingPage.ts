import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { latestDayAt } from '../../calendar.ts'
import { latestDay } from '../../db/papers/sightings.ts'
import { startingPoints } from '../../digests/startingPoints.ts'
import { requestSignUp } from '../../subscribers/mailRequests.ts'
import {
  DEFAULTS,
  type FieldError,
  parseEmail,
  parsePreferences,
  type TypedTopic,
  unmailable,
} from '../../subscribers/preferences.ts'
import { viewInsights, viewPreview } from '../papers/tuneView.ts'
import { showBusy } from '../site/errorPages.ts'
import { field, showErrors, topicRows } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'
import { ZONE_NAMES, zoneNamed } from '../site/timeZones.ts'

/** Papers of the digest that stands beside the form. */
const PREVIEWED = 6
const CHECK_MAIL = '/check-mail'

/** Sign-ups per client address; what one mailbox gets is limited in src/subscribers/subscribing.ts. */
const SIGN_UPS = { max: 10, timeWindow: '10 minutes' }

/** The front page with the sign-up form, the sign-up itself, and the page that says to check the mail. */
export function addLandingPage(server: FastifyInstance, site: Site): void {
  server.get('/', (_request, reply) => showLanding(site, reply, BLANK, []))
  server.get(CHECK_MAIL, (_request, reply) =>
    show(site, reply, 'checkMail', { mailFrom: site.config.mailFrom }),
  )
  server.get('/zones', (_request, reply) =>
    show(site, reply.header('cache-control', 'public, max-age=86400'), 'zones', { zones: ZONE_NAMES }),
  )
  server.post('/preview', { config: { rateLimit: PREVIEWS } }, async (request, reply) => {
    const typed = typedIn(request)
    if (request.headers['hx-request'] !== 'true') return showLanding(site, reply, typed, [])
    const [insight] = await viewInsights(site, typed.topics.slice(0, 1))
    return show(site, reply, 'landingPreview', { ...(await previewOf(site, typed.topics)), insight })
  })
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

/** A preview follows the typing, a few times a second at most. */
const PREVIEWS = { max: 240, timeWindow: '1 minute' }

const BLANK: TypedSignUp = { email: '', topics: [], timeZone: DEFAULTS.timeZone, sendAt: DEFAULTS.sendAt }

async function subscribe(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // People do not see this field: who fills it in is a program, and gets the same answer.
  if (field(request, 'website') !== '') return reply.redirect(CHECK_MAIL, 303)
  const typed = typedIn(request)
  const email = parseEmail(typed.email)
  const weekdays = DEFAULTS.weekdays.map(String)
  const preferences = parsePreferences({ ...typed, weekdays, maxPapers: `${DEFAULTS.maxPapers}` })
  if ('errors' in email || 'errors' in preferences) {
    const errors = [email, preferences].flatMap((parsed) => ('errors' in parsed ? parsed.errors : []))
    return showLanding(site, reply, typed, errors)
  }
  const unmailed = await unmailable(email.values, site.takesUtf8)
  if (unmailed) return showLanding(site, reply, typed, [unmailed])
  const next = await requestSignUp(site.context, email.values, preferences.values)
  if (next === undefined) return showBusy(site, reply)
  await site.enqueue(next)
  return reply.redirect(CHECK_MAIL, 303)
}

/** What was typed; a chip that was pressed without JavaScript adds its words. */
function typedIn(request: FastifyRequest): TypedSignUp {
  const zone = field(request, 'timeZone')
  const [first = { name: '', query: '', quota: '' }, ...others] = topicRows(request)
  const term = field(request, 'term').replaceAll('"', '').trim().slice(0, 100)
  const query = term === '' ? first.query : `${first.query.trim()} "${term}"`.trim()
  return {
    email: field(request, 'email'),
    topics: [{ ...first, query }, ...others],
    timeZone: zoneNamed(zone) ?? zone,
    sendAt: field(request, 'sendAt'),
  }
}

/** The digest that somebody new would get today. */
async function previewOf(site: Site, topics: TypedTopic[]) {
  const preview = await viewPreview(site, topics, {
    subscriberId: undefined,
    answererId: undefined,
    max: PREVIEWED,
  })
  return { preview, isEverything: topics.every(({ query }) => query.trim() === '') }
}

async function showLanding(
  site: Site,
  reply: FastifyReply,
  typed: TypedSignUp,
  errors: FieldError[],
): Promise<FastifyReply> {
  const day = await latestDay(site.db, latestDayAt(site.now()))
  const [first = { name: '', query: '', quota: '' }, ...others] = typed.topics
  const data = {
    csrf: reply.generateCsrf(),
    typed: { ...typed, first, others: others.filter(({ name, query }) => (name + query).trim() !== '') },
    errors: showErrors(errors, typed.topics),
    day,
    terms: day === undefined ? [] : await startingPoints(site.db, day, site.now()),
    ...(await previewOf(site, typed.topics)),
  }
  return show(site, reply, 'landing', data, errors.length > 0 ? 422 : 200)
}
