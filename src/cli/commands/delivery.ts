import { localDateAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import { findDigest } from '../../db/digests/digests.ts'
import { countDigestsOf, listHeldDigests } from '../../db/digests/outcomes.ts'
import { listTroubledDomains } from '../../db/mail/mailLimits.ts'
import { findMailPause } from '../../db/mail/mailPauses.ts'
import { leaveHeldDigest } from '../../digests/delivery/held.ts'
import { takeUpDigests } from '../../digests/delivery/takeUp.ts'
import type { DigestStatus } from '../../domain.ts'
import { PermanentError, UsageError } from '../../errors.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import type { Tools } from '../../tools.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { print, utcMinute } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

const ENDS: readonly DigestStatus[] = ['sent', 'failed', 'skipped', 'suppressed', 'held']
const OPEN: readonly DigestStatus[] = ['planned', 'composing', 'sending']
const MOST_SHOWN = 1000

/**
 * Shows how many digests were due on a day and how they ended, why sending is paused if it is, which recipient domains are
 * left alone for a while, and which digests are held.
 */
export async function showDelivery(
  config: Config,
  options: { on?: string; json?: boolean },
): Promise<ExitCode> {
  const asked = parseDate('--on', options.on)
  return withTools(config, async ({ tools: { db, now } }): Promise<ExitCode> => {
    const on = asked ?? localDateAt(now(), 'UTC')
    const counts = await countDigestsOf(db, on)
    const sum = (statuses: readonly DigestStatus[]) =>
      statuses.reduce((total, status) => total + (counts[status] ?? 0), 0)
    const ends = Object.fromEntries(ENDS.map((status) => [status, counts[status] ?? 0]))
    const day = { on, due: sum([...ENDS, ...OPEN]), ...ends, open: sum(OPEN) }
    const pause = await findMailPause(db)
    const domains = await listTroubledDomains(db)
    const inDoubt = await listHeldDigests(db, MOST_SHOWN)
    if (options.json) {
      print(JSON.stringify({ ...day, paused: pause?.reason ?? null, domains, inDoubt }))
      return 0
    }
    print(
      `${on}: ${day.due} due = ${ENDS.map((status) => `${counts[status] ?? 0} ${status}`).join(' + ')} + ${day.open} open`,
    )
    if (pause) print(`Sending waits since ${utcMinute(pause.since)}: ${pause.reason}`)
    for (const { domain, reason, waitMs } of domains)
      print(`Mail to ${domain} waits, tried again in ${Math.ceil(waitMs / 1000)} s: ${reason}`)
    for (const { id, localDate, email, reason } of inDoubt) print(`${id}  ${localDate}  ${email}  ${reason}`)
    if (inDoubt.length > 0)
      print('In doubt: paperboy delivery resend NUMBER, or paperboy delivery leave NUMBER.')
    return 0
  })
}

/**
 * Sends a digest that has not arrived, or leaves one in doubt as it is.
 * @throws PermanentError if the digest does not stand so that this can be done.
 */
export async function settleDelivery(
  config: Config,
  what: 'resend' | 'leave',
  text: string,
): Promise<ExitCode> {
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError(
      `${what}: expected the number of a digest, as \`paperboy delivery\` shows it, got "${text}"`,
    )
  }
  return withTools(config, ({ tools }) =>
    what === 'resend' ? resend(tools, Number(text)) : leave(tools, Number(text)),
  )
}

async function resend(tools: Tools, id: number): Promise<ExitCode> {
  const { jobs } = await takeUpDigests(tools, [id], 'command line')
  if (jobs.length === 0) {
    throw new PermanentError(`resend: expected the number of a digest that has not arrived, got ${id}`)
  }
  await runToEnd(jobs, tools)
  const digest = await findDigest(tools.db, id)
  const isSent = digest?.status === 'sent'
  print(isSent ? `${id} is sent.` : `${id} is not sent: ${digest?.reason ?? digest?.status ?? 'it is gone'}`)
  return isSent ? 0 : 1
}

async function leave(tools: Tools, id: number): Promise<ExitCode> {
  if (!(await leaveHeldDigest(tools, id, 'command line'))) {
    throw new PermanentError(
      `leave: expected the number of a digest in doubt, got ${id}; paperboy delivery lists them`,
    )
  }
  print(`${id} is left as it is.`)
  return 0
}
