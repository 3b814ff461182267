import { insertAudit } from '../../db/audit.ts'
import { endHold } from '../../db/digests/outcomes.ts'
import type { NextJob, Tools } from '../../tools.ts'

type Context = Pick<Tools, 'db' | 'now'>

const LEFT = 'it may have been delivered; it was left as it is'

/**
 * Sends a held digest once more, under the same Message-ID. A digest is held if nobody knows whether it arrived. Gives
 * the job that sends it, or undefined if the digest is not held. `actor`: who decides, for the audit.
 */
export function resendHeldDigest(
  context: Context,
  id: number,
  actor: string,
): Promise<NextJob[] | undefined> {
  return settle(context, id, actor, 'sent a digest in doubt once more', [
    { name: 'sendDigest', payload: { digestId: id } },
  ])
}

/** Closes a held digest without sending it again. Undefined if the digest is not held. */
export function leaveHeldDigest(context: Context, id: number, actor: string): Promise<NextJob[] | undefined> {
  return settle(context, id, actor, 'left a digest in doubt', [])
}

async function settle(
  { db, now }: Context,
  id: number,
  actor: string,
  action: string,
  jobs: NextJob[],
): Promise<NextJob[] | undefined> {
  return db.transaction().execute(async (tx) => {
    const next =
      jobs.length > 0 ? ({ status: 'sending' } as const) : ({ status: 'failed', reason: LEFT } as const)
    if (!(await endHold(tx, id, next))) return undefined
    await insertAudit(tx, { at: now(), actor, action, subject: `digest ${id}` })
    return jobs
  })
}
