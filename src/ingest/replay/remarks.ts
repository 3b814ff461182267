import type { Entry, Reject } from '../../domain.ts'
import { plural } from '../../text/plural.ts'

/** Remarks about a dump besides its counts, so that nothing is lost silently. */
export interface Remarks {
  /** The formats that were read. */
  formats: Set<string>
  /** How often each field that Paperboy does not read had a value. */
  ignored: Map<string, number>
  /** How many dates of publication could not be read, and the first of them. */
  unreadDates: { count: number; example?: string }
  /** The first rejects, each with the label of its part: `days.zip › 2026-04-01.json`. */
  rejects: (Reject & { file: string })[]
}

const MOST_REJECTS = 2
const MOST_FIELDS = 5

export function noRemarks(): Remarks {
  return { formats: new Set(), ignored: new Map(), unreadDates: { count: 0 }, rejects: [] }
}

/** The remarks of one batch or listing. */
interface Told {
  format: string
  entries: Entry[]
  rejects: Reject[]
  ignored?: Iterable<[string, number]>
}

/** Adds the remarks of one batch of a part. */
export function addRemarks(
  remarks: Remarks,
  file: string,
  { format, entries, rejects, ignored }: Told,
): void {
  remarks.formats.add(format)
  for (const [name, count] of ignored ?? [])
    remarks.ignored.set(name, (remarks.ignored.get(name) ?? 0) + count)
  const first = rejects.slice(0, MOST_REJECTS - remarks.rejects.length)
  remarks.rejects.push(...first.map((reject) => ({ ...reject, file })))
  for (const { unreadDate } of entries) {
    if (unreadDate === undefined) continue
    remarks.unreadDates.count += 1
    remarks.unreadDates.example ??= unreadDate
  }
}

/** The fields that were ignored most often, `license (12)`. */
function mostIgnored({ ignored }: Remarks): string[] {
  const sorted = [...ignored].sort(([, one], [, other]) => other - one)
  return sorted.slice(0, MOST_FIELDS).map(([name, count]) => `${name} (${count.toLocaleString('en')})`)
}

/** `; 2 dates could not be read, such as "soon"`. */
export function saidOf({ count, example }: Remarks['unreadDates']): string {
  if (count === 0) return ''
  return `; ${plural(count, 'date')} could not be read, such as ${example}`
}

/** Stands between the names of an archive and of what is in it. */
export const BETWEEN = ' › '

/** The names of a part's label, without that of the dump itself. */
export function namesInside(label: string): string[] {
  return label.split(BETWEEN).slice(1)
}

/** One line about what was read, ignored and rejected; none if everything was read. */
export function remarksOf({ entries, remarks }: { entries: number; remarks: Remarks }): string[] {
  const ignored = mostIgnored(remarks)
  const { formats, unreadDates, rejects } = remarks
  if (ignored.length === 0 && unreadDates.count === 0 && rejects.length === 0) return []
  const fields = ignored.length === 0 ? '' : `; ignored fields: ${ignored.join(', ')}`
  const examples = rejects.map(
    ({ file, where, reason }) => `${[...namesInside(file), where].join(BETWEEN)}: ${reason}`,
  )
  const rejected = examples.length === 0 ? '' : `; rejected, for example ${examples.join(' | ')}`
  return [
    `read ${plural(entries, 'entry', 'entries')} as ${[...formats].join(', ')}${fields}${saidOf(unreadDates)}${rejected}`,
  ]
}
