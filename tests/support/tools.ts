import { pino } from 'pino'
import { createMailer } from '../../src/mail/deliver/transport.ts'
import { createFetcher } from '../../src/sources/fetching/fetch.ts'
import type { Tools } from '../../src/tools.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'
import { type MailServer, openMailServer, type Refusal } from './smtp.ts'

export interface TestTools {
  tools: Tools
  database: TestDatabase
  mail: MailServer
  /** Sets the clock of the steps; it stands still until it is set again. Undefined: the machine's clock, which runs. */
  setNow(now: string | undefined): void
  /** Sets the mail server's answer to a recipient from now on. */
  refuse(answer: ((recipient: string) => Refusal | undefined) | undefined): void
  close(): Promise<void>
}

/** Everything that a step may use, all real: a database, an SMTP server, and the fetcher with loopback allowed. */
export async function openTestTools(now = '2026-11-20T09:00:00Z'): Promise<TestTools> {
  let clock: Date | undefined = new Date(now)
  let refusal: ((recipient: string) => Refusal | undefined) | undefined
  const database = await openTestDatabase()
  const mail = await openMailServer({ refuse: (recipient) => refusal?.(recipient) })
  const fetcher = createFetcher({ userAgent: 'Paperboy tests', allowPrivate: true })
  const mailer = createMailer({ smtpUrl: mail.url })
  const tools: Tools = {
    db: database.db,
    now: () => (clock === undefined ? new Date() : new Date(clock)),
    fetcher,
    mailer,
    publicUrl: 'https://digest.example.org',
    mailFrom: 'Paperboy <digest@example.org>',
    bounceAddress: 'bounces@digest.example.org',
    mailOnDoubt: 'hold',
    thumbnails: true,
    keep: { pages: 400, fetches: 60, replays: 400, mailEvents: 400, audit: 400 },
    limitOf: () => undefined,
    secret: 'a secret of the tests, long enough to be one',
    log: pino({ level: 'silent' }),
  }
  return {
    tools,
    database,
    mail,
    setNow: (text) => {
      clock = text === undefined ? undefined : new Date(text)
    },
    refuse: (answer) => {
      refusal = answer
    },
    async close() {
      await fetcher.close()
      await mailer.close()
      await mail.close()
      await database.close()
    },
  }
}
