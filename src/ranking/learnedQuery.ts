import { withAcronyms } from './acronyms.ts'
import type { Collection } from './collection.ts'
import { type Expansion, expandQuery, NO_EXPANSION } from './expansion.ts'
import { termsOf } from './phrases.ts'
import type { TopicQuery } from './query.ts'

/** A query as a collection understands it: the same for all indexes with that collection. */
export interface LearnedQuery {
  /** With acronyms and what they stand for. */
  query: TopicQuery
  /** For each clause the numbers of its words in the collection, those of the first variant first; -1 for unknown ones. */
  terms: number[][]
  /** The related words. */
  expansion: Expansion
}

/** What was learned of queries lives as long as the query and the collection: the queries of topics are kept, parseQuery.  */
const known = new WeakMap<Collection, WeakMap<TopicQuery, LearnedQuery>>()

/** What a collection knows of a query. */
export function learnedQuery(collection: Collection | undefined, query: TopicQuery): LearnedQuery {
  if (collection === undefined) return { query, terms: query.clauses.map(() => []), expansion: NO_EXPANSION }
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
  return { query, terms, expansion: expandQuery(collection, query) }
}
