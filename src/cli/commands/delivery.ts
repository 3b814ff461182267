import { localDateAt } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import { countDigestsOf, listHeldDigests } from '../../db/digests/outcomes.ts'
import { findMailPause } from '../../db/mail/mailPauses.ts'
import { leaveHeldDigest, resendHeldDigest } from '../../digests/delivery/held.ts'
import type { DigestStatus } from '../../domain.ts'
import { PermanentError, UsageError } from '../../errors.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { print, utcMinute } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

const ENDS: readonly DigestStatus[] = ['sent', 'failed', 'skipped', 'suppressed', 'held']
const OPEN: readonly DigestStatus[] = ['planned', 'composing', 'sending']
const MOST_SHOWN = 1000

/**
 * Shows how many digests were due on a day and how they ended, why sending is paused if it is, and which digests are
 * held.
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
    const inDoubt = await listHeldDigests(db, MOST_SHOWN)
    if (options.json) {
      print(JSON.stringify({ ...day, paused: pause?.reason ?? null, inDoubt }))
      return 0
    }
    print(
      `${on}: ${day.due} due = ${ENDS.map((status) => `${counts[status] ?? 0} ${status}`).join(' + ')} + ${day.open} open`,
    )
    if (pause) print(`Sending waits since ${utcMinute(pause.since)}: ${pause.reason}`)
    for (const { id, localDate, email, reason } of inDoubt) print(`${id}  ${localDate}  ${email}  ${reason}`)
    if (inDoubt.length > 0)
      print('In doubt: paperboy delivery resend NUMBER, or paperboy delivery leave NUMBER.')
    return 0
  })
}

/** Sends a digest in doubt once more, or leaves it. @throws PermanentError if no digest in doubt has this number. */
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
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const jobs = await (what === 'resend' ? resendHeldDigest : leaveHeldDigest)(
      tools,
      Number(text),
      'command line',
    )
    if (jobs === undefined) {
      throw new PermanentError(
        `expected the number of a digest in doubt, got ${text}; paperboy delivery lists them`,
      )
    }
    await runToEnd(jobs, tools)
    print(what === 'resend' ? `${text} is sent once more.` : `${text} is left as it is.`)
    return 0
  })
}
