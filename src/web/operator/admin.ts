import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askToLogIn, showError } from '../site/errorPages.ts'
import { contentSecurityPolicy } from '../site/security.ts'
import { isAdmin } from '../site/session.ts'
import type { Site } from '../site/site.ts'
import { addDesk } from './desk/deskPage.ts'
import { addDigests } from './digests/digestsPage.ts'
import { addInbox } from './inbox.ts'
import { addLogin } from './login.ts'
import { addSplit } from './split.ts'
import { addSubscribers } from './subscribers/subscribersPage.ts'

/** Everything under /admin: the login, and behind it the overview, splits, the inbox and the queues. */
export async function addAdmin(server: FastifyInstance, site: Site): Promise<void> {
  addLogin(server, site)
  await server.register(async (scope) => {
    scope.addHook('onRequest', (request, reply) => requireAdmin(site, request, reply))
    addDesk(scope, site)
    addDigests(scope, site)
    addSubscribers(scope, site)
    addSplit(scope, site)
    if (site.config.smtpUrl === undefined) addInbox(scope, site)
    if (site.board) await addBoard(scope, site, site.board)
  })
}

/** Lets the admin pass. What another site makes the admin's browser send is refused all the same. */
async function requireAdmin(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (!isAdmin(site, request)) return askToLogIn(request, reply)
  // Fetch metadata (W3C): every current browser sends it, and no page can forge it. The queues' pages have no form tokens.
  const from = request.headers['sec-fetch-site']
  const changes = request.method !== 'GET' && request.method !== 'HEAD'
  if (changes && from !== undefined && from !== 'same-origin') return showError(site, request, reply, 403)
  return undefined
}

/** The queues' own pages bring scripts of their own and inline styles. */
async function addBoard(
  scope: FastifyInstance,
  site: Site,
  board: NonNullable<Site['board']>,
): Promise<void> {
  await scope.register(async (pages) => {
    pages.addHook('onRequest', async (_request, reply) => {
      reply.helmet({ contentSecurityPolicy: contentSecurityPolicy(site, BOARD_POLICY) })
    })
    await pages.register(board)
  })
}

const BOARD_POLICY = {
  'default-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'frame-ancestors': ["'none'"],
}
