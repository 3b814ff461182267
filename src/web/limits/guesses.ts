import { networkOf } from '../../text/ids/networkOf.ts'

/** Counts wrong passwords by client, so that nobody guesses for long. */
export interface Guesses {
  /**
   * Counts a guess before it is checked, so that guesses sent at once do not all pass. Gives until when the client must wait,
   * and then counts nothing; undefined if it may try.
   */
  take(client: string, now: Date): Date | undefined
  /** Takes back the guess counted at that time: it was right. */
  giveBack(client: string, at: Date): void
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
    take(client, now) {
      const times = recent(client, now)
      if (times.length >= MOST) return new Date(times.at(-MOST)! + WITHIN)
      wrong.delete(networkOf(client))
      wrong.set(networkOf(client), [...times, now.getTime()])
      const [oldest] = wrong.keys()
      if (wrong.size > MOST_CLIENTS && oldest !== undefined) wrong.delete(oldest)
      return undefined
    },
    giveBack(client, at) {
      const times = wrong.get(networkOf(client)) ?? []
      const place = times.indexOf(at.getTime())
      if (place !== -1) wrong.set(networkOf(client), times.toSpliced(place, 1))
    },
  }
}
