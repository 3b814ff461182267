import {
  buildConfirmationMail,
  buildNewMailboxMail,
  buildOldMailboxMail,
  buildPreferencesMail,
  type Mail,
} from '../../src/mail/compose/message.ts'
import { BARE_PAPER, ENVELOPE, PAPER, paperWith, sampleMail } from './sampleMail.ts'

const SITE = 'https://digest.example.org'
const SECRET = 't'.repeat(43)

const LETTER = {
  ...ENVELOPE,
  siteName: 'Paperboy',
  publicUrl: SITE,
  to: 'ann@reader.example',
  returnPath: `bounces+${'a'.repeat(28)}@digest.example.org`,
  unsubscribeUrl: `${SITE}/unsubscribe/${SECRET}`,
  expiresAt: new Date('2026-07-26T05:00:00Z'),
}

/** Twenty-five papers with long texts. */
const MANY = Array.from({ length: 25 }, (_, at) =>
  paperWith({
    id: 100 + at,
    title: `${PAPER.paper.title}, Part ${at + 1}`,
    abstract: 'Electrocardiograms are cheap, fast and everywhere, yet little is made of them. '.repeat(12),
  }),
)

/** Every kind of mail that people get, as it is sent. */
export const ALL_MAILS: Record<string, () => Promise<Mail>> = {
  digest: () => sampleMail({ note: 'This digest comes late.' }, { unsubscribeUrl: LETTER.unsubscribeUrl }),
  'digest of 25 papers': () => sampleMail({ papers: MANY }, { unsubscribeUrl: LETTER.unsubscribeUrl }),
  'digest of one paper': () =>
    sampleMail({ papers: [BARE_PAPER] }, { unsubscribeUrl: LETTER.unsubscribeUrl }),
  confirmation: () => buildConfirmationMail({ ...LETTER, confirmUrl: `${SITE}/confirm/${SECRET}` }),
  'preferences link': () =>
    buildPreferencesMail({ ...LETTER, preferencesUrl: `${SITE}/preferences/${SECRET}` }),
  'letter to the old mailbox': () =>
    buildOldMailboxMail({ ...LETTER, confirmUrl: `${SITE}/address/${SECRET}` }, 'ann@elsewhere.example'),
  'letter to the new mailbox': () =>
    buildNewMailboxMail({ ...LETTER, confirmUrl: `${SITE}/address/${SECRET}` }),
}
