import { setTimeout as delay } from 'node:timers/promises'

/**
 * Repeats the assertion until it holds; before the test’s own time is over it throws the assertion’s failure. For what other processes
 * do.
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const until = performance.now() + 45_000
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() > until) throw error
      await delay(50)
    }
  }
}
