import { insertAudit } from '../db/audit.ts'
import type { Db } from '../db/engine/connect.ts'
import { dropFromOpenDigests } from '../db/papers/itemMoves.ts'
import { lockPaperRows } from '../db/papers/paperMoves.ts'
import { setPaperHidden } from '../db/papers/papers.ts'

/**
 * Hides a paper: it stands in no list, digest, search or feed any more, and is taken out of digests that are not handed
 * over yet. What lists bring of it is still recorded. Gives whether it was shown before.
 */
export function hidePaper(db: Db, id: number, now: Date): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await lockPaperRows(tx, [id])
    if (!(await setPaperHidden(tx, id, now, now))) return false
    await dropFromOpenDigests(tx, id, now)
    await insertAudit(tx, { at: now, actor: 'admin', action: 'hid a paper', subject: `paper ${id}` })
    return true
  })
}

/** Shows a hidden paper again. Gives whether it was hidden. */
export function unhidePaper(db: Db, id: number, now: Date): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await setPaperHidden(tx, id, null, now))) return false
    await insertAudit(tx, { at: now, actor: 'admin', action: 'showed a paper again', subject: `paper ${id}` })
    return true
  })
}
