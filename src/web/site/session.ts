import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  deleteAdminSession,
  findAdminSession,
  insertAdminSession,
  markAdminSessionSeen,
} from '../../db/adminSessions.ts'
import { isPassword } from '../../secrets.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import type { Site } from './site.ts'
import { userByProxy } from './trustedProxies.ts'

export const LOGIN = '/admin/login'

const MINUTE = 60 * 1000
const SESSION = 12 * 60 * MINUTE

/** The admin may do everything; a viewer may look, and change nothing. */
export type Role = 'admin' | 'viewer'

/** Whose password it is. */
export async function roleOf({ secrets }: Site, password: string): Promise<Role | undefined> {
  if (await isPassword(secrets.adminPassword, password)) return 'admin'
  const isViewer =
    secrets.viewerPassword !== undefined && (await isPassword(secrets.viewerPassword, password))
  return isViewer ? 'viewer' : undefined
}

/** Opens a session: a row, and a signed cookie with its secret. */
export async function openSession(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  role: Role,
): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const now = site.now()
  await insertAdminSession(site.db, {
    hash: hashOf(token),
    role,
    opened_at: now,
    seen_at: now,
    expires_at: new Date(now.getTime() + SESSION),
    address: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
  })
  reply.setCookie(cookieName(site, 'admin'), token, {
    ...cookieOptions(site),
    sameSite: 'strict',
    maxAge: SESSION / 1000,
  })
}

/** Ends the session: whoever copied the cookie is out too. */
export async function closeSession(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const session = await readSession(site, request)
  if (session?.id !== undefined) await deleteAdminSession(site.db, session.id)
  reply.clearCookie(cookieName(site, 'admin'), { ...cookieOptions(site), sameSite: 'strict' })
}

/** Whoever may see the desk. */
export interface DeskVisitor {
  role: Role
  /** The number of their session; undefined if a proxy vouches for them. */
  id: number | undefined
  /** Whom the proxy names. */
  user: string | undefined
}

/** Who a request comes from, by session or by a trusted proxy's word; undefined for a stranger. */
export async function readSession(site: Site, request: FastifyRequest): Promise<DeskVisitor | undefined> {
  return (await sessionOf(site, request)) ?? proxyVisitor(site, request)
}

async function sessionOf(site: Site, request: FastifyRequest): Promise<DeskVisitor | undefined> {
  const cookie = request.cookies?.[cookieName(site, 'admin')]
  const unsigned = cookie === undefined ? undefined : request.unsignCookie(cookie)
  if (unsigned?.valid !== true || unsigned.value === null) return undefined
  const now = site.now()
  const session = await findAdminSession(site.db, hashOf(unsigned.value), now)
  if (session && now.getTime() - session.seen_at.getTime() > MINUTE) {
    await markAdminSessionSeen(site.db, session.id, now)
  }
  return session && { role: session.role, id: session.id, user: undefined }
}

/** The user that a trusted proxy names, with the role that ADMIN_USERS or VIEWER_USERS gives; undefined if neither has the name. */
function proxyVisitor({ config }: Site, request: FastifyRequest): DeskVisitor | undefined {
  if (config.proxyLogin === undefined) return undefined
  const { header, admins, viewers } = config.proxyLogin
  const user = userByProxy(request, header)
  if (user === undefined) return undefined
  if (admins.includes(user)) return { role: 'admin', id: undefined, user }
  const mayLook = viewers.includes(user) || viewers.includes('*')
  return mayLook ? { role: 'viewer', id: undefined, user } : undefined
}

/** Whether the request comes from a browser the admin logged in with. */
export async function isAdmin(site: Site, request: FastifyRequest): Promise<boolean> {
  return (await readSession(site, request))?.role === 'admin'
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
