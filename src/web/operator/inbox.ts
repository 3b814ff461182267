import type { FastifyInstance, FastifyReply } from 'fastify'
import type { CapturedMailRow } from '../../db/engine/schema.ts'
import { findCapturedMail, listCapturedMails } from '../../db/mail/capturedMails.ts'
import { readMail } from '../../mail/captured/captureServer.ts'
import { showError } from '../site/errorPages.ts'
import { parseId } from '../site/form.ts'
import { contentSecurityPolicy, MAIL_POLICY } from '../site/security.ts'
import { type Site, show } from '../site/site.ts'

const PER_PAGE = 50

interface IdParams {
  Params: { id: string }
}

/** The mails caught by the mail server of this process, where no relay is set. For the admin alone: they hold secret links. */
export function addInbox(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: { before?: string } }>('/admin/inbox', async (request, reply) => {
    const before = parseId(request.query.before)
    const mails = await listCapturedMails(site.db, { limit: PER_PAGE + 1, before })
    const older = mails.length > PER_PAGE ? mails[PER_PAGE - 1]!.id : undefined
    return show(site, reply, 'inbox', { mails: mails.slice(0, PER_PAGE), older, before })
  })

  scope.get<IdParams & { Querystring: { view?: string; dark?: string } }>(
    '/admin/inbox/:id',
    async (request, reply) => {
      const caught = await find(site, request.params.id)
      if (!caught) return showError(site, request, reply, 404)
      const mail = await readMail(caught.raw)
      const { raw: _raw, ...head } = caught
      const view = request.query.view === 'phone' ? 'phone' : 'desktop'
      return show(site, reply, 'inboxMail', { head, mail, view, dark: request.query.dark === 'on' })
    },
  )

  // As it came, for a mail program; a browser must save it.
  scope.get<IdParams>('/admin/inbox/:id/mail.eml', async (request, reply) => {
    const caught = await find(site, request.params.id)
    if (!caught) return showError(site, request, reply, 404)
    reply.header('content-disposition', `attachment; filename="paperboy-mail-${caught.id}.eml"`)
    return reply.type('message/rfc822').send(caught.raw)
  })

  scope.get<IdParams & { Querystring: { dark?: string } }>(
    '/admin/inbox/:id/html',
    async (request, reply) => {
      const caught = await find(site, request.params.id)
      const html = caught && (await readMail(caught.raw)).html
      return html === undefined
        ? showError(site, request, reply, 404)
        : showHtml(site, reply, inScheme(html, request.query.dark === 'on'))
    },
  )
}

async function find(site: Site, id: string): Promise<CapturedMailRow | undefined> {
  const number = parseId(id)
  return number === undefined ? undefined : findCapturedMail(site.db, number)
}

/**
 * The mail as a bright or a dark program shows it, whatever the browser prefers: its media query is answered here, because
 * a frame does not get its colour scheme from its page in every browser.
 */
function inScheme(html: string, isDark: boolean): string {
  const scheme = isDark ? 'dark' : 'light'
  const answer = (asked: string) => (asked.toLowerCase() === scheme ? '(min-width: 0)' : '(max-width: 0)')
  return html
    .replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_, asked: string) => answer(asked))
    .replace(/<head[^>]*>/i, `$&<style>:root { color-scheme: ${scheme} !important }</style>`)
}

/** A mail's own HTML, for the frame of its page alone: no scripts, no requests; its links open beside. */
function showHtml(site: Site, reply: FastifyReply, html: string): FastifyReply {
  reply.helmet({
    contentSecurityPolicy: contentSecurityPolicy(site, {
      ...MAIL_POLICY,
      'frame-ancestors': ["'self'"],
      sandbox: ['allow-popups', 'allow-popups-to-escape-sandbox'],
    }),
    frameguard: { action: 'sameorigin' },
  })
  const framed = html.replace(/<head[^>]*>/i, '$&<base target="_blank">')
  return reply.type('text/html; charset=utf-8').send(framed)
}
