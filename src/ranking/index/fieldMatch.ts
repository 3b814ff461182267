import type { FieldClause } from '../language/clauses.ts'
import { holdersOf } from './fieldHolders.ts'
import type { PaperIndex } from './paperIndex.ts'

/** Whether a paper, given by its position in the index, meets a condition. */
export type PaperTest = (doc: number) => boolean

/** Whether the paper has the author, category, organization or venue that the clause names. */
export function fieldTest(index: PaperIndex, clause: FieldClause): PaperTest {
  const holders = holdersOf(index, clause)
  return (doc) => holders[doc] === 1
}

const PREPOSITIONS = {
  author: 'by',
  category: 'in',
  organization: 'from',
  venue: 'at',
  year: 'of',
  since: 'since',
}

/** `by Yann LeCun`, `in cs.CL`, `from DeepMind`, `at ICLR`, `of 2026`, `since 2026-04` */
export function fieldInWords({ kind, text }: Pick<FieldClause, 'kind' | 'text'>): string {
  return `${PREPOSITIONS[kind]} ${kind === 'author' ? text.replace(/^=/, '') : text}`
}
