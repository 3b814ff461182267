import type { Db } from '../db/engine/connect.ts'
import { createTokens } from '../db/subscribers/tokens.ts'

/** The addresses that a digest's mail carries, each with a secret of its own purpose. */
export interface DigestLinks {
  viewUrl: string
  preferencesUrl: string
  unsubscribeUrl: string
  /** Where a paper is judged: the paper's number follows. */
  judgeUrl: string
}

/** Makes the links of digests. Each attempt to send makes new ones, because only their hashes are stored. */
export async function digestLinks(
  db: Db,
  digests: { id: number; subscriber_id: number }[],
  publicUrl: string,
  now: Date,
): Promise<Map<number, DigestLinks>> {
  const purposes = ['view', 'manage', 'unsubscribe'] as const
  const tokens = await createTokens(
    db,
    digests.flatMap(({ id, subscriber_id }) =>
      purposes.map((purpose) => ({ purpose, subscriberId: subscriber_id, digestId: id })),
    ),
    now,
  )
  return new Map(
    digests.map(({ id }, index) => {
      const [view, manage, unsubscribe] = tokens.slice(index * purposes.length)
      const preferencesUrl = `${publicUrl}/preferences/${manage}`
      return [
        id,
        {
          viewUrl: `${publicUrl}/digests/${view}`,
          preferencesUrl,
          unsubscribeUrl: `${publicUrl}/unsubscribe/${unsubscribe}`,
          judgeUrl: `${preferencesUrl}/papers/`,
        },
      ]
    }),
  )
}
