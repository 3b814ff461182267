import type { FastifyReply, FastifyRequest } from 'fastify'
import { showTooMany } from '../site/errorPages.ts'
import { readSession, roleOf } from '../site/session.ts'
import type { Site } from '../site/site.ts'

/**
 * Lets a request read what the desk knows: by session, or by HTTP Basic (RFC 7617) with any user name and a password of
 * the desk, which is what a program can do. Not by address: behind a proxy everybody comes from loopback. Gives the
 * answer if it may not.
 */
export async function refuseStranger(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (await readSession(site, request)) return undefined
  const password = passwordIn(request)
  if (password === undefined) return askForPassword(reply)
  const at = site.now()
  const until = site.guesses.take(request.ip, at)
  if (until !== undefined) return showTooMany(site, request, reply, until)
  if ((await roleOf(site, password)) === undefined) return askForPassword(reply)
  site.guesses.giveBack(request.ip, at)
  return undefined
}

function passwordIn(request: FastifyRequest): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const userAndPassword = Buffer.from(encoded, 'base64').toString('utf8')
  return userAndPassword.slice(userAndPassword.indexOf(':') + 1)
}

function askForPassword(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Basic realm="Paperboy metrics", charset="UTF-8"')
  return reply.code(401).send({ error: 'Expected a session of the desk, or HTTP Basic with its password.' })
}
