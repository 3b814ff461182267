import type { ClaimedDigest } from '../../db/digests/claims.ts'
import { releaseClaims } from '../../db/digests/claims.ts'
import { endMailPause } from '../../db/mail/mailPauses.ts'
import { PermanentError, TemporaryError } from '../../errors.ts'
import type { NextJob, Tools } from '../../tools.ts'
import { writeDigestMail } from './digestMail.ts'
import { type DomainTurns, takeDomainTurns } from './domainTurns.ts'
import { LEASE, whileClaimed } from './lease.ts'
import { type BlockDomain, giveBack, type NoteRefusal, recordAnswer, settleDoubt } from './outcome.ts'
import { type Prepared, prepare } from './prepare.ts'
import { reasonNotToSend } from './reasonNotToSend.ts'
import { type ClaimWriter, openClaimWriter } from './writing.ts'

/**
 * Mails of one batch under way at a time: as many as a relay has connections. A process has two batches, so each connection has its
 * next mail ready. More would not be quicker, and keep more memory.
 */
const UNDER_WAY = 5

/** What concerns a whole batch. */
export interface Batch {
  /** A pause of all mail has just ended. It is lifted when the mail server accepts a mail. */
  wasPaused: boolean
  /** The worker must stop: nothing new is begun. */
  stopping?: AbortSignal
  noteRefusal: NoteRefusal
}

/**
 * Sends claimed digests, several at a time; after a pause of all mail first one alone, to see whether mail goes again. What
 * is not begun when all mail must wait, or the worker stops, is released. Gives the jobs for those whose turn at their
 * recipient's domain comes later.
 */
export function deliverDigests(digests: ClaimedDigest[], batch: Batch, tools: Tools): Promise<NextJob[]> {
  const writer = openClaimWriter(tools)
  return whileClaimed(writer, digests, async () => {
    const turns = await takeDomainTurns(await prepare(digests, tools), tools)
    try {
      await deliverEach(turns, { ...batch, writer }, tools)
    } finally {
      turns.end()
    }
    return turns.later
  })
}

async function deliverEach(
  turns: DomainTurns,
  batch: Batch & { writer: ClaimWriter },
  tools: Tools,
): Promise<void> {
  let waiting = turns.now
  let isPaused = batch.wasPaused
  const mayBegin = () => !batch.stopping?.aborted
  const deliverNext = async (digest: Prepared) => {
    const delivered = await deliver(digest, { ...batch, turns }, tools)
    if (isPaused && delivered === 'accepted') {
      isPaused = false
      await endMailPause(tools.db)
    }
    return delivered !== 'pause'
  }
  if (isPaused)
    waiting = await eachOf(waiting, 1, mayBegin, async (digest) => (await deliverNext(digest)) && isPaused)
  if (!isPaused) waiting = await eachOf(waiting, UNDER_WAY, mayBegin, deliverNext)
  await releaseClaims(
    tools.db,
    waiting.map(({ digest }) => digest),
  )
}

/**
 * Runs `work` for each item, at most `width` at a time, until one answers false or none may begin. Gives the items that
 * were not begun.
 * @throws the first error, after all that was begun has ended.
 */
async function eachOf<Item>(
  items: Item[],
  width: number,
  mayBegin: () => boolean,
  work: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const waiting = [...items]
  const errors: unknown[] = []
  let goesOn = true
  const lane = async () => {
    while (goesOn && mayBegin()) {
      const item = waiting.shift()
      if (item === undefined) return
      if (!(await work(item))) goesOn = false
    }
  }
  const lanes = Array.from({ length: width }, () => lane().catch((error) => errors.push(error)))
  await Promise.all(lanes)
  if (errors.length > 0) throw errors[0]
  return waiting
}

type Delivered = 'accepted' | 'ended' | 'pause'

async function deliver(
  prepared: Prepared,
  { writer, turns, noteRefusal }: { writer: ClaimWriter; turns: DomainTurns; noteRefusal: NoteRefusal },
  tools: Tools,
): Promise<Delivered> {
  const { digest, subscriber } = prepared
  if (digest.handed_at !== null) {
    await settleDoubt(digest, 'its sender went away', tools)
    return 'ended'
  }
  const stop = reasonNotToSend(prepared, tools.now())
  if (stop || !subscriber) {
    await giveBack(
      digest,
      stop ?? { status: 'skipped', reason: 'the subscriber is gone' },
      tools,
      noteRefusal,
    )
    return 'ended'
  }
  if (await turns.mustWait(prepared)) return 'ended'
  const mail = await writeMail(prepared, noteRefusal, tools)
  if (mail === undefined) return 'ended'
  const handover = { digest, messageId: mail.messageId, addressHash: prepared.addressHash, leaseMs: LEASE }
  let begunAt = performance.now()
  const result = await tools.mailer.send(mail, async () => {
    begunAt = performance.now()
    if (!(await writer.markHanded(handover))) throw new TemporaryError(OVERTAKEN)
  })
  if (result.kind !== 'accepted') {
    const blockDomain: BlockDomain = (reason, always) => turns.block(prepared, reason, always)
    return (await recordAnswer(digest, result, tools, { noteRefusal, blockDomain })) ? 'pause' : 'ended'
  }
  await writer.endSent({ digest, response: result.response })
  await turns.accepted(prepared, performance.now() - begunAt)
  return 'accepted'
}

const OVERTAKEN = 'another sender has taken the digest over, or its subscriber left meanwhile'

/** Undefined if the mail cannot be written. Another attempt could not write it either, so the digest has failed. */
async function writeMail(prepared: Prepared, noteRefusal: NoteRefusal, tools: Tools) {
  try {
    return await writeDigestMail(prepared, tools)
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    await giveBack(prepared.digest, { status: 'failed', reason: error.message }, tools, noteRefusal)
    return undefined
  }
}
