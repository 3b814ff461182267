import type { Config } from '../config.ts'
import { UsageError } from '../errors.ts'
import { runToEnd } from '../jobs/pipeline.ts'
import { DEFAULTS, parseEmail, parsePreferences } from '../jobs/preferences.ts'
import { signUp } from '../jobs/subscribing.ts'
import { parseTopicOption } from '../ranking/topicOption.ts'
import type { ExitCode } from './program.ts'
import { print, withTools } from './withTools.ts'

interface Options {
  topic: string[]
  timezone: string
  at: string
  confirmed?: boolean
}

/** Adds a reader, or with --confirmed gives an existing one these topics and this hour. */
export async function runSubscribe(config: Config, email: string, options: Options): Promise<ExitCode> {
  const topics = options.topic.map(parseTopicOption)
  const address = parseEmail(email)
  const preferences = parsePreferences({
    topics: topics.map(({ name, query }) => ({ name, query, quota: '' })),
    timeZone: options.timezone,
    sendAt: options.at,
    weekdays: DEFAULTS.weekdays.map(String),
    maxPapers: String(DEFAULTS.maxPapers),
  })
  const errors = [
    ...('errors' in address ? address.errors : []),
    ...('errors' in preferences ? preferences.errors : []),
  ]
  if ('errors' in address || 'errors' in preferences) {
    throw new UsageError(errors.map(({ field, message }) => `${field}: ${message}`).join('; '))
  }
  return withTools(config, async ({ tools, shared }) => {
    const request = { ...preferences.values, email: address.values, source: 'command line' as const }
    const { outcome, next } = await signUp(tools, { ...request, confirmed: options.confirmed })
    // The confirmation goes out now; the first digest is the running service's, or `paperboy digest`'s.
    await runToEnd(
      next.filter((job) => job.name === 'sendConfirmation'),
      tools,
    )
    print(SAID[outcome](address.values, shared))
    return outcome === 'busy' || outcome === 'suppressed' ? 1 : 0
  })
}

const SAID = {
  confirmed: (email: string, running: boolean) =>
    `${email} is subscribed; the first digest comes ${running ? 'within a minute' : 'with the next `paperboy digest` or `paperboy start`'}.`,
  asked: (email: string) => `${email} was mailed a link to confirm.`,
  throttled: (email: string) => `${email} was mailed a link a short while ago; no other is sent now.`,
  busy: () => 'Too many confirmation mails were asked for in the last hour; try again later.',
  suppressed: (email: string) =>
    `${email} does not accept mail from here: an earlier mail was refused for good.`,
}
