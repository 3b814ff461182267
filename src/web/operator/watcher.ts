import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAdmin, isAdminPassword } from '../site/session.ts'
import type { Site } from '../site/site.ts'

/** Whether a request may read what the desk knows: by session, or by HTTP Basic (RFC 7617), which is what a program can do. */
export function mayWatch(site: Site, request: FastifyRequest): boolean {
  return isAdmin(site, request) || hasPassword(site, request)
}

/** Any user name and the admin password. */
function hasPassword(site: Site, request: FastifyRequest): boolean {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (encoded === undefined) return false
  const userAndPassword = Buffer.from(encoded, 'base64').toString('utf8')
  return isAdminPassword(site, userAndPassword.slice(userAndPassword.indexOf(':') + 1))
}

/** Tells a program how to say who it is. */
export function askForPassword(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Basic realm="Paperboy metrics", charset="UTF-8"')
  return reply.code(401).send({ error: 'Expected the admin session, or HTTP Basic with the admin password.' })
}
