import type { Db } from '../db/engine/connect.ts'
import { listFetches } from '../db/fetching/fetches.ts'
import { listForgottenPages } from '../db/fetching/pages.ts'
import { listFetchedSources } from '../db/fetching/sources.ts'
import { listCapturedMails } from '../db/mail/capturedMails.ts'
import { SAMPLE_DAYS_BACK } from './source/sampleSources.ts'
import type { DemoSubscriber } from './subscribers.ts'

const END_OF_TIME = new Date('9999-12-31')

/** Whether every day of every sample source is fetched and parsed. */
export async function listingsStored(db: Db): Promise<boolean> {
  for (const source of await listFetchedSources(db)) {
    if ((await listFetches(db, source.id)).length <= SAMPLE_DAYS_BACK) return false
  }
  return (await listForgottenPages(db, END_OF_TIME, 1)).length === 0
}

/** Whether each subscriber has a mail in the inbox. */
export async function digestsDelivered(db: Db, subscribers: DemoSubscriber[]): Promise<boolean> {
  const mails = await listCapturedMails(db, { limit: 100 })
  return subscribers.every(({ email }) => mails.some((mail) => mail.rcpt_to.includes(email)))
}
