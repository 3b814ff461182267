/** Politeness: no source needs a look more often. */
export const LEAST_MINUTES = 5
export const MOST_MINUTES = 30 * 24 * 60

/** Reads the minutes between two fetches; undefined for what is none, or too often, or too seldom. */
export function parseMinutes(text: string): number | undefined {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES ? minutes : undefined
}
