import { insertAudit } from '../../db/audit.ts'
import { findDigest, replanDigest } from '../../db/digests/digests.ts'
import { endHold } from '../../db/digests/outcomes.ts'
import type { NextJob, Tools } from '../../tools.ts'
import { composeJobs, sendJobs } from '../digestJobs.ts'

/** What became of digests that an operator wants sent. */
export interface TakenUp {
  /** The jobs that send them. */
  jobs: NextJob[]
  /** May have arrived, and are sent once more under the same Message-ID. */
  resent: number
  /** Reached nobody, and are composed again. */
  anew: number
  /** Were still open, and go on. */
  resumed: number
  /** Were sent already, or are gone: nothing is done. */
  left: number
}

/**
 * Sends digests that have not arrived. Held ones are sent again under the same Message-ID, failed and skipped ones are
 * composed again, and open ones go on from where they stand. Digests that were sent are left alone, so a second call
 * sends nothing twice. `actor`: who decides, for the audit.
 */
export async function takeUpDigests(
  { db, now }: Pick<Tools, 'db' | 'now'>,
  ids: number[],
  actor: string,
): Promise<TakenUp> {
  const work = { resend: [] as number[], anew: [] as number[], open: [] as NextJob[], left: 0 }
  for (const id of ids) {
    await db.transaction().execute(async (tx) => {
      const note = (action: string) => insertAudit(tx, { at: now(), actor, action, subject: `digest ${id}` })
      if (await endHold(tx, id, { status: 'sending' })) {
        work.resend.push(id)
        return note('sent a digest in doubt once more')
      }
      if (await replanDigest(tx, id)) {
        work.anew.push(id)
        return note('planned a digest again')
      }
      const digest = await findDigest(tx, id)
      if (digest?.status === 'sending') work.open.push(...sendJobs([id]))
      else if (digest?.status === 'planned' || digest?.status === 'composing')
        work.open.push(...composeJobs([id]))
      else work.left += 1
    })
  }
  return {
    jobs: [...sendJobs(work.resend), ...composeJobs(work.anew), ...work.open],
    resent: work.resend.length,
    anew: work.anew.length,
    resumed: work.open.length,
    left: work.left,
  }
}
