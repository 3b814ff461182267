import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import { MOST_HOLDERS } from '../../../src/papers/keys/blockingKeys.ts'
import { entryKeys, keyedEntry } from '../../../src/papers/keys/entryKeys.ts'
import { candidatesOf } from '../../../src/papers/planning/candidates.ts'
import { startDraft } from '../../../src/papers/planning/draft.ts'
import { planIngest, planSteps } from '../../../src/papers/planning/plan.ts'
import { runAtOnce } from '../../../src/slices.ts'

const NOTHING_KNOWN = { papers: [], keys: [], merges: [], apart: [] }
const TITLE = 'Influential Papers of the Past Decade in Our Field'
const seen = () => ({ format: 'table', at: null })

function family(number: number): string {
  return `Fam${[...`${number}`].map((digit) => 'bdfghklmnr'[Number(digit)]).join('o')}`
}

/** Entries of one title, each signed by others and with ids of its own. */
const namesakes = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => ({
    title: TITLE,
    authors: [`Ann ${family(1000 + index)}`, `Bo ${family(5000 + (index % 7))}`],
    doi: `10.1234/x${index}`,
  }))

describe('a title that very many papers bear', () => {
  test('leads to few papers, however many bear it', () => {
    const draft = startDraft(NOTHING_KNOWN)
    runAtOnce(planSteps(namesakes(2_000).map(keyedEntry), seen, draft))
    const [first] = namesakes(1)
    const candidates = [...candidatesOf(first!, entryKeys(first!).asked, draft)]
    expect(candidates.length).toBeLessThanOrEqual(6 * MOST_HOLDERS)
    expect(candidates.some(({ index }) => index === 0)).toBe(true)
  })

  test('brings an entry without ids to the paper that its authors signed, the first ones as the last', () => {
    const all = namesakes(200)
    const again = [0, 20, 21, 199].map((index): Entry => ({ title: TITLE, authors: all[index]!.authors }))
    const plan = planIngest([...all, ...again].map(keyedEntry), seen, NOTHING_KNOWN)
    expect(plan.paperOf.slice(200)).toEqual([0, 20, 21, 199])
  })

  test('keeps papers of different ids apart', () => {
    const plan = planIngest(namesakes(100).map(keyedEntry), seen, NOTHING_KNOWN)
    expect(new Set(plan.paperOf).size).toBe(100)
  })

  test('is no concern of a title that few papers bear', () => {
    const plan = planIngest(namesakes(MOST_HOLDERS).map(keyedEntry), seen, NOTHING_KNOWN)
    const filed = plan.newKeys.filter(({ paper }) => paper === 0).map(({ key }) => key)
    expect(filed).toEqual(entryKeys(namesakes(1)[0]!).held)
  })
})
