import { latestDayAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import { listDigestsByIds } from '../../db/digests/digests.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { findSubscriberByEmail, listActiveSubscribers } from '../../db/subscribers/subscribers.ts'
import { composeJobs } from '../../digests/composeJobs.ts'
import { planDigestOf, planDueDigests } from '../../digests/planDigests.ts'
import type { LocalDate } from '../../domain.ts'
import { PermanentError, reasonOf, UsageError } from '../../errors.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { complain, parseDate, print, withTools } from '../terminal/withTools.ts'

interface Options {
  on?: string
  to?: string
  json?: boolean
}

/**
 * Plans, composes and sends what is due. With --on: the digests of that day. With --to: only that subscriber's, now.
 */
export async function runDigest(config: Config, options: Options): Promise<ExitCode> {
  const on = parseDate('--on', options.on)
  return withTools(config, async ({ tools }) => {
    refuseFuture(on, tools.now())
    const ids = await planned(tools, on, options.to)
    // A digest that fails does not stop the others; each row says what happened to its digest.
    for (const job of composeJobs(ids))
      await runToEnd([job], tools).catch((error) => complain(reasonOf(error)))
    return report(tools, ids, options)
  })
}

/**
 * Tomorrow's papers are not known yet, and a day has one digest. A digest made today would take the place of the real
 * one.
 */
function refuseFuture(on: LocalDate | undefined, now: Date): void {
  if (on !== undefined && on > latestDayAt(now)) {
    throw new UsageError(`--on: expected today or a day before, got ${on}`)
  }
}

/** The digests to make now: new ones, and planned ones that nobody has sent yet. */
async function planned(tools: Tools, on: LocalDate | undefined, to: string | undefined): Promise<number[]> {
  if (on === undefined && to === undefined) return planDueDigests(tools)
  const subscribers =
    to === undefined ? await listActiveSubscribers(tools.db) : [await subscriberNamed(tools, to)]
  const ids: number[] = []
  for (const subscriber of subscribers) ids.push(...(await planFor(tools, subscriber, on)))
  return ids
}

async function subscriberNamed(tools: Tools, email: string): Promise<SubscriberRow> {
  const subscriber = await findSubscriberByEmail(tools.db, email)
  if (subscriber?.status === 'active') return subscriber
  const came = subscriber
    ? `${email}, whose subscription is ${subscriber.status}`
    : `${email}, whom nobody subscribed`
  throw new PermanentError(
    `--to: expected a subscriber with an active subscription, got ${came}; add them: paperboy subscribe ${email} --confirmed`,
  )
}

async function planFor(
  tools: Tools,
  subscriber: SubscriberRow,
  on: LocalDate | undefined,
): Promise<number[]> {
  const { digest, isOpen } = await planDigestOf(tools, subscriber, on)
  if (isOpen) return [digest.id]
  complain(
    `${subscriber.email}: the digest of ${digest.local_date} is ${digest.status} already; a day has one`,
  )
  return []
}

async function report(tools: Tools, ids: number[], options: Options): Promise<ExitCode> {
  const digests = await listDigestsByIds(tools.db, ids)
  const count = (status: string) => digests.filter((digest) => digest.status === status).length
  const failed = digests.length - count('sent') - count('skipped')
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
    for (const { email, on, status, papers, reason } of digests) {
      print(`${on}  ${email}  ${status}${status === 'sent' ? `, ${papers} papers` : `: ${reason}`}`)
    }
    if (digests.length === 0) print('No digest is due.')
  }
  return failed === 0 ? 0 : 1
}
