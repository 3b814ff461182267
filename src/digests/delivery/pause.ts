import type { Db } from '../../db/engine/connect.ts'
import { listNewestEventKinds } from '../../db/mail/mailEvents.ts'
import { findMailPause, pauseMail } from '../../db/mail/mailPauses.ts'
import { TemporaryError } from '../../errors.ts'

/** A refusal does not stop other mail if the mail server accepted one of this many last mails. */
const LOOKED_AT = 10
const LATELY = 10 * 60 * 1000

/**
 * Pauses all mail after a refusal that concerns the sender or the server. If the mail server accepted another mail
 * lately, only this mail waits. True if all mail waits.
 */
export async function pauseUnlessOthersPass(db: Db, reason: string): Promise<boolean> {
  const lately = await listNewestEventKinds(db, LOOKED_AT, LATELY)
  if (lately.includes('accepted')) return false
  await pauseMail(db, reason)
  return true
}

/**
 * Whether sending is paused. The pause ends with the next mail that is accepted.
 * @throws TemporaryError during the pause, with the time until the next try.
 */
export async function waitOutPause(db: Db, now: Date): Promise<boolean> {
  const pause = await findMailPause(db)
  if (pause?.lasts) {
    const retryAfterMs = Math.max(1000, pause.until.getTime() - now.getTime())
    throw new TemporaryError(`all mail waits, because of the last answer: ${pause.reason}`, { retryAfterMs })
  }
  return pause !== undefined
}
