import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import type { Clause, FieldClause } from '../language/clauses.ts'
import { nameForms, readAuthor } from '../language/fields.ts'
import { holdersOf } from './fieldHolders.ts'
import type { PaperIndex } from './paperIndex.ts'

/** A spelling under which an author stands on papers, and on how many. */
export interface Spelling {
  name: string
  papers: number
}

/** At most this many spellings are told. A family name alone has hundreds. */
const MOST_SPELLINGS = 12

/**
 * The spellings that the authors of a query are found under in these papers, the most frequent first. Spellings that the query
 * rules out (`-author:"=Y. Lecun"`) are left out.
 */
export function spellingsOf(index: PaperIndex, clauses: readonly Clause[]): Spelling[] {
  const authors = clauses.filter((clause): clause is FieldClause => clause.kind === 'author')
  const wanted = authors.filter(({ occurrence }) => occurrence !== 'never')
  const ruledOut = authors.filter(({ occurrence }) => occurrence === 'never')
  const counts = new Map<string, number>()
  for (const clause of wanted) {
    const holders = holdersOf(index, clause)
    index.papers.forEach((paper, doc) => {
      if (holders[doc] !== 1) return
      for (const name of paper.authors) if (isNamed(clause.text, name)) count(counts, shownName(name))
    })
  }
  return [...counts]
    .filter(([name]) => !ruledOut.some(({ text }) => isNamed(text, name)))
    .map(([name, papers]) => ({ name, papers }))
    .sort((a, b) => b.papers - a.papers || a.name.localeCompare(b.name, 'en'))
    .slice(0, MOST_SPELLINGS)
}

/** Whether the text of an author clause names this author. */
function isNamed(text: string, author: string): boolean {
  const { names, isNamed: isOf } = readAuthor(text)
  const forms = nameForms(author)
  return names.some((wanted) => forms.some((form) => isOf(wanted, form)))
}

function shownName(name: string): string {
  return displayLine(texToUnicode(name), 80)
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
