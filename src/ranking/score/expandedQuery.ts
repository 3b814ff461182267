import { keptFor } from '../../caching.ts'
import { withAcronyms } from '../corpus/acronyms.ts'
import type { CorpusModel } from '../corpus/corpusModel.ts'
import { termsOf } from '../index/phrases.ts'
import { writtenWord } from '../index/writtenWords.ts'
import type { TopicQuery } from '../language/query.ts'
import { expandQuery, NO_EXPANSION, type QueryExpansion } from './queryExpansion.ts'

/** A query as a corpus model understands it: the same for all indexes with that corpus model. */
export interface ExpandedQuery {
  /** The query, extended by acronyms and their long forms. */
  query: TopicQuery
  /** For each clause the term numbers of its words in the corpus model, those of the first variant first; -1 for unknown ones. */
  terms: number[][]
  /** For each clause the long form of its acronym, or the acronym of its words, as the corpus model writes it. */
  otherForms: (string | undefined)[]
  /** The related words. */
  expansion: QueryExpansion
}

/** Expanded queries live as long as both the query and the corpus model. parseQuery keeps the queries of topics. */
const expandedBy = keptFor((corpus: CorpusModel) =>
  keptFor((query: TopicQuery): ExpandedQuery => expand(corpus, query)),
)

/** What a corpus model knows of a query. */
export function expandedQuery(corpus: CorpusModel | undefined, query: TopicQuery): ExpandedQuery {
  if (corpus !== undefined) return expandedBy(corpus)(query)
  return { query, terms: query.clauses.map(() => []), otherForms: [], expansion: NO_EXPANSION }
}

function expand(corpus: CorpusModel, typed: TopicQuery): ExpandedQuery {
  const query = withAcronyms(typed, corpus.acronyms)
  const terms = query.clauses.map((clause) =>
    clause.kind === 'text' ? clause.variants.flatMap((stems) => termsOf(corpus.index, stems)) : [],
  )
  const otherForms = query.clauses.map((clause) =>
    clause.kind === 'text' ? otherForm(corpus, clause.variants[0]!) : undefined,
  )
  return { query, terms, otherForms, expansion: expandQuery(corpus, query) }
}

function otherForm({ acronyms, index }: CorpusModel, stems: readonly string[]): string | undefined {
  if (stems.length > 1) return acronyms.shortForms.get(stems.join(' '))?.text
  const long = acronyms.longForms.get(stems[0]!)
  return long?.stems.map((stem) => writtenWord(index, stem)).join(' ')
}
