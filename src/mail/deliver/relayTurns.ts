const SECOND = 1000

/** How much a relay takes. Undefined: any number. */
export interface RelayRate {
  perSecond: number | undefined
  perHour: number | undefined
}

/**
 * Takes up to `want` turns of all processes together. The first one begins after `waitMs`, the next ones one after another at
 * the rate.
 */
export type TakeTurns = (
  name: string,
  rate: RelayRate,
  want: number,
) => Promise<{ count: number; waitMs: number }>

/** This process's turns at one relay. */
export interface RelayTurns {
  /** Takes a turn: gives the milliseconds until it begins; undefined if the hour's mails are used up. */
  take(): Promise<number | undefined>
}

/** Turns taken at once, so that not every mail asks the database: those of half a second, or a part of an hour's. */
const MOST_AT_ONCE = 25
const PART_OF_HOUR = 200
/** A turn that was not used in time is lost. Otherwise a process that waited could send faster than the rate. */
const LOST_AFTER = SECOND
/** After a "no" the database is not asked again for so long. */
const ASK_AGAIN = 5 * SECOND

/** @param now the clock in milliseconds. */
export function openRelayTurns(
  name: string,
  rate: RelayRate,
  takeTurns: TakeTurns,
  now: () => number,
): RelayTurns {
  const { perSecond, perHour } = rate
  const want = Math.max(
    1,
    Math.floor(Math.min(MOST_AT_ONCE, (perSecond ?? Infinity) / 2, (perHour ?? Infinity) / PART_OF_HOUR)),
  )
  const gapMs = perSecond === undefined ? 0 : SECOND / perSecond
  /** When the turns that this process has begin. */
  let turns: number[] = []
  let usedUpUntil = 0
  let asking: Promise<void> | undefined
  const ask = async () => {
    const { count, waitMs } = await takeTurns(name, rate, want)
    const first = now() + waitMs
    turns.push(...Array.from({ length: count }, (_, place) => first + place * gapMs))
    if (count === 0) usedUpUntil = now() + ASK_AGAIN
  }
  return {
    async take() {
      for (;;) {
        if (gapMs > 0) turns = turns.filter((at) => at > now() - LOST_AFTER)
        const at = turns.shift()
        if (at !== undefined) return Math.max(0, at - now())
        if (usedUpUntil > now()) return undefined
        asking ??= ask().finally(() => {
          asking = undefined
        })
        await asking
      }
    },
  }
}
