import type { Facts, SourceFacts } from './facts.ts'
import type { Check, Item } from './item.ts'
import { judgeSource, type SourceState } from './sourceState.ts'

/** A host that does not answer once or twice is nothing a person can change. */
const FAILURES_TOLD = 3

/** Sources that cannot be read, are turned away, or say nothing new for longer than they ever did. */
export const sourceCheck: Check<Facts> = {
  name: 'sources',
  look: ({ sources, now }) => sources.flatMap((source) => itemsOf(source, judgeSource(source, now))),
  tell({ sources, now }) {
    const enabled = sources.filter(({ row }) => row.enabled)
    const fresh = enabled.filter((source) => judgeSource(source, now).word === 'fresh').length
    return enabled.length === 0 ? 'no source is enabled' : `${fresh} of ${enabled.length} sources fresh`
  },
}

function itemsOf({ row }: SourceFacts, { word, detail, since }: SourceState): Item[] {
  const item = (kind: Item['kind'], severity: Item['severity'], advice: string): Item[] => [
    {
      kind,
      key: `${kind}: ${row.name}`,
      severity,
      title: `${row.name}: ${word}`,
      reason: detail,
      since: since!,
      advice,
      about: { source: row.id },
    },
  ]
  const again = `paperboy sources fetch ${row.name}, or paperboy sources disable ${row.name}`
  switch (word) {
    case 'layout changed':
      return item('layout changed', 'bad', `the page is kept: update Paperboy, then ${again}`)
    case 'blocked':
    case 'failed':
      return row.failures >= FAILURES_TOLD ? item('source failing', 'warning', again) : []
    case 'overdue':
      return item('source failing', 'bad', `see that a worker runs, then ${again}`)
    case 'silent':
      return item('source silent', 'warning', `open its address in a browser, then ${again}`)
    case 'few papers':
      return item('source short', 'warning', `open its address in a browser, then ${again}`)
    default:
      return []
  }
}
