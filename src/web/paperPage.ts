import type { FastifyInstance } from 'fastify'
import { findPaper } from '../db/papers.ts'
import { listSightingsOf } from '../db/paperViews.ts'
import { displayLine, toUnicode } from '../papers/display.ts'
import { showError } from './errorPages.ts'
import { paperLinks } from './paperView.ts'
import { type Site, show } from './site.ts'

const SIGHTINGS = 100
const AUTHORS = 60

/** The page of one paper: what is known of it, and where and when it was seen. */
export function addPaperPage(server: FastifyInstance, site: Site): void {
  server.get<{ Params: { id: string } }>('/papers/:id', async (request, reply) => {
    const { id } = request.params
    const paper = /^[1-9]\d{0,14}$/.test(id) ? await findPaper(site.db, Number(id)) : undefined
    if (!paper) return showError(site, request, reply, 404)
    reply.header('cache-control', 'public, max-age=60')
    return show(site, reply, 'paper', {
      paper,
      title: displayLine(toUnicode(paper.title)),
      abstract: displayLine(toUnicode(paper.abstract ?? '')),
      authors: paper.authors.slice(0, AUTHORS).map((name) => displayLine(toUnicode(name))),
      otherAuthors: Math.max(0, paper.authors.length - AUTHORS),
      published: paper.publishedAt?.toISOString().slice(0, 10),
      links: paperLinks(paper),
      sightings: await listSightingsOf(site.db, paper.id, SIGHTINGS),
    })
  })
}
