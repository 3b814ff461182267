import { reasonOf } from '../../errors.ts'
import type { Tools } from '../../tools.ts'
import { gatherFacts, type HealthSources } from '../gatherFacts.ts'
import { judge } from '../verdict.ts'
import { type AlertOptions, tellAlerts } from './tellAlerts.ts'

const EVERY = 60 * 1000

/**
 * Looks at everything once a minute and tells what needs a person. Every process looks, because the one that could tell
 * may be the one that is gone; the database sees to it that each thing is told once.
 */
export function startWatch(
  sources: HealthSources,
  options: AlertOptions,
  tools: Parameters<typeof tellAlerts>[2],
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = lookAndTell(sources, options, tools)
  }, EVERY)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/** Looks once at everything and tells what is new; what goes wrong meanwhile is logged. */
export async function lookAndTell(
  sources: HealthSources,
  options: AlertOptions,
  tools: Pick<Tools, 'db' | 'now' | 'mailer' | 'publicUrl' | 'mailFrom' | 'secret' | 'log'>,
): Promise<void> {
  try {
    const { items, aside } = judge(await gatherFacts(sources))
    await tellAlerts([...items, ...aside], options, tools)
  } catch (error) {
    // Without the database nothing can be told once. /readyz tells that it is away.
    tools.log.warn({ reason: reasonOf(error) }, 'could not look for what needs a person')
  }
}
