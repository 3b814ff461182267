import type { FastifyInstance, FastifyReply } from 'fastify'
import { findDigest } from '../../db/digests/digests.ts'
import { listDigestsOf } from '../../db/digests/digestViews.ts'
import { findReplayFile } from '../../db/fetching/replayFiles.ts'
import { findSource } from '../../db/fetching/sources.ts'
import { findPaper } from '../../db/papers/papers.ts'
import { listPagesWith } from '../../db/papers/paperViews.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { reasonOf } from '../../errors.ts'
import type { JobWish } from '../../health/foundJob.ts'
import { displayLine } from '../../text/displayLine.ts'
import { maskAddresses } from '../../text/maskAddress.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { parseId } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'

const DIGESTS = 10
const PAGES = 50

/** What a job may be looked for by: gives what it is called, where it is shown, and what its jobs work on. */
type Finder = (
  site: Site,
  id: number,
) => Promise<{ called: string; page: string; wish: JobWish; steps: string } | undefined>

const FINDERS: Record<string, Finder> = {
  async source({ db }, id) {
    const source = await findSource(db, id)
    const steps = 'A timer fetches it; each fetch is a job of fetchPage.'
    return source && { called: source.name, page: `/admin/sources/${id}`, wish: { sourceId: [id] }, steps }
  },
  async paper({ db }, id) {
    const paper = await findPaper(db, id)
    if (!paper) return undefined
    const called = displayLine(texToUnicode(paper.title))
    const steps = 'Its pages are stored by jobs of ingestPage.'
    return { called, page: `/papers/${id}`, wish: { pageId: await listPagesWith(db, id, PAGES) }, steps }
  },
  async digest({ db }, id) {
    const digest = await findDigest(db, id)
    const steps =
      'It is composed and sent in jobs of fifty digests at most, which are gone when they are done.'
    return (
      digest && { called: `digest ${id}`, page: `/admin/digests/${id}`, wish: { digestIds: [id] }, steps }
    )
  },
  async subscriber({ db }, id) {
    if (!(await findSubscriber(db, id))) return undefined
    const digests = await listDigestsOf(db, id, DIGESTS)
    const wish = { subscriberId: [id], digestIds: digests.map((digest) => digest.id) }
    const steps = 'Jobs confirm a sign-up, and compose and send digests; they are gone when they are done.'
    return { called: `subscriber ${id}`, page: `/admin/subscribers/${id}`, wish, steps }
  },
  async replay({ db }, id) {
    const file = await findReplayFile(db, id)
    const steps = 'One job reads it, which is gone when it is done.'
    return file && { called: file.name, page: `/admin/replays/${id}`, wish: { fileId: [id] }, steps }
  },
}

type Query = Partial<Record<'source' | 'paper' | 'digest' | 'subscriber' | 'replay', string>>

/** The jobs that work on a source, paper, digest, subscriber or replay, each with its reason and a way into the board. */
export function addJobs(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: Query }>('/admin/jobs', (request, reply) => showJobs(site, reply, request.query))
}

async function showJobs(site: Site, reply: FastifyReply, given: Query): Promise<FastifyReply> {
  const [[kind, text] = []] = Object.entries(given).filter(([name]) => name in FINDERS)
  const id = parseId(text)
  const about = kind === undefined || id === undefined ? undefined : await FINDERS[kind]!(site, id)
  const jobs =
    about === undefined
      ? []
      : await site.findJobs(about.wish).catch((error: unknown) => ({ away: reasonOf(error) }))
  const isUnknown = about === undefined && text !== undefined
  return show(
    site,
    reply,
    'admin/jobs',
    {
      kinds: Object.keys(FINDERS),
      kind,
      typed: text ?? '',
      about,
      isUnknown,
      jobs: Array.isArray(jobs)
        ? jobs.map((job) => ({ ...job, reason: job.reason && maskAddresses(displayLine(job.reason)) }))
        : [],
      away: Array.isArray(jobs) ? undefined : jobs.away,
    },
    isUnknown ? 404 : 200,
  )
}
