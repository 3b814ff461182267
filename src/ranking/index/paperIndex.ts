import type { LocalDate, Paper } from '../../domain.ts'
import { runAtOnce, type Sliced } from '../../slices.ts'
import type { CorpusModel } from '../corpus/corpusModel.ts'
import type { DenseRows } from '../corpus/denseRows.ts'
import { findingNeighbours, type Neighbourhood } from '../corpus/documentExpansion.ts'
import type { WordLists } from '../corpus/wordLists.ts'
import { type FoldedName, nameForms } from '../language/fields.ts'
import { analyse } from '../language/text.ts'
import type { Match } from '../score/match.ts'
import { BREAK, type Inverted, invert, lengthOf, type Postings, type Texts, textsOf } from './inverted.ts'
import type { Occurrences } from './phrases.ts'
import { commonestForms, type Forms, newForms, noteForm } from './writtenWords.ts'

/**
 * What ranking reads of a paper. `day`: when it was listed or first seen. `upvotesPerDay`: how fast upvotes came in lately, by
 * repeated sightings; null or absent where there was one sighting alone.
 */
export type RankablePaper = Pick<
  Paper,
  'id' | 'title' | 'abstract' | 'authors' | 'categories' | 'organization' | 'keywords' | 'upvotes'
> & { day: LocalDate | null; upvotesPerDay?: number | null }

/** A paper of which only the words are known, or count. */
export function paperOfWords(
  words: Pick<RankablePaper, 'id' | 'title' | 'abstract'> & Partial<RankablePaper>,
): RankablePaper {
  return { authors: [], categories: [], organization: null, keywords: [], upvotes: null, day: null, ...words }
}

/**
 * A day's papers (or any other set), made searchable. Immutable but for `matches` and what is there "once asked for", which only
 * save time. Plain data: it survives the structured clone algorithm, with which a corpus model is stored.
 */
export interface PaperIndex {
  papers: readonly RankablePaper[]
  /** Stem → its number, the same everywhere in the index. */
  terms: ReadonlyMap<string, number>
  /** For each term the word that people write for it. */
  words: readonly string[]
  inverted: Inverted
  texts: Texts
  /**
   * Paper length in words, title counted TITLE_WEIGHT times, divided by the mean length. 1 where the abstract is missing: such a
   * paper is not short, and its title's words do not say more of it than they do of others.
   */
  relativeLengths: Float64Array
  /** Of the papers that have an abstract; 0 where none has. */
  meanLength: number
  /** Hyphenated words seen here: written as one → their parts (`xray` → `x`, `ray`). */
  compounds: ReadonlyMap<string, string[]>
  /** For each paper, for each author, the folded words of the name. */
  authors: readonly FoldedName[][]
  /** What has been learned from many papers, for related words and taste; undefined: nothing yet. */
  corpus?: CorpusModel
  /** From whose words the papers borrow; undefined: each has its own alone. */
  neighbourhood?: Neighbourhood
  matches: Map<string, Match>
  /** Where its terms stand, once asked for. */
  occurrences?: Occurrences
  /** The papers' places in the corpus model's space of meaning, once asked for. */
  places?: DenseRows
  /** Its papers by the words of the corpus model, once asked for. */
  wordLists?: WordLists
}

/**
 * Indexes papers; order is kept. `corpus`: what was learned from many papers; with it the weights of words do not
 * depend on the day, and papers are also found by the words of their neighbours there.
 */
export function buildIndex(papers: readonly RankablePaper[], corpus?: CorpusModel): PaperIndex {
  return runAtOnce(buildingIndex(papers, corpus))
}

/** buildIndex, for each paper a step or two. */
export function* buildingIndex(papers: readonly RankablePaper[], corpus?: CorpusModel): Sliced<PaperIndex> {
  const vocabulary: Vocabulary = { terms: new Map(), compounds: new Map(), forms: newForms() }
  const fields: Int32Array[] = []
  for (const paper of papers) {
    fields.push(...fieldsOf(paper, vocabulary))
    yield
  }
  const { terms, compounds, forms } = vocabulary
  const texts = textsOf(fields)
  const lengths = Float64Array.from(papers, (_, doc) => lengthOf(texts, doc))
  const meanLength = corpus?.index.meanLength ?? meanWhole(papers, lengths)
  const index: PaperIndex = {
    papers,
    terms,
    words: commonestForms(forms, terms.size),
    inverted: invert(texts, terms.size),
    texts,
    relativeLengths: lengths.map((length, at) =>
      meanLength > 0 && isWhole(papers[at]!) ? length / meanLength : 1,
    ),
    meanLength,
    compounds,
    authors: papers.map((paper) => paper.authors.flatMap(nameForms)),
    corpus,
    matches: new Map(),
  }
  if (corpus !== undefined) index.neighbourhood = yield* findingNeighbours(index, corpus)
  return index
}

interface Vocabulary {
  terms: Map<string, number>
  compounds: Map<string, string[]>
  forms: Forms
}

/** The numbers of the words of title, abstract and keywords. */
function fieldsOf({ title, abstract, keywords }: RankablePaper, vocabulary: Vocabulary): Int32Array[] {
  const ofKeywords: number[] = []
  for (const keyword of keywords) ofKeywords.push(...numbersOf(keyword, vocabulary), BREAK)
  return [numbersOf(title, vocabulary), numbersOf(abstract ?? '', vocabulary), ofKeywords].map((numbers) =>
    Int32Array.from(numbers),
  )
}

function numbersOf(text: string, { terms, compounds, forms }: Vocabulary): number[] {
  const analysed = analyse(text)
  for (const { joined, parts } of analysed.compounds) compounds.set(joined, parts)
  return analysed.stems.map((stem, at) => {
    let term = terms.get(stem)
    if (term === undefined) {
      term = terms.size
      terms.set(stem, term)
    }
    noteForm(forms, analysed.words[at]!, term)
    return term
  })
}

/** Where the stem stands; undefined where no paper has it. */
export function postingsOf(index: PaperIndex, stem: string): Postings | undefined {
  const term = index.terms.get(stem)
  if (term === undefined) return undefined
  const { starts, all } = index.inverted
  const from = starts[term]!
  const to = starts[term + 1]!
  return {
    docs: all.docs.subarray(from, to),
    frequencies: all.frequencies.subarray(from, to),
    places: all.places.subarray(from, to),
  }
}

function isWhole({ abstract }: RankablePaper): boolean {
  return abstract !== null && abstract !== ''
}

function meanWhole(papers: readonly RankablePaper[], lengths: Float64Array): number {
  const whole = lengths.filter((_, at) => isWhole(papers[at]!))
  return whole.reduce((sum, length) => sum + length, 0) / Math.max(whole.length, 1)
}
