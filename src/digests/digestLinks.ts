import type { Db } from '../db/engine/connect.ts'
import { createToken } from '../db/subscribers/tokens.ts'

/** The addresses that a digest's mail carries, each with a secret of its own purpose. */
export interface DigestLinks {
  viewUrl: string
  preferencesUrl: string
  unsubscribeUrl: string
  /** Where a paper is judged: the paper's number follows. */
  judgeUrl: string
}

/** Makes a digest's links. Each attempt to send makes new ones, because only their hashes are stored. */
export async function digestLinks(
  db: Db,
  digest: { id: number; subscriber_id: number },
  publicUrl: string,
  now: Date,
): Promise<DigestLinks> {
  const target = { subscriberId: digest.subscriber_id, digestId: digest.id }
  const token = (purpose: 'view' | 'manage' | 'unsubscribe') => createToken(db, { ...target, purpose }, now)
  const preferencesUrl = `${publicUrl}/preferences/${await token('manage')}`
  return {
    viewUrl: `${publicUrl}/digests/${await token('view')}`,
    preferencesUrl,
    unsubscribeUrl: `${publicUrl}/unsubscribe/${await token('unsubscribe')}`,
    judgeUrl: `${preferencesUrl}/papers/`,
  }
}
