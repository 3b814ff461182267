import type { Tx } from '../db/engine/connect.ts'
import {
  insertMailRequest,
  insertSignUpRequest,
  takeMailRequest,
  uncountSignUp,
} from '../db/subscribers/mailRequests.ts'
import { findSubscriberByEmail, lockSubscriber } from '../db/subscribers/subscribers.ts'
import type { NextJob } from '../tools.ts'
import type { Context } from './membership.ts'
import type { Preferences } from './preferences.ts'
import { type AskOutcome, askForMail, signUpIn } from './subscribing.ts'

/** Sign-ups that the whole installation takes in an hour. What one mailbox gets is limited by `askForMail`. */
const SIGN_UPS_PER_HOUR = 500

/**
 * Keeps what was typed into the sign-up form; the job that follows does what the address needs. So neither the answer
 * nor its time tells whether the address is known. Undefined if the installation takes no more sign-ups in this hour.
 */
export async function requestSignUp(
  context: Context,
  email: string,
  wish: Preferences,
): Promise<NextJob[] | undefined> {
  const hour = { most: SIGN_UPS_PER_HOUR, at: context.now() }
  const requestId = await insertSignUpRequest(context.db, { email, wish }, hour)
  return requestId === undefined ? undefined : jobFor(requestId)
}

/**
 * Keeps the wish for a link to one's preferences. Nobody is turned away: a subscriber's own mail does not wait for the
 * sign-ups of strangers, and an address that is not subscribed gets no mail.
 */
export async function requestPreferencesLink(context: Context, email: string): Promise<NextJob[]> {
  return jobFor(await insertMailRequest(context.db, { kind: 'preferences', email, wish: {} }, context.now()))
}

/**
 * The work begins when the answer is out. In an installation of one process it would delay the answer, and its length tells whether
 * the address is known.
 */
const AFTER_ANSWER = 250

function jobFor(requestId: number): NextJob[] {
  return [{ name: 'takeMailRequest', payload: { requestId }, delayMs: AFTER_ANSWER }]
}

/** Does what a kept request asks for. Nothing if it was done before. */
export function answerMailRequest(
  context: Context,
  requestId: number,
): Promise<{ outcome: AskOutcome | 'unknown'; next: NextJob[] }> {
  return context.db.transaction().execute(async (tx) => {
    const request = await takeMailRequest(tx, requestId)
    if (request === undefined) return { outcome: 'unknown', next: [] }
    if (request.kind === 'preferences') return askForLink(tx, context, request.email)
    const wish = request.wish as Preferences
    const answer = await signUpIn(tx, context, { ...wish, email: request.email, source: 'web' })
    if (answer.outcome !== 'asked') await uncountSignUp(tx, context.now())
    return answer
  })
}

async function askForLink(
  tx: Tx,
  context: Context,
  email: string,
): Promise<{ outcome: AskOutcome | 'unknown'; next: NextJob[] }> {
  const found = await findSubscriberByEmail(tx, email)
  const subscriber = found && (await lockSubscriber(tx, found.id))
  if (!subscriber) return { outcome: 'unknown', next: [] }
  return askForMail(tx, context, subscriber, 'web', 'asked for a preferences link')
}
