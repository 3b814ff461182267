import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import { entryKeys } from '../../../src/papers/keys/entryKeys.ts'
import { findDuplicateFreeSources } from '../../../src/papers/planning/duplicateFree.ts'
import { planIngest } from '../../../src/papers/planning/plan.ts'

const NOTHING_KNOWN = { papers: [], keys: [], merges: [], apart: [] }
const TITLE = 'How to Mend a Boat'
const AUTHORS = ['Ann Ode', 'Bo Li']
const TALK: Entry = { title: TITLE, authors: AUTHORS, year: 2019, venue: 'Proc. of ICRA' }
const ARTICLE: Entry = { title: TITLE, authors: AUTHORS, year: 2021, venue: 'Journal of Field Robotics' }

/** Papers that have nothing in common but their year and venue. */
const OTHERS: Entry[] = Array.from({ length: 120 }, (_, index) => ({
  title: ['mo', 'ka', 'ti'].map((end) => `${letters(index)}${end}${letters(index * 7 + 3)}`).join(' '),
  authors: [`Name${letters(index)} Fam${letters(index * 11)}`],
  year: 2019,
  venue: 'Proc. of ICRA',
}))

function letters(number: number): string {
  return [...`${1000 + number * 37}`].map((digit) => 'bdfghklmnr'[Number(digit)]).join('o')
}

const keyed = (entries: Entry[]) => entries.map((entry) => ({ entry, keys: entryKeys(entry) }))

/** The paper of each entry, in order; each list is given by its name. */
function paperOf(lists: Record<string, Entry[]>): number[] {
  const listOf = new Map(Object.entries(lists).flatMap(([list, all]) => all.map((entry) => [entry, list])))
  const entries = keyed([...listOf.keys()])
  return planIngest(entries, (entry) => ({ format: listOf.get(entry)!, at: null }), NOTHING_KNOWN).paperOf
}

describe('a list is a catalogue', () => {
  const catalogues = (entries: Entry[]) => findDuplicateFreeSources(keyed(entries), () => 'list')

  test('where it names each paper once; a talk and its article are two to it', () => {
    const { lists, twins } = catalogues([...OTHERS, TALK, ARTICLE])
    expect([...lists]).toEqual(['list'])
    expect([...twins]).toEqual(['title:howtomendaboat'])
  })

  test('but not where it repeats itself, as references do', () => {
    const again = OTHERS.slice(0, 20).map((entry) => ({ ...entry, venue: 'ICRA 2019' }))
    expect(catalogues([...OTHERS, ...again, TALK, ARTICLE]).lists.size).toBe(0)
  })

  test('nor where it is too short to tell', () => {
    expect(catalogues([...OTHERS.slice(0, 90), TALK, ARTICLE]).lists.size).toBe(0)
    expect(catalogues([]).lists.size).toBe(0)
  })
})

describe('what a catalogue tells apart', () => {
  const copyOf = (entry: Entry): Entry => ({ ...entry, authors: ['A. Ode', 'B. Li'] })

  test('is two papers to another list too, whichever comes first', () => {
    const [talk, article] = [copyOf(TALK), copyOf(ARTICLE)]
    const [first, second, third, fourth] = paperOf({
      other: [article, talk],
      catalogue: [TALK, ARTICLE, ...OTHERS],
    })
    expect([first === fourth, second === third, first === second]).toEqual([true, true, false])
  })

  test('an entry that it repeats beyond doubt is one paper all the same', () => {
    const [first, second] = paperOf({ catalogue: [TALK, { ...TALK, venue: 'ICRA' }, ...OTHERS] })
    expect(first).toBe(second)
  })

  test('so it does not join what its own entries hold apart', () => {
    const nearly = { ...TALK, title: 'How to Mend a Small Boat', authors: ['Ann Ode'], venue: undefined }
    const alone = paperOf({ other: [TALK, nearly] })
    const listed = paperOf({ catalogue: [TALK, nearly, ...OTHERS] })
    expect([alone[0] === alone[1], listed[0] === listed[1]]).toEqual([true, false])
  })
})
