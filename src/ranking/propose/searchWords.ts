import { saturation } from '../corpus/bm25.ts'
import { dateOf } from '../index/fieldHolders.ts'
import { frequencyIn } from '../index/inverted.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import { nameForms, nameKeys } from '../language/fields.ts'
import { analyse } from '../language/text.ts'

/*
 * The words under which full-text search finds a paper. A word of its text stands with the level of its weight in this paper
 * before it, `2whale`: lists of papers that are kept apart by impact let a search begin with the papers that matter most. Anh, de
 * Kretser & Moffat, "Vector-Space Ranking with Effective Early Termination" (2001). Words of other fields stand behind a letter
 * and a colon: `a:lecun`.
 */

/** The least BM25 saturation (src/ranking/corpus/bm25.ts) of each level above 0. */
const LEVELS = [0.5, 0.65, 0.75, 0.8, 0.84, 0.87, 0.89, 0.91, 0.93]
/** What a word of a level adds to a paper's estimated score, as a part of the word's full weight: the middle of the level. */
export const LEVEL_VALUES = [0.42, 0.58, 0.7, 0.78, 0.82, 0.86, 0.88, 0.9, 0.92, 0.94]
/** The part of the papers that have a word which have it on this level or a higher one, measured on 74,728 papers. */
export const LEVEL_SHARES = [1, 0.45, 0.22, 0.1, 0.07, 0.04, 0.025, 0.015, 0.008, 0.004]

/** PostgreSQL takes lexemes of up to 2,046 bytes; no longer word is looked for. */
const LONGEST = 100

/** The words of a paper. `meanLength` is that of the papers it is compared with. */
export function searchWordsOf(paper: RankablePaper, meanLength: number): string[] {
  const texts = [paper.title, paper.abstract ?? '', paper.keywords.join(' . ')].map(analyse)
  const counts = new Map<string, number>()
  let length = 0
  texts.forEach(({ stems, compounds }, field) => {
    for (const stem of stems) {
      counts.set(stem, (counts.get(stem) ?? 0) + frequencyIn(field))
      length += frequencyIn(field)
    }
    for (const { joined } of compounds) counts.set(joined, (counts.get(joined) ?? 0) + frequencyIn(field))
  })
  const relative = paper.abstract && meanLength > 0 ? length / meanLength : 1
  const words = [...counts].map(([stem, count]) => `${levelOf(saturation(count, relative))}${stem}`)
  return [...new Set([...words, ...fieldWords(paper)])].filter((word) => word.length <= LONGEST)
}

function levelOf(saturated: number): number {
  return LEVELS.filter((least) => saturated >= least).length
}

function fieldWords(paper: RankablePaper): string[] {
  const { authors, categories, organization, venue } = paper
  const year = dateOf(paper).slice(0, 4)
  return [
    ...authors.flatMap(nameForms).flatMap((name) => [...nameKeys(name)].map((key) => `a:${key}`)),
    ...categories.flatMap(archivesOf).map((category) => `c:${category}`),
    ...analyse(organization ?? '').stems.map((stem) => `o:${stem}`),
    ...analyse(venue ?? '').stems.map((stem) => `v:${stem}`),
    ...(year === '' ? [] : [`y:${year}`]),
  ]
}

/** `cs.CL` → `cs`, `cs.cl`: a filter for an archive finds all of its categories. */
function archivesOf(category: string): string[] {
  const parts = category.toLowerCase().split('.')
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
}
