import { paperOfWords, type RankablePaper } from '../src/ranking/index/paperIndex.ts'
import { createRandom, type Random } from './random.ts'
import { drawTitleWord, drawWord, makeVocabulary } from './vocabulary.ts'

/** Papers of made-up words with subjects, so that some papers are similar and some match an interest. */
export interface MadePapers {
  papers: RankablePaper[]
  /** A subscriber's interest: `words` words, most of one subject and a few of another. */
  interest(random: Random, words: number): string[]
}

const SUBJECTS = 400
const SUBJECT_WORDS = 150
/** The commonest word of a subject has at least this rank in the vocabulary. */
const FIRST_RANK = 60
/** This many of 100 words of a paper belong to its subject. */
const OF_SUBJECT = 30
/** This many of 100 papers explain an acronym. */
const EXPLAINING = 15
const ABSTRACT_WORDS = [90, 230] as const
const TITLE_WORDS = [5, 14] as const

/** Makes `count` papers, the same in every run with one seed. Their vocabulary and lengths are like arXiv's. */
export function makePapers(count: number, seed: number): MadePapers {
  const vocabulary = makeVocabulary()
  const subjects = makeSubjects(vocabulary)
  const random = createRandom(seed)
  return {
    papers: Array.from({ length: count }, (_, at) =>
      makePaper(seed * 10_000_000 + at, random.pick(subjects), vocabulary, random),
    ),
    interest: (from, words) => makeInterest(subjects, from, words),
  }
}

function makeSubjects(vocabulary: readonly string[]): string[][] {
  const random = createRandom(11)
  const rank = (): number => Math.floor(FIRST_RANK * (vocabulary.length / FIRST_RANK) ** random.next())
  return Array.from({ length: SUBJECTS }, () =>
    Array.from({ length: SUBJECT_WORDS }, rank)
      .sort((a, b) => a - b)
      .map((at) => vocabulary[at]!),
  )
}

function makePaper(
  id: number,
  subject: readonly string[],
  vocabulary: string[],
  random: Random,
): RankablePaper {
  const isOfSubject = (): boolean => random.between(1, 100) <= OF_SUBJECT
  const text = (length: number, other: () => string): string =>
    Array.from({ length }, () => (isOfSubject() ? subjectWord(subject, random) : other())).join(' ')
  const explained = random.between(1, 100) <= EXPLAINING ? ` ${explanationOf(subject)}` : ''
  return paperOfWords({
    id,
    title: text(random.between(...TITLE_WORDS), () => drawTitleWord(vocabulary, random)),
    abstract: text(random.between(...ABSTRACT_WORDS), () => drawWord(vocabulary, random)) + explained,
    upvotes: random.between(0, 60),
    day: '2026-11-20',
  })
}

/** `graph neural network (GNN)` */
function explanationOf(subject: readonly string[]): string {
  const words = subject.slice(0, 3)
  return `${words.join(' ')} (${words.map((word) => word[0]!.toUpperCase()).join('')})`
}

/** The first words of a subject are its commonest. */
function subjectWord(subject: readonly string[], random: Random): string {
  return subject[Math.floor(subject.length * random.next() ** 2)]!
}

function makeInterest(subjects: readonly string[][], random: Random, words: number): string[] {
  const main = random.pick(subjects)
  const other = random.pick(subjects)
  return Array.from({ length: words }, (_, at) => subjectWord(at < words * 0.6 ? main : other, random))
}
