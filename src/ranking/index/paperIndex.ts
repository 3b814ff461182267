import type { LocalDate, Paper } from '../../domain.ts'
import type { Sliced } from '../../slices.ts'
import { type FoldedName, nameForms } from '../language/fields.ts'
import { analyse } from '../language/text.ts'
import { BREAK, type Inverted, invert, lengthOf, type Postings, type Texts, textsOf } from './inverted.ts'
import { commonestForms, type Forms, newForms, noteForm } from './writtenWords.ts'

/**
 * What ranking reads of a paper. `day` is when the paper was listed or first seen. `upvotesPerDay` is how fast upvotes came in
 * lately, by repeated sightings; it is null or absent after a single sighting.
 */
export type RankablePaper = Pick<
  Paper,
  'id' | 'title' | 'abstract' | 'authors' | 'categories' | 'organization' | 'keywords' | 'upvotes'
> & {
  day: LocalDate | null
  upvotesPerDay?: number | null
  venue?: string | null
  year?: number | null
  publishedAt?: Date | null
}

/** A paper of which only the words are known, or only the words matter. */
export function paperOfWords(
  words: Pick<RankablePaper, 'id' | 'title' | 'abstract'> & Partial<RankablePaper>,
): RankablePaper {
  return { authors: [], categories: [], organization: null, keywords: [], upvotes: null, day: null, ...words }
}

/**
 * A set of papers made searchable. Immutable plain data: the structured clone algorithm, with which a corpus model is stored,
 * keeps it.
 */
export interface PaperIndex {
  papers: readonly RankablePaper[]
  /** Stem → its term number in this index. */
  terms: ReadonlyMap<string, number>
  /** For each term the word that people write for it. */
  words: readonly string[]
  inverted: Inverted
  texts: Texts
  /**
   * The length of each paper in words (title words count twice), divided by the mean length. It is 1 for a paper without
   * abstract: such a paper is not short, and its title words must not count more than those of other papers.
   */
  relativeLengths: Float64Array
  /** The mean length of the papers that have an abstract; 0 if none has. */
  meanLength: number
  /** Hyphenated words of the papers: written as one → their parts (`xray` → `x`, `ray`). */
  compounds: ReadonlyMap<string, string[]>
  /** For each paper the folded names of its authors. */
  authors: readonly FoldedName[][]
}

/**
 * Indexes papers in their order; yields after each paper.
 * `knownMeanLength` replaces the papers' own mean length where it is known from more papers.
 */
export function* indexingPapers(
  papers: readonly RankablePaper[],
  knownMeanLength?: number,
): Sliced<PaperIndex> {
  const vocabulary: Vocabulary = { terms: new Map(), compounds: new Map(), forms: newForms() }
  const fields: Int32Array[] = []
  for (const paper of papers) {
    fields.push(...fieldsOf(paper, vocabulary))
    yield
  }
  const { terms, compounds, forms } = vocabulary
  const texts = textsOf(fields)
  const lengths = Float64Array.from(papers, (_, doc) => lengthOf(texts, doc))
  const meanLength = knownMeanLength ?? meanLengthOf(papers, lengths)
  return {
    papers,
    terms,
    words: commonestForms(forms, terms.size),
    inverted: invert(texts, terms.size),
    texts,
    relativeLengths: lengths.map((length, at) =>
      meanLength > 0 && hasAbstract(papers[at]!) ? length / meanLength : 1,
    ),
    meanLength,
    compounds,
    authors: papers.map((paper) => paper.authors.flatMap(nameForms)),
  }
}

interface Vocabulary {
  terms: Map<string, number>
  compounds: Map<string, string[]>
  forms: Forms
}

/** The term numbers of title, abstract and keywords. */
function fieldsOf({ title, abstract, keywords }: RankablePaper, vocabulary: Vocabulary): Int32Array[] {
  const ofKeywords: number[] = []
  for (const keyword of keywords) ofKeywords.push(...termNumbers(keyword, vocabulary), BREAK)
  return [termNumbers(title, vocabulary), termNumbers(abstract ?? '', vocabulary), ofKeywords].map(
    (numbers) => Int32Array.from(numbers),
  )
}

function termNumbers(text: string, { terms, compounds, forms }: Vocabulary): number[] {
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

/** The postings of a stem; undefined if no paper has it. */
export function postingsOf(index: PaperIndex, stem: string): Postings | undefined {
  const term = index.terms.get(stem)
  if (term === undefined) return undefined
  const { starts, all } = index.inverted
  const from = starts[term]!
  const to = starts[term + 1]!
  return {
    docs: all.docs.subarray(from, to),
    frequencies: all.frequencies.subarray(from, to),
    fieldBits: all.fieldBits.subarray(from, to),
  }
}

function hasAbstract({ abstract }: RankablePaper): boolean {
  return abstract !== null && abstract !== ''
}

/** The mean over the papers that have an abstract. */
function meanLengthOf(papers: readonly RankablePaper[], lengths: Float64Array): number {
  const whole = lengths.filter((_, at) => hasAbstract(papers[at]!))
  return whole.reduce((sum, length) => sum + length, 0) / Math.max(whole.length, 1)
}
