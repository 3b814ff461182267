import { setTimeout as delay } from 'node:timers/promises'

/** Asks again until the assertion holds; after a minute its own failure is thrown. For what other processes bring about. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const until = performance.now() + 60_000
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() > until) throw error
      await delay(50)
    }
  }
}
