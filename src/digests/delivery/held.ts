import { insertAudit } from '../../db/audit.ts'
import { endHold } from '../../db/digests/outcomes.ts'
import type { Tools } from '../../tools.ts'

const LEFT = 'it may have been delivered; it was left as it is'

/**
 * Closes a held digest without sending it again. A digest is held if nobody knows whether it arrived. Returns false if
 * the digest is not held. `actor`: who decides, for the audit.
 */
export function leaveHeldDigest(
  { db, now }: Pick<Tools, 'db' | 'now'>,
  id: number,
  actor: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await endHold(tx, id, { status: 'failed', reason: LEFT }))) return false
    await insertAudit(tx, { at: now(), actor, action: 'left a digest in doubt', subject: `digest ${id}` })
    return true
  })
}
