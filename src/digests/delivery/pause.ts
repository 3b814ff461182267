import type { Db } from '../../db/engine/connect.ts'
import { listNewestEventKinds } from '../../db/mail/mailEvents.ts'
import { findMailPause, pauseMail } from '../../db/mail/mailPauses.ts'
import { TemporaryError } from '../../errors.ts'

/** A mail server that took one of its last mails is no cause to let all others wait. */
const LOOKED_AT = 10
const LATELY = 10 * 60 * 1000

/**
 * Lets all mail wait after a refusal that spoke of the sender or the server, unless the mail server took another mail
 * lately: then only this one waits.
 */
export async function pauseUnlessOthersPass(db: Db, reason: string): Promise<void> {
  const lately = await listNewestEventKinds(db, LOOKED_AT, LATELY)
  if (!lately.includes('accepted')) await pauseMail(db, reason)
}

/**
 * Whether a pause was begun; it ends with the next mail that is taken.
 * @throws TemporaryError while it lasts, with the time until the next try.
 */
export async function waitOutPause(db: Db, now: Date): Promise<boolean> {
  const pause = await findMailPause(db)
  if (pause?.lasts) {
    const retryAfterMs = Math.max(1000, pause.until.getTime() - now.getTime())
    throw new TemporaryError(`all mail waits, because of the last answer: ${pause.reason}`, { retryAfterMs })
  }
  return pause !== undefined
}
