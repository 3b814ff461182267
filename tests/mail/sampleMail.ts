import type { DigestPaper, Paper, Reason } from '../../src/domain.ts'
import type { MailedDigest, Recipient } from '../../src/mail/compose/digestView.ts'
import { buildDigestMail, type Mail } from '../../src/mail/compose/message.ts'
import { paperFromEntry } from '../../src/papers/merging/merge.ts'

const SITE = 'https://digest.example.org'

export const ENVELOPE = {
  from: 'Paperboy <digest@example.org>',
  messageId: '<0123456789abcdef@example.org>',
  date: new Date('2026-07-24T05:00:00Z'),
}

/** A paper of which its source says nothing but the title, which each sample gives. */
const NOTHING_SAID = paperFromEntry({ title: 'Untitled' }, { format: 'hf-page', at: null })

/** One paper with everything there is to show. */
export const PAPER: DigestPaper = {
  paperId: 12,
  topic: 'Health',
  score: 1.2,
  reasons: [
    { kind: 'words', text: 'matches “ecg” in the title', place: 'title', words: ['ecg'] },
    { kind: 'rising', text: 'rising: 41 upvotes in a day', upvotesPerDay: 41 },
  ],
  paper: {
    ...NOTHING_SAID,
    id: 12,
    title: 'One Beat Ahead: Predicting One-Year Mortality from Routine ECGs',
    abstract:
      'Electrocardiograms are cheap, fast and everywhere, yet little is made of them. We change that.',
    authors: ['Mira Okafor', 'Jonas Lindqvist', 'Ada Sun', 'Li Wei', 'Per Dahl', 'Noa Levi'],
    arxivId: '2607.01234',
    codeUrl: 'https://github.com/example/one-beat',
    upvotes: 41,
  },
}

/** One paper with only what every paper has. */
export const BARE_PAPER: DigestPaper = {
  paperId: 13,
  topic: 'Health',
  score: 1,
  reasons: [],
  paper: { ...NOTHING_SAID, id: 13, title: 'Segmenting Brain Tumours with Half a Label' },
}

/** A paper like `PAPER`, with other fields. */
export function paperWith(fields: Partial<Paper>, item: Partial<DigestPaper> = {}): DigestPaper {
  return { ...PAPER, ...item, paper: { ...PAPER.paper, ...fields } }
}

/** A reason as rows hold it that were stored when reasons were sentences. */
export function said(text: string): Reason {
  return { kind: 'text', text }
}

export function sampleDigest(
  changes: Partial<MailedDigest> = {},
  recipient: Partial<Recipient> = {},
): MailedDigest {
  return {
    siteName: 'Paperboy',
    publicUrl: SITE,
    localDate: '2026-07-24',
    papers: [PAPER, BARE_PAPER],
    viewUrl: `${SITE}/digests/view-token`,
    judgeUrl: `${SITE}/preferences/manage-token/papers/`,
    recipient: {
      email: 'ann@reader.example',
      preferencesUrl: `${SITE}/preferences/manage-token`,
      unsubscribeUrl: `${SITE}/unsubscribe/leave-token`,
      ...recipient,
    },
    ...changes,
  }
}

export function sampleMail(
  changes: Partial<MailedDigest> = {},
  recipient: Partial<Recipient> = {},
): Promise<Mail> {
  return buildDigestMail({ digest: sampleDigest(changes, recipient), ...ENVELOPE })
}
