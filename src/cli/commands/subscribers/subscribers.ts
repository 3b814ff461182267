import type { Config } from '../../../config.ts'
import type { SubscriberRow } from '../../../db/engine/schema.ts'
import { findSubscriberByEmail } from '../../../db/subscribers/subscribers.ts'
import { listTimeline, type TimelineEntry } from '../../../db/subscribers/subscriberViews.ts'
import { listTopics } from '../../../db/subscribers/topics.ts'
import { reasonsInJson } from '../../../digests/reasonsInJson.ts'
import type { SubscriberStatus } from '../../../domain.ts'
import { PermanentError, UsageError } from '../../../errors.ts'
import { runToEnd } from '../../../jobs/pipeline.ts'
import { requestAddressChange } from '../../../subscribers/addressChange.ts'
import { findSuppression, liftSuppression, listDirectory, suppress } from '../../../subscribers/directory.ts'
import { erase } from '../../../subscribers/membership.ts'
import { collectData } from '../../../subscribers/ownData.ts'
import { parseEmail, unmailable } from '../../../subscribers/preferences.ts'
import { resendConfirmation } from '../../../subscribers/subscribing.ts'
import type { Toolbox } from '../../../toolbox.ts'
import type { ExitCode } from '../../terminal/exitCode.ts'
import { parseCount } from '../../terminal/options.ts'
import { print, utcMinute } from '../../terminal/print.ts'
import { withTools } from '../../terminal/withTools.ts'

const ACTOR = 'command line'
const MOST_SHOWN = 500
const STATUSES: SubscriberStatus[] = ['pending', 'active', 'paused', 'unsubscribed']

/** Lists subscribers, one a line. */
export async function listAll(
  config: Config,
  options: { status?: string; suppressed?: boolean; search?: string; limit: string; json?: boolean },
): Promise<ExitCode> {
  const query = {
    status: parseStatus(options.status),
    suppressed: options.suppressed,
    search: options.search,
    limit: parseCount('--limit', options.limit)!,
  }
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    for (const entry of await listDirectory(tools, query)) {
      if (options.json) {
        const { suppression, ...rest } = entry
        print(JSON.stringify({ ...rest, suppressed: suppression?.cause ?? null }))
        continue
      }
      const sent = entry.lastSentAt ? `last digest ${utcMinute(entry.lastSentAt)}` : 'no digest yet'
      const held = entry.suppression ? `gets no mail: ${entry.suppression.reason}` : undefined
      print([entry.email, entry.status, sent, held].filter(Boolean).join('  '))
    }
    return 0
  })
}

/** Shows one subscriber, with everything that happened to their mail, the newest first. */
export async function showOne(config: Config, email: string, options: { json?: boolean }): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const subscriber = await get(tools, email)
    const topics = await listTopics(tools.db, subscriber.id)
    const suppression = (await findSuppression(tools, subscriber.email)) ?? null
    const timeline = await listTimeline(tools.db, subscriber.id, MOST_SHOWN)
    if (options.json) {
      const { email_key: _compared, ...own } = subscriber
      const held = suppression && { cause: suppression.cause, reason: suppression.reason, at: suppression.at }
      print(JSON.stringify({ ...own, topics, suppression: held, timeline }))
      return 0
    }
    print(`${subscriber.email}  ${subscriber.status}`)
    print(
      `Digests at ${subscriber.send_at} ${subscriber.time_zone}, at most ${subscriber.max_papers} papers.`,
    )
    for (const { name, query } of topics) print(`Topic ${name}: ${query}`)
    if (suppression) {
      print(`Gets no mail since ${utcMinute(suppression.at)} (${suppression.cause}): ${suppression.reason}`)
    }
    for (const entry of timeline) print(lineOf(entry))
    return 0
  })
}

function lineOf({ at, what, who, detail, status, localDate }: TimelineEntry): string {
  const about = localDate === null ? what : `${what} (digest of ${localDate})`
  return [utcMinute(at), about, `by ${who}`, status, detail].filter(Boolean).join('  ')
}

/** Mails the link once more. */
export async function resend(config: Config, email: string): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const subscriber = await get(tools, email)
    const { outcome, next } = await resendConfirmation(tools, subscriber.id, ACTOR)
    if (outcome === 'suppressed') {
      throw new PermanentError(
        `expected an address that gets mail, but ${subscriber.email} is suppressed; paperboy subscribers show says why, and lift ends it`,
      )
    }
    await runToEnd(next, tools)
    const waits = subscriber.status === 'pending'
    print(`${subscriber.email} got a mail with a link to ${waits ? 'confirm' : 'the preferences'}.`)
    return 0
  })
}

/** Asks both mailboxes, or only the new one, whether a subscriber's digest shall go to another address. */
export async function moveOne(
  config: Config,
  email: string,
  to: string,
  { vouch = false }: { vouch?: boolean },
): Promise<ExitCode> {
  const address = parsed(to)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const unmailed = await unmailable(address, () => tools.mailer.takesUtf8())
    if (unmailed) throw new UsageError(`NEW-EMAIL: ${unmailed.message}`)
    const subscriber = await get(tools, email)
    const asked = await requestAddressChange(tools, subscriber.id, address, { actor: ACTOR, vouched: vouch })
    if (asked.outcome === 'same') {
      throw new PermanentError(`expected another address, got the one that ${subscriber.email} has`)
    }
    await runToEnd(asked.next, tools)
    const boxes = vouch ? `${address} was asked` : `${subscriber.email} and ${address} were asked`
    print(`${boxes} by mail. The digest goes to ${address} once ${vouch ? 'it has' : 'both have'} confirmed.`)
    return 0
  })
}

/** Holds back all mail to an address, whether it is subscribed or not. */
export async function suppressOne(
  config: Config,
  email: string,
  { reason }: { reason: string },
): Promise<ExitCode> {
  const address = parsed(email)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const isNew = await suppress(tools, address, { actor: ACTOR, cause: 'operator', reason })
    print(`${address} ${isNew ? 'gets no mail any more.' : 'got no mail before; nothing is changed.'}`)
    return 0
  })
}

/** Lets mail to an address go again. */
export async function lift(config: Config, email: string): Promise<ExitCode> {
  const address = parsed(email)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const lifted = await liftSuppression(tools, address, ACTOR)
    print(
      lifted
        ? `${address} gets mail again. It was suppressed (${lifted.cause}): ${lifted.reason}`
        : `${address} was not suppressed; nothing is changed.`,
    )
    return 0
  })
}

/** Prints everything kept of a subscriber. */
export async function exportOne(config: Config, email: string): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const data = await collectData(tools.db, await get(tools, email), reasonsInJson)
    print(JSON.stringify(data, null, 2))
    return 0
  })
}

/** Deletes everything kept of a subscriber. */
export async function deleteOne(config: Config, email: string): Promise<ExitCode> {
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const subscriber = await get(tools, email)
    await erase(tools, subscriber.id, ACTOR)
    print(`${subscriber.email} and everything kept of it is deleted.`)
    return 0
  })
}

function parsed(email: string): string {
  const address = parseEmail(email)
  if ('values' in address) return address.values
  throw new UsageError(`EMAIL: ${address.errors[0]!.message}`)
}

async function get({ db }: Toolbox['tools'], email: string): Promise<SubscriberRow> {
  const subscriber = await findSubscriberByEmail(db, parsed(email))
  if (subscriber) return subscriber
  throw new PermanentError(
    `expected the address of a subscriber, got "${email}"; paperboy subscribers lists them`,
  )
}

/** Reads `--status`. @throws UsageError for a word that is none. */
export function parseStatus(text: string | undefined): SubscriberStatus | undefined {
  const status = STATUSES.find((one) => one === text)
  if (text === undefined || status) return status
  throw new UsageError(`--status: expected ${STATUSES.join(', ')}, got "${text}"`)
}
