import { insertMailEvent } from '../../db/mail/mailEvents.ts'
import { blockDomain } from '../../db/mail/mailLimits.ts'
import { endMailPause } from '../../db/mail/mailPauses.ts'
import { deleteToken } from '../../db/subscribers/tokens.ts'
import { PermanentError, TemporaryError } from '../../errors.ts'
import { domainOf } from '../../mail/address.ts'
import type { Mail } from '../../mail/compose/message.ts'
import { refusedMailbox, type SendResult } from '../../mail/deliver/sendResult.ts'
import type { Tools } from '../../tools.ts'
import type { NoteRefusal } from './outcome.ts'
import { pauseUnlessOthersPass, waitOutPause } from './pause.ts'

/** A mail that somebody asked for, such as the link to confirm. */
export interface Letter {
  /** For errors and logs: `confirmation of subscriber 7`. */
  name: string
  subscriberId: number
  mail: Mail
  /** The secret tokens that it carries. */
  tokens: string[]
  /** Claims it for sending, once; false if it was claimed before. */
  claim(): Promise<boolean>
  /** The mail server certainly did not accept it: another attempt may follow. */
  release(): Promise<void>
  /** What a refusal for good says of the mailbox; undefined if the mailbox is not the subscriber's own. */
  noteRefusal: NoteRefusal | undefined
}

/**
 * Sends a letter. It is claimed just before its message goes out, so a crash in between loses one letter, which can be asked
 * for again, and never sends it twice. A letter that is not accepted takes its links with it.
 * @throws TemporaryError if it may be tried again, PermanentError if it was refused for good.
 */
export async function sendLetter(write: () => Promise<Letter | undefined>, tools: Tools): Promise<void> {
  const wasPaused = await waitOutPause(tools.db, tools.now())
  const letter = await write()
  if (letter === undefined) return
  let taken = false
  // The claim comes as late as possible. A failure before it can be tried again; after it, the mail may have been
  // delivered.
  const result = await tools.mailer.send(letter.mail, async () => {
    taken = await letter.claim()
    if (!taken) throw new TemporaryError('another mail was asked for meanwhile')
  })
  if (result.kind === 'accepted' || result.kind === 'unknown') {
    await record(letter, result, tools)
    if (wasPaused && result.kind === 'accepted') await endMailPause(tools.db)
    return
  }
  for (const token of letter.tokens) await deleteToken(tools.db, token)
  if (result.kind === 'refused' && result.permanent) {
    if (!taken) await letter.claim()
  } else if (taken) await letter.release()
  if (result.kind === 'withheld') throw new TemporaryError(result.reason)
  await record(letter, result, tools)
  return refuse(letter, result, tools)
}

type Answer = Exclude<SendResult, { kind: 'withheld' }>

async function record({ subscriberId, noteRefusal }: Letter, result: Answer, tools: Tools): Promise<void> {
  if (result.kind === 'refused' && result.permanent && noteRefusal) {
    const refusal = { subscriberId, digestId: null, ...refusedMailbox(result) }
    return tools.db.transaction().execute((tx) => noteRefusal(tx, tools, refusal))
  }
  const kind = result.kind === 'refused' ? kindOf(result) : result.kind
  const detail = result.kind === 'accepted' ? result.response : result.reason
  const event = { digest_id: null, subscriber_id: subscriberId, at: tools.now() }
  await insertMailEvent(tools.db, { ...event, kind, detail })
}

function kindOf({ blame }: SendResult & { kind: 'refused' }) {
  return blame === 'sender' ? 'our fault' : 'deferred'
}

/** The mail was certainly not sent. A refusal for good ends it; other failures are tried again. */
async function refuse(
  { name, mail }: Letter,
  refusal: SendResult & { kind: 'refused' },
  tools: Tools,
): Promise<never> {
  const { reason, blame } = refusal
  if (refusal.permanent) throw new PermanentError(`${name}: the mail server refused it for good: ${reason}`)
  if (blame === 'domain') await blockDomain(tools.db, domainOf(mail.to.address), reason)
  else if (blame !== 'mail') await pauseUnlessOthersPass(tools.db, reason)
  throw new TemporaryError(`${name}: the mail server did not take it now: ${reason}`)
}
