import type { FastifyInstance, FastifyReply } from 'fastify'
import { listDigestItems } from '../../db/digests/digestItems.ts'
import { findDigest } from '../../db/digests/digests.ts'
import type { DigestRow } from '../../db/engine/schema.ts'
import { SITE_NAME } from '../../mail/compose/link.ts'
import { renderDigestHtml } from '../../mail/compose/render.ts'
import { longDay } from '../../text/dates.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { parseId } from '../site/form.ts'
import { contentSecurityPolicy, MAIL_POLICY } from '../site/security.ts'
import { type Site, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

/** A digest in the browser: by its own link, and from the archive of the preferences page. */
export function addDigestPages(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/digests/:token', async (request, reply) => {
    const holder = await holderOf(site, 'view', request)
    const digest = holder?.row.digest_id ? await findDigest(site.db, holder.row.digest_id) : undefined
    if (!holder || !digest) return showDeadLink(site, reply)
    return showMailed(site, reply, digest, { viewUrl: site.config.publicUrl + request.url })
  })

  server.get<{ Params: { token: string; id: string } }>(
    '/preferences/:token/digests/:id',
    async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const digest = await findDigest(site.db, parseId(request.params.id) ?? 0)
      if (digest?.subscriber_id !== holder.subscriber.id) return showDeadLink(site, reply)
      const viewUrl = site.config.publicUrl + request.url
      const homeUrl = `${site.config.publicUrl}/preferences/${request.params.token}`
      return showMailed(site, reply, digest, { viewUrl, homeUrl, judgeUrl: `${homeUrl}/papers/` })
    },
  )
}

/**
 * The HTML of the mail without its personal parts, so that the address can be passed on and lets nobody answer for the
 * subscriber. `judgeUrl` is given only on the subscriber's own page. Styles are inline, and nothing else may load.
 */
async function showMailed(
  site: Site,
  reply: FastifyReply,
  digest: DigestRow,
  links: { viewUrl: string; judgeUrl?: string; homeUrl?: string },
): Promise<FastifyReply> {
  const papers = await listDigestItems(site.db, digest.id)
  if (papers.length === 0) {
    const text = displayLine(texToUnicode(digest.reason ?? 'It is still being prepared.'))
    return showMessage(site, reply, { title: `No papers on ${longDay(digest.local_date)}`, text })
  }
  const html = await renderDigestHtml({
    siteName: SITE_NAME,
    publicUrl: site.config.publicUrl,
    localDate: digest.local_date,
    papers,
    ...links,
  })
  reply.helmet({ contentSecurityPolicy: contentSecurityPolicy(site, MAIL_POLICY) })
  return reply.type('text/html; charset=utf-8').send(html)
}
