import type { FastifyInstance } from 'fastify'
import { findShownPapers } from '../../db/papers/papers.ts'
import type { Paper } from '../../domain.ts'
import { listFeedback } from '../../subscribers/feedback.ts'
import { bibtexOf, csvOf, markdownOf, risOf } from '../papers/citations.ts'
import { contextOf, rowOf } from '../papers/paperRow.ts'
import { type Site, show } from '../site/site.ts'
import { answererOf, holderOf, showDeadLink, type TokenParams } from './links.ts'

/** How saved papers are written into a file, by its ending. */
const EXPORTS: Record<string, { type: string; write: (papers: Paper[]) => string }> = {
  bib: { type: 'application/x-bibtex', write: (papers) => papers.map(bibtexOf).join('\n') },
  ris: { type: 'application/x-research-info-systems', write: (papers) => papers.map(risOf).join('') },
  md: { type: 'text/markdown', write: markdownOf },
  csv: { type: 'text/csv', write: csvOf },
}

/** The papers that a subscriber saved, and the same as a file. */
export function addSavedPage(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/preferences/:token/saved', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const papers = await savedBy(site, holder.subscriber.id)
    const home = `/preferences/${request.params.token}`
    const asked = await answererOf(site, request, holder.subscriber)
    const knownOf = await contextOf(
      site,
      asked,
      papers.map(({ id }) => id),
    )
    return show(site, reply, 'saved', {
      home,
      rows: papers.map((paper) => rowOf(paper, { ...knownOf(paper.id) })),
    })
  })

  for (const [ending, { type, write }] of Object.entries(EXPORTS)) {
    server.get<TokenParams>(`/preferences/:token/saved.${ending}`, async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      return reply
        .header('content-disposition', `attachment; filename="paperboy-saved.${ending}"`)
        .type(`${type}; charset=utf-8`)
        .send(write(await savedBy(site, holder.subscriber.id)))
    })
  }
}

/** The papers saved by a subscriber, the last saved first. */
async function savedBy(site: Site, subscriberId: number): Promise<Paper[]> {
  const saved = (await listFeedback(site.db, subscriberId)).filter(({ kind }) => kind === 'saved')
  const ids = saved.map(({ paperId }) => paperId)
  const papers = new Map((await findShownPapers(site.db, ids)).map((paper) => [paper.id, paper]))
  return ids.flatMap((id) => papers.get(id) ?? [])
}
