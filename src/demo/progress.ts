import type { Db } from '../db/engine/connect.ts'
import { listFetches } from '../db/fetching/fetches.ts'
import { listForgottenPages } from '../db/fetching/pages.ts'
import { listFetchedSources } from '../db/fetching/sources.ts'
import { listCaughtMails } from '../db/mail/caughtMails.ts'
import type { DemoReader } from './readers.ts'
import { SAMPLE_DAYS_BACK } from './source/sampleSources.ts'

const END_OF_TIME = new Date('9999-12-31')

/** Whether every day of every sample source is fetched and parsed. */
export async function listingsStored(db: Db): Promise<boolean> {
  for (const source of await listFetchedSources(db)) {
    if ((await listFetches(db, source.id)).length <= SAMPLE_DAYS_BACK) return false
  }
  return (await listForgottenPages(db, END_OF_TIME, 1)).length === 0
}

/** Whether each reader has a mail in the inbox. */
export async function digestsDelivered(db: Db, readers: DemoReader[]): Promise<boolean> {
  const mails = await listCaughtMails(db, { limit: 100 })
  return readers.every(({ email }) => mails.some((mail) => mail.rcpt_to.includes(email)))
}
