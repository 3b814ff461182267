import type { AlertRow } from '../../db/health/alerts.ts'
import { maskAddresses } from '../../text/maskAddress.ts'

/** What is told, in words. */
export interface AlertMessage {
  subject: string
  text: string
  /** True if something is broken now; false for warnings and good news. */
  urgent: boolean
  alerts: { key: string; title: string; reason: string; since: string; severity: string; cleared: boolean }[]
}

/** Writes one message about everything that began or ended. `deskUrl`: where to act. */
export function writeMessage(alerts: AlertRow[], deskUrl: string): AlertMessage {
  const open = alerts.filter(({ cleared_at }) => cleared_at === null)
  const over = alerts.filter(({ cleared_at }) => cleared_at !== null)
  const lines = [
    ...open.flatMap(({ title, reason, since }) => [
      `NEEDS A PERSON: ${title}`,
      `  ${maskAddresses(reason)}`,
      `  since ${minute(since)}`,
      '',
    ]),
    ...over.flatMap(({ title, since, cleared_at }) => [
      `CLEARED: ${title}`,
      `  it lasted from ${minute(since)} to ${minute(cleared_at!)}`,
      '',
    ]),
    deskUrl,
  ]
  return {
    subject: subjectOf(open, over),
    text: lines.join('\n'),
    urgent: open.some(({ severity }) => severity === 'bad'),
    alerts: alerts.map(({ key, title, reason, since, severity, cleared_at }) => ({
      ...{ key, title, severity },
      reason: maskAddresses(reason),
      since: since.toISOString(),
      cleared: cleared_at !== null,
    })),
  }
}

function subjectOf(open: AlertRow[], over: AlertRow[]): string {
  const first = open[0] ?? over[0]
  const rest = open.length + over.length - 1
  const more = rest > 0 ? ` (and ${rest} more)` : ''
  return `${open.length > 0 ? 'Needs a person' : 'Cleared'}: ${first?.title ?? ''}${more}`
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')} UTC`
}
