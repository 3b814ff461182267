import { latestDayAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import { type DigestReport, listDigestsByIds, listForgottenDigests } from '../../db/digests/digests.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { findMailPause, type MailPause, tryMailNow } from '../../db/mail/mailPauses.ts'
import { findSubscriberByEmail, listActiveSubscribers } from '../../db/subscribers/subscribers.ts'
import { composeJobs, sendJobs } from '../../digests/digestJobs.ts'
import { planDigestOf, planDueDigests } from '../../digests/planDigests.ts'
import type { LocalDate } from '../../domain.ts'
import { PermanentError, reasonOf, UsageError } from '../../errors.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { complain, print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

/** Open digests that one run takes up again. */
const MOST_OPEN = 100_000

interface Options {
  on?: string
  to?: string
  json?: boolean
}

/**
 * Plans, composes and sends: what is due, and what earlier runs left open; with --on the digests of that day; with --to
 * only that subscriber's, now. One refusal, or a relay that is away, holds up nobody else: the next run goes on.
 */
export async function runDigest(config: Config, options: Options): Promise<ExitCode> {
  const on = parseDate('--on', options.on)
  return withTools(config, async ({ tools }) => {
    refuseFuture(on, tools.now())
    const work = await workFor(tools, on, options.to)
    const failed = await runToEnd([...composeJobs(work.compose), ...sendJobs(work.send)], tools).catch(
      (error: unknown) => error,
    )
    const ids = [...work.compose, ...work.send]
    const code = await report(tools, ids, work.refused, options)
    // Told where no digest's own line tells it.
    if (failed !== undefined && code === 0) complain(reasonOf(failed))
    return failed === undefined ? code : 1
  })
}

/** Digests to compose and to send, and how many of those asked for there is nothing to do for. */
interface Work {
  compose: number[]
  send: number[]
  refused: number
}

/** Nobody knows tomorrow's papers, and a day has one digest: made today it would take the place of the real one. */
function refuseFuture(on: LocalDate | undefined, now: Date): void {
  if (on !== undefined && on > latestDayAt(now)) {
    throw new UsageError(`--on: expected today or a day before, got ${on}`)
  }
}

async function workFor(tools: Tools, on: LocalDate | undefined, to: string | undefined): Promise<Work> {
  if (on === undefined && to === undefined) {
    const due = await planDueDigests(tools)
    await tryMailNow(tools.db)
    const open = await listForgottenDigests(tools.db, 0, MOST_OPEN)
    return { compose: [...new Set([...due, ...open.compose])], send: open.send, refused: 0 }
  }
  const subscribers =
    to === undefined ? await listActiveSubscribers(tools.db) : [await subscriberNamed(tools, to)]
  const work: Work = { compose: [], send: [], refused: 0 }
  for (const subscriber of subscribers) await planFor(tools, subscriber, on, work)
  return work
}

async function subscriberNamed(tools: Tools, email: string): Promise<SubscriberRow> {
  const subscriber = await findSubscriberByEmail(tools.db, email)
  if (subscriber?.status === 'active') return subscriber
  const came = subscriber
    ? `${email}, whose subscription is ${subscriber.status}`
    : `the unknown address ${email}`
  throw new PermanentError(
    `--to: expected a subscriber with an active subscription, got ${came}; add it with: paperboy subscribe ${email} --confirmed`,
  )
}

/** Adds a subscriber's digest of a day to the work: a new one, one that is open, or one that ended without a mail, anew. */
async function planFor(
  tools: Tools,
  subscriber: SubscriberRow,
  on: LocalDate | undefined,
  work: Work,
): Promise<void> {
  const { digest, work: left } = await planDigestOf(tools, subscriber, on)
  if (left !== undefined) {
    work[left].push(digest.id)
    return
  }
  work.refused += 1
  const why = WHY_NOT_AGAIN[digest.status as 'sent' | 'held']
  complain(`${subscriber.email}: ${why(digest.local_date, digest.id)}`)
}

const WHY_NOT_AGAIN = {
  sent: (date: LocalDate) => `the digest of ${date} is sent already, and a day has one digest`,
  held: (date: LocalDate, id: number) =>
    `the digest of ${date} may have arrived; paperboy delivery resend ${id} sends it again, paperboy delivery leave ${id} leaves it`,
}

/** What came of the digests, in lines or as JSON; 1 if one of them reached nobody, or none could be made for the one asked for. */
async function report(tools: Tools, ids: number[], refused: number, options: Options): Promise<ExitCode> {
  const digests = await listDigestsByIds(tools.db, ids)
  const count = (...statuses: string[]) => digests.filter(({ status }) => statuses.includes(status)).length
  const waiting = count('planned', 'composing', 'sending')
  const failed = count('failed', 'suppressed', 'held') + waiting
  const pause = waiting > 0 ? await findMailPause(tools.db) : undefined
  if (options.json) {
    print(
      JSON.stringify({
        planned: ids.length,
        sent: count('sent'),
        skipped: count('skipped'),
        failed,
        digests: digests.map(({ id: _id, ...digest }) => digest),
      }),
    )
  } else {
    for (const digest of digests) print(lineOf(digest, pause))
    if (digests.length === 0 && refused === 0) print('No digest is due.')
  }
  return failed > 0 || (refused > 0 && options.to !== undefined) ? 1 : 0
}

function lineOf({ email, on, status, papers, reason }: DigestReport, pause: MailPause | undefined): string {
  const begin = `${on}  ${email}  `
  if (status === 'sent') return `${begin}sent, ${papers} papers`
  const isOpen = status === 'planned' || status === 'composing' || status === 'sending'
  return `${begin}${isOpen ? 'waiting for the next run' : status}: ${reason ?? pause?.reason ?? 'not sent yet'}`
}
