import type { DigestPaper } from '../src/domain.ts'
import type { MailedDigest } from '../src/mail/compose/digestView.ts'
import { renderDigestMail } from '../src/mail/compose/render.ts'
import { paperFromEntry } from '../src/papers/merging/merge.ts'
import { makePapers } from './madePapers.ts'
import { createRandom } from './random.ts'

const PAPERS = 480
const SITE = 'https://digest.example.org'
const MAILS = 5_000
/** Mails before the measure begins, in which the engine compiles the code. */
const WARM_UP = 500

/** Renders digests of ten papers, which many readers share, each with links and reasons of its own. */
export async function measureRendering(): Promise<{
  mails: number
  perSecond: number
  perProcessorSecond: number
  bytes: number
}> {
  const papers = madePapers()
  const random = createRandom(9)
  const digests = Array.from({ length: MAILS + WARM_UP }, (_, number) =>
    digestOf(number, papers, random.between),
  )
  let bytes = 0
  for (const digest of digests.slice(0, WARM_UP)) bytes = (await renderDigestMail(digest)).html.length
  const started = performance.now()
  const before = process.cpuUsage()
  for (const digest of digests.slice(WARM_UP)) bytes = (await renderDigestMail(digest)).html.length
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - started) / 1000
  return {
    mails: MAILS,
    perSecond: MAILS / seconds,
    perProcessorSecond: (1e6 * MAILS) / (user + system),
    bytes,
  }
}

function digestOf(
  number: number,
  papers: DigestPaper['paper'][],
  between: (from: number, to: number) => number,
): MailedDigest {
  const items = Array.from({ length: 10 }, (): DigestPaper => {
    const paper = papers[between(0, papers.length - 1)]!
    return {
      paperId: paper.id,
      topic: 'Mine',
      score: 1,
      paper,
      reasons: [
        { kind: 'words', text: 'matches “word” in the title', place: 'title', words: ['word'] },
        { kind: 'rising', text: 'rising: 12 upvotes in a day', upvotesPerDay: 12 },
      ],
    }
  })
  const token = `${number}`.padStart(43, 't')
  return {
    siteName: 'Paperboy',
    publicUrl: SITE,
    localDate: '2026-11-20',
    papers: items,
    viewUrl: `${SITE}/digests/${token}`,
    judgeUrl: `${SITE}/preferences/${token}/papers/`,
    recipient: {
      email: `subscriber${number}@example.org`,
      preferencesUrl: `${SITE}/preferences/${token}`,
      unsubscribeUrl: `${SITE}/unsubscribe/${token}`,
    },
  }
}

function madePapers(): DigestPaper['paper'][] {
  return makePapers(PAPERS, 2).papers.map(({ title, abstract, upvotes }, at) => ({
    id: at + 1,
    ...paperFromEntry(
      {
        title,
        abstract: abstract ?? undefined,
        authors: ['Author One', 'Author Two', 'Author Three'],
        arxivId: `2611.${at + 10_000}`,
        upvotes: upvotes ?? undefined,
      },
      { format: 'hf-page', at: null },
    ),
  }))
}
