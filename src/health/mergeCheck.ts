import { plural } from '../text/plural.ts'
import type { Facts } from './facts.ts'
import type { Check } from './item.ts'

/** Papers that were merged on little more than a guess. */
export const mergeCheck: Check<Facts> = {
  name: 'merges',
  look({ doubtfulMerges: { count, since }, now }) {
    if (count === 0) return []
    return [
      {
        kind: 'merges in doubt',
        key: 'merges in doubt',
        severity: 'warning',
        title: `${plural(count, 'merge')} in doubt`,
        reason: 'what was merged is hardly more alike than two papers may be; one in four of these is wrong',
        since: since ?? now,
        advice: 'look at /admin/papers: split what is two papers, approve the rest',
      },
    ]
  },
  tell: () => 'no merge in doubt',
}
