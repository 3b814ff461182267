import { localTimeAt } from '../../calendar.ts'

/** Hours in which nobody is to be woken, by the wall clock of a zone. */
export interface QuietHours {
  /** `HH:MM`. */
  from: string
  to: string
  /** IANA name. */
  zone: string
}

/** Reads `22:00-07:00` or `22:00-07:00 Europe/Berlin`; the zone is UTC if none is named. Undefined for anything else. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [, from, to, zone = 'UTC'] =
    /^([01]\d:[0-5]\d|2[0-3]:[0-5]\d)\s*-\s*([01]\d:[0-5]\d|2[0-3]:[0-5]\d)(?:\s+([\w+\-/]+))?$/.exec(
      text.trim(),
    ) ?? []
  if (from === undefined || to === undefined || from === to) return undefined
  try {
    localTimeAt(new Date(0), zone)
    return { from, to, zone }
  } catch {
    return undefined
  }
}

/** Whether an instant lies in the quiet hours; they may go over midnight. */
export function isQuiet({ from, to, zone }: QuietHours, now: Date): boolean {
  const time = localTimeAt(now, zone)
  return from < to ? time >= from && time < to : time >= from || time < to
}
