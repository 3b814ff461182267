import { digestCheck, mailCheck } from './digestChecks.ts'
import { domainCheck } from './domainCheck.ts'
import type { Facts } from './facts.ts'
import type { Check, Item } from './item.ts'
import { backupCheck, queueCheck, spaceCheck, workerCheck } from './machineChecks.ts'
import { mergeCheck } from './mergeCheck.ts'
import { sourceCheck } from './sourceChecks.ts'

/** The one list of checks: /admin, `paperboy doctor`, /readyz?full, metrics and alerts all read it. */
export const CHECKS: readonly Check<Facts>[] = [
  sourceCheck,
  mailCheck,
  domainCheck,
  digestCheck,
  queueCheck,
  workerCheck,
  spaceCheck,
  backupCheck,
  mergeCheck,
]

export interface Verdict {
  /** What needs a person, the bad before the warnings, the oldest first. */
  items: Item[]
  /** What an admin has set aside until it clears. */
  aside: Item[]
  /** What is well, by the name of the check. */
  well: { name: string; words: string }[]
}

/** Runs all checks. */
export function judge(facts: Facts): Verdict {
  const results = CHECKS.map((check) => ({ check, found: check.look(facts) }))
  const found = results.flatMap((result) => result.found).sort(byUrgency)
  const isAside = ({ key }: Item) => facts.setAside.includes(key)
  const well = results
    .filter((result) => result.found.length === 0)
    .map(({ check }) => ({ name: check.name, words: check.tell(facts) }))
  return { items: found.filter((item) => !isAside(item)), aside: found.filter(isAside), well }
}

function byUrgency(one: Item, other: Item): number {
  if (one.severity !== other.severity) return one.severity === 'bad' ? -1 : 1
  return one.since.getTime() - other.since.getTime()
}
