import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changes, namesOrigin } from '../limits/origin.ts'
import { askToLogIn, showError, showViewerMay } from '../site/errorPages.ts'
import { contentSecurityPolicy } from '../site/security.ts'
import { readSession } from '../site/session.ts'
import type { Site } from '../site/site.ts'
import { addDesk } from './desk/deskPage.ts'
import { addDigests } from './digests/digestsPage.ts'
import { addInbox } from './inbox.ts'
import { addJobs } from './jobs.ts'
import { addLogin } from './login/loginPage.ts'
import { addSecondFactor } from './login/secondFactor.ts'
import { addSessions } from './login/sessionsPage.ts'
import { addPapers } from './papers/papersPage.ts'
import { addReplays } from './replays/replaysPage.ts'
import { addSettings } from './settings.ts'
import { addSources } from './sources/sourcesPage.ts'
import { addSubscribers } from './subscribers/subscribersPage.ts'

/** Everything under /admin: the login, and behind it the overview, splits, the inbox and the queues. */
export async function addAdmin(server: FastifyInstance, site: Site): Promise<void> {
  addLogin(server, site)
  await server.register(async (scope) => {
    scope.addHook('onRequest', (request, reply) => requireSession(site, request, reply))
    addDesk(scope, site)
    addSources(scope, site)
    addDigests(scope, site)
    await addSubscribers(scope, site)
    await addReplays(scope, site)
    addJobs(scope, site)
    addSessions(scope, site)
    addSecondFactor(scope, site)
    addSettings(scope, site)
    addPapers(scope, site)
    if (site.config.smtpUrl === undefined) addInbox(scope, site)
    if (site.board) await addBoard(scope, site, site.board)
  })
}

/**
 * Lets whoever is logged in pass. A viewer changes nothing, and does not see captured mails, which hold secret links. What
 * another site makes a browser send is refused.
 */
async function requireSession(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const session = await readSession(site, request)
  if (!session) return askToLogIn(request, reply)
  const isWrite = changes(request)
  // The route, not the address: letters of an address may be written as %69.
  const route = request.routeOptions.url ?? ''
  // The board's pages have no form tokens, so a request to them must say where it comes from.
  if (isWrite && route.startsWith('/admin/queues') && !namesOrigin(request))
    return showError(site, request, reply, 403)
  const needsAdmin = isWrite || route.startsWith('/admin/inbox')
  return needsAdmin && session.role !== 'admin' ? showViewerMay(site, request, reply) : undefined
}

/** The queues' own pages bring scripts of their own and inline styles. */
async function addBoard(
  scope: FastifyInstance,
  site: Site,
  board: NonNullable<Site['board']>,
): Promise<void> {
  await scope.register(async (pages) => {
    pages.addHook('onRequest', async (request, reply) => {
      // Its page is small and is changed below, before anything is packed.
      if (request.headers.accept?.includes('text/html')) request.headers['accept-encoding'] = 'identity'
      reply.helmet({ contentSecurityPolicy: contentSecurityPolicy(site, BOARD_POLICY) })
    })
    pages.addHook('onSend', async (_request, _reply, payload) =>
      typeof payload === 'string' ? payload.replace(OTHERS_FONTS, '') : payload,
    )
    await pages.register(board)
  })
}

/** The board asks another host for fonts. The policy forbids that; without the link no browser has to complain. */
const OTHERS_FONTS = /<link href="https:\/\/fonts\.[^>]*>/

const BOARD_POLICY = {
  'default-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'frame-ancestors': ["'none'"],
}
