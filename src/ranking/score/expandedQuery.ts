import { withAcronyms } from '../corpus/acronyms.ts'
import type { CorpusModel } from '../corpus/corpusModel.ts'
import { termsOf } from '../index/phrases.ts'
import { writtenWord } from '../index/writtenWords.ts'
import type { TopicQuery } from '../language/query.ts'
import { type Expansion, expandQuery, NO_EXPANSION } from './queryExpansion.ts'

/** A query as a corpus model understands it: the same for all indexes with that corpus model. */
export interface LearnedQuery {
  /** With acronyms and what they stand for. */
  query: TopicQuery
  /** For each clause the numbers of its words in the corpus model, those of the first variant first; -1 for unknown ones. */
  terms: number[][]
  /** For each clause what its acronym stands for, or the acronym of its words, as the corpus model writes it. */
  otherForms: (string | undefined)[]
  /** The related words. */
  expansion: Expansion
}

/** What was learned of queries lives as long as the query and the corpus model: the queries of topics are kept (parseQuery). */
const known = new WeakMap<CorpusModel, WeakMap<TopicQuery, LearnedQuery>>()

/** What a corpus model knows of a query. */
export function learnedQuery(corpus: CorpusModel | undefined, query: TopicQuery): LearnedQuery {
  if (corpus === undefined)
    return { query, terms: query.clauses.map(() => []), otherForms: [], expansion: NO_EXPANSION }
  let ofCorpus = known.get(corpus)
  if (ofCorpus === undefined) {
    ofCorpus = new WeakMap()
    known.set(corpus, ofCorpus)
  }
  let learned = ofCorpus.get(query)
  if (learned === undefined) {
    learned = learn(corpus, query)
    ofCorpus.set(query, learned)
  }
  return learned
}

function learn(corpus: CorpusModel, typed: TopicQuery): LearnedQuery {
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
