import { withAcronyms } from '../corpus/acronyms.ts'
import type { Collection } from '../corpus/collection.ts'
import { termsOf } from '../index/phrases.ts'
import { writtenWord } from '../index/writtenWords.ts'
import type { TopicQuery } from '../language/query.ts'
import { type Expansion, expandQuery, NO_EXPANSION } from './expansion.ts'

/** A query as a collection understands it: the same for all indexes with that collection. */
export interface LearnedQuery {
  /** With acronyms and what they stand for. */
  query: TopicQuery
  /** For each clause the numbers of its words in the collection, those of the first variant first; -1 for unknown ones. */
  terms: number[][]
  /** For each clause what its acronym stands for, or the acronym of its words, as the collection writes it. */
  otherForms: (string | undefined)[]
  /** The related words. */
  expansion: Expansion
}

/** What was learned of queries lives as long as the query and the collection: the queries of topics are kept (parseQuery). */
const known = new WeakMap<Collection, WeakMap<TopicQuery, LearnedQuery>>()

/** What a collection knows of a query. */
export function learnedQuery(collection: Collection | undefined, query: TopicQuery): LearnedQuery {
  if (collection === undefined)
    return { query, terms: query.clauses.map(() => []), otherForms: [], expansion: NO_EXPANSION }
  let ofCollection = known.get(collection)
  if (ofCollection === undefined) {
    ofCollection = new WeakMap()
    known.set(collection, ofCollection)
  }
  let learned = ofCollection.get(query)
  if (learned === undefined) {
    learned = learn(collection, query)
    ofCollection.set(query, learned)
  }
  return learned
}

function learn(collection: Collection, typed: TopicQuery): LearnedQuery {
  const query = withAcronyms(typed, collection.acronyms)
  const terms = query.clauses.map((clause) =>
    clause.kind === 'text' ? clause.variants.flatMap((stems) => termsOf(collection.index, stems)) : [],
  )
  const otherForms = query.clauses.map((clause) =>
    clause.kind === 'text' ? otherForm(collection, clause.variants[0]!) : undefined,
  )
  return { query, terms, otherForms, expansion: expandQuery(collection, query) }
}

function otherForm({ acronyms, index }: Collection, stems: readonly string[]): string | undefined {
  if (stems.length > 1) return acronyms.shortForms.get(stems.join(' '))?.text
  const long = acronyms.longForms.get(stems[0]!)
  return long?.stems.map((stem) => writtenWord(index, stem)).join(' ')
}
