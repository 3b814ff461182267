import type { DigestContent, DigestPaper } from '../../src/mail/compose/digestContent.ts'
import { buildDigestMail, type Mail } from '../../src/mail/compose/message.ts'

const SITE = 'https://digest.example.org'

export const ENVELOPE = {
  from: 'Paperboy <digest@example.org>',
  messageId: '<0123456789abcdef@example.org>',
  date: new Date('2026-07-24T05:00:00Z'),
}

/** One paper with everything there is to show. */
export const PAPER: DigestPaper = {
  title: 'One Beat Ahead: Predicting One-Year Mortality from Routine ECGs',
  authorsLine: 'Mira Okafor, Jonas Lindqvist and 6 more',
  abstractExcerpt:
    'Electrocardiograms are cheap, fast and everywhere, yet little is made of them. We change that.',
  reasons: ['matches “ecg” in the title', 'rising: 41 upvotes in a day'],
  upvotes: 41,
  paperUrl: `${SITE}/papers/12`,
  sourceUrl: 'https://arxiv.org/abs/2607.01234',
  codeUrl: 'https://github.com/example/one-beat',
  judgeUrl: `${SITE}/preferences/manage-token/papers/12`,
}

/** One paper with only what every paper has. */
export const BARE_PAPER: DigestPaper = {
  title: 'Segmenting Brain Tumours with Half a Label',
  authorsLine: '',
  abstractExcerpt: '',
  reasons: [],
  paperUrl: `${SITE}/papers/13`,
}

export function sampleContent(changes: Partial<DigestContent> = {}): DigestContent {
  return {
    siteName: 'Paperboy',
    publicUrl: SITE,
    subscriber: { email: 'ann@reader.example' },
    localDate: '2026-07-24',
    topics: [{ name: 'Health', items: [PAPER, BARE_PAPER] }],
    viewUrl: `${SITE}/digests/view-token`,
    preferencesUrl: `${SITE}/preferences/manage-token`,
    unsubscribeUrl: `${SITE}/unsubscribe/leave-token`,
    ...changes,
  }
}

export function sampleMail(changes: Partial<DigestContent> = {}): Promise<Mail> {
  return buildDigestMail({ content: sampleContent(changes), ...ENVELOPE })
}
