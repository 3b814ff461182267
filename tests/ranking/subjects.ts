import type { RankablePaper } from '../../src/ranking/index/paperIndex.ts'
import { seededRandom } from '../../src/ranking/matrices/randomNumbers.ts'
import { paper } from './papers.ts'

/** Words of made-up subjects: `alpha0` … `alpha29` and so on. */
export const SUBJECTS = ['alpha', 'beta', 'gamma', 'delta', 'epsil'] as const
const WORDS = 30
const COMMON = 'we show that the method of this study gives new results'

/** Papers that take turns with the subjects; each holds twelve words of its own, and some that all have. The same every time. */
export function subjectPapers(count: number, firstId = 1): RankablePaper[] {
  const random = seededRandom(firstId)
  return Array.from({ length: count }, (_, at) => {
    const subject = SUBJECTS[at % SUBJECTS.length]!
    const word = () => subjectWord(subject, Math.floor(random() * WORDS))
    const words = Array.from({ length: 12 }, word).join(' ')
    return paper(firstId + at, `${word()} ${word()}`, { abstract: `${COMMON} ${words}` })
  })
}

/** Letters, for digits would be cut off by stemming or not. */
export function subjectWord(subject: string, at: number): string {
  return `${subject}${'bcdfghjklmnpqrtvwxz'[at % 19]}${'aiou'[Math.floor(at / 19)]}k`
}

/** Papers on subjects with up to twenty words of their own each; 17 subjects are enough for a space of meaning. */
export function papersOn(subjects: number, each: number): RankablePaper[] {
  return Array.from({ length: subjects * each }, (_, at) => {
    const subject = at % subjects
    const words = Array.from({ length: 12 }, (_, k) => `s${subject}w${(at + k * k) % 20}x`)
    return paper(1000 + at, words.slice(0, 4).join(' '), { abstract: words.join(' ') })
  })
}
