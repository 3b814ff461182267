import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, cookieOptions } from './cookies.ts'
import type { Site } from './site.ts'

export const LOGIN = '/admin/login'

const HOUR = 60 * 60 * 1000
const SESSION = 12 * HOUR

/** Whether the password is the admin's, compared in constant time. */
export function isAdminPassword(site: Site, password: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(password), digest(site.secrets.adminPassword))
}

/** Opens a session: a signed cookie that holds nothing but the time it ends. */
export function openSession(site: Site, reply: FastifyReply): void {
  const expires = new Date(site.now().getTime() + SESSION)
  reply.setCookie(cookieName(site, 'admin'), `${expires.getTime()}`, {
    ...cookieOptions(site),
    sameSite: 'strict',
    maxAge: SESSION / 1000,
  })
}

export function closeSession(site: Site, reply: FastifyReply): void {
  reply.clearCookie(cookieName(site, 'admin'), { ...cookieOptions(site), sameSite: 'strict' })
}

/** Whether the request comes from a browser the admin logged in with. */
export function isAdmin(site: Site, request: FastifyRequest): boolean {
  const cookie = request.cookies?.[cookieName(site, 'admin')]
  const unsigned = cookie === undefined ? undefined : request.unsignCookie(cookie)
  return unsigned?.valid === true && Number(unsigned.value) > site.now().getTime()
}
