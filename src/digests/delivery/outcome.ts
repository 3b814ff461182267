import { type ClaimedDigest, type End, endClaimed, releaseClaimed } from '../../db/digests/claims.ts'
import { releaseItems } from '../../db/digests/digestItems.ts'
import type { Tx } from '../../db/engine/connect.ts'
import { insertMailEvent } from '../../db/mail/mailEvents.ts'
import { refusedMailbox, type SendResult } from '../../mail/deliver/sendResult.ts'
import type { Tools } from '../../tools.ts'
import { untilWritten } from './lease.ts'
import { pauseUnlessOthersPass } from './pause.ts'
import type { Unsent } from './reasonNotToSend.ts'

const SECOND = 1000
const FIRST_RETRY = 5 * SECOND
const LONGEST_RETRY = 30 * 60 * SECOND
const IN_DOUBT =
  'the mail server took some or all of the message, and its answer never came or was not written down: it may have been delivered'

/** Writes that a digest ended without a mail, and what a refusal says of the mailbox; null if nothing. */
export type NoteRefusal = (
  tx: Tx,
  tools: Tools,
  refusal: { subscriberId: number; digestId: number | null; status: string | null; reason: string },
) => Promise<void>

/** Leaves the recipient's domain alone for a while; gives the milliseconds until the next try, undefined if only this mail waits. */
export type BlockDomain = (reason: string, always: boolean) => Promise<number | undefined>

/** Writes what the mail server answered if it did not accept the mail. True if all mail must wait. */
export async function recordAnswer(
  digest: ClaimedDigest,
  result: Exclude<SendResult, { kind: 'accepted' }>,
  tools: Tools,
  { noteRefusal, blockDomain }: { noteRefusal: NoteRefusal; blockDomain: BlockDomain },
): Promise<boolean> {
  if (result.kind === 'unknown') {
    await settleDoubt(digest, result.reason, tools)
    return false
  }
  if (result.kind === 'withheld') {
    await releaseClaimed(tools.db, digest, { reason: null })
    return false
  }
  if (!result.permanent) return postpone(digest, result, tools, blockDomain)
  const { status, reason } = refusedMailbox(result)
  await giveBack(digest, { status: 'failed', reason }, tools, noteRefusal, status)
  return false
}

/**
 * The mail was not accepted now, so the digest waits for another attempt. If the refusal concerned the recipient's domain,
 * all mail to that domain waits; if it concerned neither, all mail waits. True if all mail waits.
 */
async function postpone(
  digest: ClaimedDigest,
  refusal: SendResult & { kind: 'refused' },
  tools: Tools,
  blockDomain: BlockDomain,
): Promise<boolean> {
  const { blame, reason } = refusal
  const domainMs = blame === 'domain' ? await blockDomain(reason, refusal.code === 421) : undefined
  const kind = blame === 'sender' ? 'our fault' : 'deferred'
  await insertMailEvent(tools.db, { ...eventOf(digest, tools), kind, detail: reason })
  const isPaused =
    (blame === 'sender' || blame === 'server') && (await pauseUnlessOthersPass(tools.db, reason))
  // The pause says when all mail is tried again. A digest of its own waits longer after each attempt.
  const ownMs = Math.min(FIRST_RETRY * 2 ** (digest.attempts - 1), LONGEST_RETRY)
  const retryAfterMs = isPaused ? 0 : (domainMs ?? ownMs)
  await releaseClaimed(tools.db, digest, { reason, retryAfterMs })
  tools.log.warn({ digest: digest.id, reason }, 'the mail server did not take a digest now')
  return isPaused
}

/** The message may have been delivered. It is sent once more if the setting says so, else held for the operator. */
export async function settleDoubt(digest: ClaimedDigest, reason: string, tools: Tools): Promise<void> {
  const told = `${IN_DOUBT} (${reason})`
  const isHeld = tools.mailOnDoubt === 'hold' || digest.doubts > 0
  await untilWritten(() =>
    tools.db.transaction().execute(async (tx) => {
      const written = isHeld
        ? await endClaimed(tx, digest, { status: 'held', reason: told })
        : await releaseClaimed(tx, digest, { reason: told, inDoubt: true })
      if (written) await insertMailEvent(tx, { ...eventOf(digest, tools), kind: 'unknown', detail: told })
    }),
  )
}

/**
 * Ends a digest that surely reached nobody. Its papers may come in a later one. `mailboxStatus`: the enhanced status code
 * (RFC 3463) of a refusal that concerns the mailbox; null if there was none.
 */
export async function giveBack(
  digest: ClaimedDigest,
  outcome: Unsent,
  tools: Tools,
  noteRefusal: NoteRefusal,
  mailboxStatus: string | null = null,
): Promise<void> {
  await tools.db.transaction().execute(async (tx) => {
    if (!(await endClaimed(tx, digest, outcome satisfies End))) return
    await releaseItems(tx, digest.id)
    const { subscriber_id: subscriberId, id: digestId } = digest
    await noteRefusal(tx, tools, { subscriberId, digestId, status: mailboxStatus, reason: outcome.reason })
  })
}

function eventOf(digest: ClaimedDigest, tools: Tools) {
  return { digest_id: digest.id, subscriber_id: digest.subscriber_id, at: tools.now() }
}
