import type { FastifyInstance, FastifyReply } from 'fastify'
import { findJoinedTo, listMerges, listPartedFrom } from '../../db/papers/paperMerges.ts'
import { findPaper } from '../../db/papers/papers.ts'
import { listSightingsOf } from '../../db/papers/paperViews.ts'
import type { Paper } from '../../domain.ts'
import type { MergeUndo } from '../../ingest/writeMerges.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { showError } from '../site/errorPages.ts'
import { parseId } from '../site/form.ts'
import { isAdmin } from '../site/session.ts'
import { type Site, show } from '../site/site.ts'
import { paperLinks } from './paperView.ts'

const SIGHTINGS = 100
const AUTHORS = 60

interface IdParams {
  Params: { id: string }
}

/** The page of one paper: what is known of it, where and when it was seen, and to the admin, what was merged into it. */
export function addPaperPage(server: FastifyInstance, site: Site): void {
  server.get<IdParams>('/papers/:id', async (request, reply) => {
    const id = parseId(request.params.id)
    const paper = id === undefined ? undefined : await findPaper(site.db, id)
    if (paper && isAdmin(site, request))
      return showPaper(site, reply, paper, await adminPart(site, reply, paper))
    if (!paper) {
      const standing = id === undefined ? undefined : (await findJoinedTo(site.db, [id])).get(id)
      // Not for good: a split gives the paper its page back.
      if (standing !== undefined) return reply.redirect(`/papers/${standing}`, 302)
      return showError(site, request, reply, 404)
    }
    reply.header('cache-control', 'public, max-age=60')
    // Another cookie, another page: no cache may show the admin's to others, nor theirs to the admin.
    reply.header('vary', 'cookie')
    return showPaper(site, reply, paper)
  })
}

async function showPaper(
  site: Site,
  reply: FastifyReply,
  paper: Paper,
  forAdmin: Record<string, unknown> = {},
): Promise<FastifyReply> {
  return show(site, reply, 'paper', {
    merges: [],
    parted: [],
    ...forAdmin,
    paper,
    title: lineOf(paper.title),
    abstract: lineOf(paper.abstract ?? ''),
    authors: paper.authors.slice(0, AUTHORS).map(lineOf),
    otherAuthors: Math.max(0, paper.authors.length - AUTHORS),
    published: paper.publishedAt?.toISOString().slice(0, 10),
    links: paperLinks(paper),
    sightings: await listSightingsOf(site.db, paper.id, SIGHTINGS),
  })
}

/** Why entries are this paper, with what parts them again. */
async function adminPart(site: Site, reply: FastifyReply, paper: Paper): Promise<Record<string, unknown>> {
  const merges = await listMerges(site.db, paper.id)
  const parted = await listPartedFrom(site.db, paper.id)
  return {
    csrf: reply.generateCsrf(),
    merges: merges.map(({ id, why, at, joinedId, undo }) => {
      const { apart } = undo as unknown as MergeUndo
      const { title, authors, year, venue } = apart
      const byline = [authors.slice(0, 3).map(lineOf).join(', '), venue && lineOf(venue), year]
      return { id, why, at, joinedId, title: lineOf(title), byline: byline.filter(Boolean).join(' · ') }
    }),
    parted: parted.map(({ id, title }) => ({ id, title: lineOf(title) })),
  }
}

function lineOf(text: string): string {
  return displayLine(texToUnicode(text))
}
