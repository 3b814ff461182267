import type { Waiting } from '../db/health/digestStates.ts'
import { plural } from '../text/plural.ts'
import type { Facts } from './facts.ts'
import type { Check, Item } from './item.ts'

/** The relay refuses us, or is away, and all mail waits. */
export const mailCheck: Check<Facts> = {
  name: 'mail',
  look({ pause }) {
    if (pause === undefined) return []
    return [
      {
        kind: 'mail paused',
        key: 'mail paused',
        severity: 'bad',
        title: 'All mail waits: the relay refuses it, or is away',
        reason: pause.reason,
        since: pause.since,
        advice: 'fix that, then run paperboy digest to try at once',
      },
    ]
  },
  tell: () => 'no mail waits',
}

/** Digests that are late, may not have arrived, or failed. */
export const digestCheck: Check<Facts> = {
  name: 'digests',
  look({ digests, pause }) {
    const { held, late, unplanned, failed } = digests
    return [
      ...item(
        held,
        'digests held',
        'bad',
        'may not have arrived',
        'paperboy delivery lists them; paperboy delivery resend NUMBER or leave NUMBER',
      ),
      // While all mail waits, lateness is not a second trouble.
      ...(pause === undefined ? lateItems(late, unplanned) : []),
      ...failed.flatMap((some) =>
        item(some, 'digests failed', 'warning', 'failed', 'paperboy digest --on DATE sends them again', {
          key: `digests failed: ${some.reason.replace(/\S+@\S+|\d+/g, '')}`,
          about: { reason: some.reason },
        }),
      ),
    ]
  },
  tell: () => 'no digest late, held or failed',
}

function lateItems(late: Waiting, unplanned: Waiting): Item[] {
  const advice = 'see that a worker runs; paperboy digest sends what is due'
  return [
    ...item(late, 'digests late', 'bad', 'late', advice),
    ...item(unplanned, 'digests late', 'bad', 'not planned though due', advice, {
      key: 'digests late: not planned',
    }),
  ]
}

function item(
  { count, since, reason }: Waiting,
  kind: Item['kind'],
  severity: Item['severity'],
  words: string,
  advice: string,
  more: Pick<Item, 'about'> & { key?: string } = {},
): Item[] {
  if (count === 0 || since === null) return []
  const title = `${plural(count, 'digest')} ${words}`
  return [
    { kind, key: kind, severity, title, reason: reason ?? 'no reason is known', since, advice, ...more },
  ]
}
