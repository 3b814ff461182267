import type { Config } from '../../config.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { findSubscriberByEmail } from '../../db/subscribers/subscribers.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import type { Pickiness, Topic } from '../../domain.ts'
import { UsageError } from '../../errors.ts'
import { runToEnd } from '../../jobs/pipeline.ts'
import { parseTopicOption } from '../../ranking/language/topicOption.ts'
import {
  DEFAULTS,
  type FieldError,
  type Preferences,
  parseEmail,
  parsePreferences,
  unmailable,
} from '../../subscribers/preferences.ts'
import { signUp } from '../../subscribers/subscribing.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

interface Options {
  topic: string[]
  picky?: Pickiness
  timezone?: string
  at?: string
  confirmed?: boolean
}

/** Adds a subscriber. With --confirmed it changes an existing one; preferences without an option stay as they are. */
export async function runSubscribe(config: Config, email: string, options: Options): Promise<ExitCode> {
  const topics = options.topic.map((option) => parseTopicOption(option, options.picky))
  const address = parseEmail(email)
  if ('errors' in address) throw usageError(address.errors)
  // Check the options before anything is opened.
  preferencesFrom(options, topics, undefined)
  return withTools(config, async ({ tools, shared }): Promise<ExitCode> => {
    const unmailed = await unmailable(address.values, () => tools.mailer.takesUtf8())
    if (unmailed) throw usageError([unmailed])
    const before = await findSubscriberByEmail(tools.db, address.values)
    const kept = topics.length > 0 || !before ? topics : await listTopics(tools.db, before.id)
    const preferences = preferencesFrom(options, kept, before)
    const request = { ...preferences, email: address.values, source: 'command line' as const }
    const { outcome, next } = await signUp(tools, { ...request, confirmed: options.confirmed })
    // The confirmation is sent now. The running service, or `paperboy digest`, sends the first digest.
    await runToEnd(
      next.filter((job) => job.name === 'sendConfirmation'),
      tools,
    )
    const known = before?.status === 'active' || before?.status === 'paused'
    print(`${address.values} ${(known ? SAID_OF_KNOWN : SAID)[outcome](shared)}`)
    return outcome === 'suppressed' ? 1 : 0
  })
}

function preferencesFrom(options: Options, topics: Topic[], before: SubscriberRow | undefined): Preferences {
  const preferences = parsePreferences({
    topics: topics.map(({ quota, ...topic }) => ({ ...topic, quota: String(quota ?? '') })),
    timeZone: options.timezone ?? before?.time_zone ?? DEFAULTS.timeZone,
    sendAt: options.at ?? before?.send_at ?? DEFAULTS.sendAt,
    weekdays: (before?.weekdays ?? DEFAULTS.weekdays).map(String),
    maxPapers: String(before?.max_papers ?? DEFAULTS.maxPapers),
  })
  if ('errors' in preferences) throw usageError(preferences.errors)
  return preferences.values
}

/** The option names of the form's fields. */
const NAMES: Record<string, string> = { email: 'EMAIL', timeZone: '--timezone', sendAt: '--at' }

function usageError(errors: FieldError[]): UsageError {
  return new UsageError(
    errors.map(({ field, message }) => `${NAMES[field] ?? '--topic'}: ${message}`).join('; '),
  )
}

const SAID = {
  confirmed: (running: boolean) =>
    `is subscribed; the first digest comes ${running ? 'within a minute' : 'with the next `paperboy digest` or `paperboy start`'}.`,
  asked: () => 'got a mail with a link to confirm.',
  throttled: () => 'got a mail with a link a short while ago; no other is sent now.',
  suppressed: () => 'gets no mail from Paperboy: an earlier mail to it was refused for good.',
}

const SAID_OF_KNOWN = {
  ...SAID,
  confirmed: () => 'was subscribed already; the given options are changed.',
  asked: () => 'was subscribed already; nothing is changed, and a link to the preferences was mailed.',
}
