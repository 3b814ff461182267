import { insertAudit } from '../db/audit.ts'
import type { Db, Tx } from '../db/engine/connect.ts'
import { forgetSplits } from '../db/papers/paperMerges.ts'
import { findPapers, lockPapers, paperUpdates } from '../db/papers/papers.ts'
import { finish, join, startDraft } from '../papers/planning/draft.ts'
import { writeMerges } from './writeMerges.ts'

/**
 * Joins two stored papers because an admin says that they are one. The older one stays, as for papers that an entry ties;
 * everything of the other one moves to it, and a split undoes that. A split between the two is forgotten.
 * Gives the number of the paper that stays; undefined unless two papers are stored under these numbers.
 */
export function joinByHand(db: Db, ids: [number, number], now: Date): Promise<number | undefined> {
  const [stays, goes] = ids[0] < ids[1] ? ids : [ids[1], ids[0]]
  return db.transaction().execute(async (tx) => {
    await lockPapers(tx)
    if (!(await joinStored(tx, stays, goes, now))) return undefined
    await insertAudit(tx, {
      at: now,
      actor: 'admin',
      action: 'joined two papers',
      subject: `paper ${stays}`,
      details: { joined: goes },
    })
    return stays
  })
}

async function joinStored(tx: Tx, stays: number, goes: number, now: Date): Promise<boolean> {
  const papers = await findPapers(tx, [stays, goes])
  if (papers.length < 2) return false
  await forgetSplits(tx, stays, goes)
  const draft = startDraft({ papers, keys: [], merges: [], apart: [] })
  const indexOf = (id: number) => papers.findIndex((paper) => paper.id === id)
  const reason = { why: 'joined by an admin', score: Number.POSITIVE_INFINITY }
  join(draft, indexOf(stays), indexOf(goes), reason)
  const plan = finish(draft)
  const changed = plan.papers.flatMap(({ paper, changes, joinedTo }) =>
    changes !== undefined && joinedTo === undefined ? [paper] : [],
  )
  for (const write of paperUpdates(changed, now)) await write.execute(tx)
  await writeMerges(
    tx,
    plan,
    papers.map(({ id }) => id),
    now,
  )
  return true
}
