const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time for people: `40 s`, `12 min`, `3 h`, `5 days`. `ms`: in milliseconds; a negative one counts as none. */
export function span(ms: number): string {
  const length = Math.max(0, ms)
  if (length < MINUTE) return `${Math.round(length / SECOND)} s`
  if (length < 2 * HOUR) return `${Math.round(length / MINUTE)} min`
  if (length < 2 * DAY) return `${Math.round(length / HOUR)} h`
  return `${Math.round(length / DAY)} days`
}

/** A size for people: `3.2 GB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
