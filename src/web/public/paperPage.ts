import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { localDateAt } from '../../calendar.ts'
import { listSendingsOf } from '../../db/digests/digestViews.ts'
import { findJoinedTo, listMerges, listPartedFrom } from '../../db/papers/paperMerges.ts'
import { findPaper, findShownPaper, findShownPapers } from '../../db/papers/papers.ts'
import { listSightingsOf } from '../../db/papers/paperViews.ts'
import { nearPapers } from '../../digests/nearPapers.ts'
import type { Paper } from '../../domain.ts'
import type { MergeUndo } from '../../ingest/writeMerges.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { bibtexOf, citationTags, coinsOf, risOf } from '../papers/citations.ts'
import { showTex } from '../papers/formulas.ts'
import { contextOf, rowOf } from '../papers/paperRow.ts'
import { paperLinks } from '../papers/paperView.ts'
import { showError } from '../site/errorPages.ts'
import { parseId } from '../site/form.ts'
import { isAdmin } from '../site/session.ts'
import { findSignedIn, hasSession } from '../site/signIn.ts'
import { type Site, show } from '../site/site.ts'
import { upvotesChart } from './upvotesChart.ts'

const SIGHTINGS = 100
/** More authors are folded away; a collaboration has thousands. */
const AUTHORS = 10
const MOST_AUTHORS = 500
const NEAR = 6

interface IdParams {
  Params: { id: string }
}

/** The page of one paper: what is known of it, where and when it was seen, and to the admin, what was merged into it. */
export function addPaperPage(server: FastifyInstance, site: Site): void {
  addCitations(server, site)
  server.get<IdParams>('/papers/:id', async (request, reply) => {
    const id = parseId(request.params.id)
    const paper = id === undefined ? undefined : await findPaper(site.db, id)
    if (paper && (await isAdmin(site, request)))
      return showPaper(site, request, reply, paper, await adminPart(site, reply, paper))
    if (!paper || paper.hiddenAt !== null) return leadOn(site, request, reply, id)
    if (!hasSession(site, request)) reply.header('cache-control', 'public, max-age=60')
    // Another cookie, another page: no cache may show the admin's or a subscriber's to others.
    reply.header('vary', 'cookie')
    return showPaper(site, request, reply, paper)
  })
}

/** The address of a paper that was joined to another leads there. */
async function leadOn(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  id: number | undefined,
): Promise<FastifyReply> {
  const standing = id === undefined ? undefined : (await findJoinedTo(site.db, [id])).get(id)
  // Not for good: a split gives the paper its page back.
  if (standing !== undefined) return reply.redirect(`/papers/${standing}`, 302)
  return showError(site, request, reply, 404)
}

/** The paper as a file for reference managers. */
function addCitations(server: FastifyInstance, site: Site): void {
  for (const [ending, type, write] of [
    ['bib', 'application/x-bibtex', bibtexOf],
    ['ris', 'application/x-research-info-systems', risOf],
  ] as const) {
    server.get<IdParams>(`/papers/:id/cite.${ending}`, async (request, reply) => {
      const id = parseId(request.params.id)
      const paper = id === undefined ? undefined : await findShownPaper(site.db, id)
      if (!paper) return showError(site, request, reply, 404)
      return reply
        .header('content-disposition', `attachment; filename="paper-${paper.id}.${ending}"`)
        .header('cache-control', 'public, max-age=60')
        .type(`${type}; charset=utf-8`)
        .send(write(paper))
    })
  }
}

async function showPaper(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  paper: Paper,
  forAdmin: Record<string, unknown> = {},
): Promise<FastifyReply> {
  const me = (await findSignedIn(site, request))?.subscriber
  const near = await findShownPapers(
    site.db,
    await nearPapers(site.db, paper, { on: localDateAt(site.now(), 'UTC'), limit: NEAR }),
  )
  const knownOf = await contextOf(site, me?.id, [paper.id, ...near.map(({ id }) => id)])
  const sightings = await listSightingsOf(site.db, paper.id, SIGHTINGS)
  const authors = paper.authors.slice(0, MOST_AUTHORS).map(lineOf)
  return show(site, reply, 'paper', {
    merges: [],
    parted: [],
    forAdmin: undefined,
    ...forAdmin,
    paper,
    title: lineOf(paper.title),
    titleParts: showTex(paper.title),
    abstract: lineOf(paper.abstract ?? ''),
    abstractParts: showTex(paper.abstract ?? ''),
    summary: lineOf(paper.aiSummary ?? ''),
    authors: authors.slice(0, AUTHORS),
    otherAuthors: authors.slice(AUTHORS),
    unnamed: paper.authors.length - authors.length,
    published: paper.publishedAt?.toISOString().slice(0, 10),
    links: paperLinks(paper),
    sightings,
    chart: upvotesChart(sightings),
    row: rowOf(paper, { ...knownOf(paper.id) }),
    sendings: me === undefined ? [] : await listSendingsOf(site.db, me.id, paper.id),
    near: near.map((one) => rowOf(one, { ...knownOf(one.id) })),
    back: `/papers/${paper.id}`,
    bibtex: bibtexOf(paper),
    ris: risOf(paper),
    citation: citationTags(paper),
    coins: coinsOf(paper),
  })
}

/** Why entries are this paper, with what parts them again. */
async function adminPart(
  site: Site,
  reply: FastifyReply,
  paper: Paper & { hiddenAt: Date | null },
): Promise<Record<string, unknown>> {
  const merges = await listMerges(site.db, paper.id)
  const parted = await listPartedFrom(site.db, paper.id)
  return {
    csrf: reply.generateCsrf(),
    forAdmin: { hiddenAt: paper.hiddenAt },
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
