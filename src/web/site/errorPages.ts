import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAway } from '../../db/engine/away.ts'
import { LOGIN, readSession } from './session.ts'
import { type Message, type Site, showMessage } from './site.ts'

const HOME = { label: 'Go to the front page', url: '/' }

const PAGES: Record<number, Message> = {
  400: { title: 'That request could not be read', text: 'Check the address or the form and try again.' },
  403: {
    title: 'This form has expired',
    text: 'It was open too long, cookies are switched off for this site, or another site sent it. Open the page here again, and send it once more.',
  },
  404: {
    title: 'There is nothing here',
    text: 'The address may have a typing mistake, or what it led to is gone.',
  },
  405: {
    title: 'That cannot be done here',
    text: 'This address takes another kind of request. Begin at the page that has the form or the link.',
  },
  413: {
    title: 'That is too much at once',
    text: 'The form held more text than is read here. Shorten it and send it again.',
  },
  415: { title: 'That kind of form is not read here', text: 'Use the form on the page.' },
  429: {
    title: 'Too many requests',
    text: 'A lot came from your address within a short time. Wait a little, then try again.',
  },
  503: {
    title: 'Back in a moment',
    text: 'The database of this site does not answer just now. Nothing of yours is lost, but what you sent last was perhaps not saved: come back in a minute and look.',
  },
}

/** Seconds after which to come back when the database is away. */
const COME_BACK = '60'

const BROKEN: Message = {
  title: 'Something went wrong on our side',
  text: 'It has been written down. Try again in a minute.',
}

/** For addresses that cannot even be decoded: no route and no hook sees them. */
export function answerUnreadable(site: Site, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('content-security-policy', "default-src 'self'").header('cache-control', 'no-store')
  showError(site, request, reply, 400)
}

/** Pages for what goes wrong: never a stack, never the address asked for. Programs get one line of JSON. */
export function addErrorPages(server: FastifyInstance, site: Site): void {
  server.setNotFoundHandler(async (request, reply) => {
    const isHidden = request.url.startsWith('/admin') && !(await readSession(site, request))
    return isHidden ? askToLogIn(request, reply) : showError(site, request, reply, 404)
  })
  server.addHook('onRequest', async (request, reply) => {
    // No id or name has a NUL, and PostgreSQL reads none: the board would pass it on.
    if (request.routeOptions.url?.startsWith('/admin') && request.url.includes('%00'))
      return showError(site, request, reply, 400)
  })
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = statusOf(error)
    if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    if (status === 503) reply.header('retry-after', COME_BACK)
    return showError(site, request, reply, status)
  })
}

function statusOf(error: FastifyError): number {
  if (isAway(error)) return 503
  return error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
}

/** Answers a stranger under /admin: people go to the login and come back, programs are told 401. */
export function askToLogIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isVisit = request.method === 'GET' && wantsPage(request)
  if (!isVisit) return reply.code(401).send({ error: `Expected an admin session: log in at ${LOGIN}.` })
  return reply.redirect(`${LOGIN}?next=${encodeURIComponent(request.url.split('?')[0]!)}`)
}

/** Answers with the page of a status, or its line of JSON. */
export function showError(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
): FastifyReply {
  const page = PAGES[status] ?? (status < 500 ? PAGES[400]! : BROKEN)
  if (!wantsPage(request)) return reply.code(status).send({ error: `${page.title}. ${page.text}` })
  return showMessage(site, reply, { ...page, links: [HOME] }, status)
}

/** A viewer asked for what only the admin may do. */
export function showViewerMay(site: Site, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const text = 'You are logged in as a viewer. Log in as the admin to do this.'
  if (!wantsPage(request)) return reply.code(403).send({ error: text })
  return showMessage(site, reply, { title: 'You may look, and change nothing', text, links: [HOME] }, 403)
}

/** After too many wrong passwords. `until`: when the next one may be tried. */
export function showTooMany(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  until: Date,
): FastifyReply {
  const seconds = Math.max(1, Math.ceil((until.getTime() - site.now().getTime()) / 1000))
  const text = `There were too many wrong passwords from your address. Try again in ${seconds < 100 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`
  reply.header('retry-after', `${seconds}`)
  if (!wantsPage(request)) return reply.code(429).send({ error: text })
  return showMessage(site, reply, { title: 'Too many tries', text, links: [HOME] }, 429)
}

/** Says nothing of the address: everybody gets this answer then. */
export function showBusy(site: Site, reply: FastifyReply): FastifyReply {
  const text =
    'Very many people are signing up at this moment. Nothing was saved; please come back in an hour.'
  reply.header('retry-after', '3600')
  return showMessage(site, reply, { title: 'Please try again later', text }, 429)
}

/** People's browsers ask for HTML by name; programs do not. */
function wantsPage(request: FastifyRequest): boolean {
  return /text\/html/.test(request.headers.accept ?? '')
}
