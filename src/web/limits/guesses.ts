import { networkOf } from '../../text/ids/networkOf.ts'

/** Counts wrong passwords by client, so that nobody guesses for long. What is right is not counted. */
export interface Guesses {
  /** Until when a client must wait; undefined if it may try. */
  blockedUntil(client: string, now: Date): Date | undefined
  countWrong(client: string, now: Date): void
}

const MOST = 5
const WITHIN = 5 * 60 * 1000
/** More clients than that at once: the oldest are forgotten. */
const MOST_CLIENTS = 10_000

/** Allows five wrong passwords in five minutes from each address (IPv6: each /64). */
export function createGuesses(): Guesses {
  const wrong = new Map<string, number[]>()
  const recent = (client: string, now: Date) =>
    (wrong.get(networkOf(client)) ?? []).filter((at) => now.getTime() - at < WITHIN)
  return {
    blockedUntil(client, now) {
      const times = recent(client, now)
      return times.length < MOST ? undefined : new Date(times.at(-MOST)! + WITHIN)
    },
    countWrong(client, now) {
      const times = [...recent(client, now), now.getTime()]
      wrong.delete(networkOf(client))
      wrong.set(networkOf(client), times)
      const [oldest] = wrong.keys()
      if (wrong.size > MOST_CLIENTS && oldest !== undefined) wrong.delete(oldest)
    },
  }
}
