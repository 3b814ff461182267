import type { Db } from '../db/engine/connect.ts'
import { createToken } from '../db/subscribers/tokens.ts'

/** The addresses that a digest's mail carries, each with a secret of its own purpose. */
export interface DigestLinks {
  view: string
  preferences: string
  unsubscribe: string
  /** Where a paper is judged: its number follows. Undefined where a digest is shown to whoever has its address. */
  judge?: string
}

/** Makes a digest's links. Each attempt to send makes new ones: only their hashes are stored. */
export async function digestLinks(
  db: Db,
  digest: { id: number; subscriber_id: number },
  publicUrl: string,
  now: Date,
): Promise<DigestLinks> {
  const target = { subscriberId: digest.subscriber_id, digestId: digest.id }
  const token = (purpose: 'view' | 'manage' | 'unsubscribe') => createToken(db, { ...target, purpose }, now)
  const preferences = `${publicUrl}/preferences/${await token('manage')}`
  return {
    view: `${publicUrl}/digests/${await token('view')}`,
    preferences,
    unsubscribe: `${publicUrl}/unsubscribe/${await token('unsubscribe')}`,
    judge: `${preferences}/papers/`,
  }
}
