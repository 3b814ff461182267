import { papersHealth } from './papersHealth.ts'
import { papersLanguage } from './papersLanguage.ts'
import { papersLearning } from './papersLearning.ts'
import { papersLife } from './papersLife.ts'
import { papersOdd } from './papersOdd.ts'
import { papersPeople } from './papersPeople.ts'
import { papersRobots } from './papersRobots.ts'
import { papersSkySea } from './papersSkySea.ts'
import type { SamplePaper } from './samplePaper.ts'

const SUBJECTS = [
  papersHealth,
  papersLanguage,
  papersRobots,
  papersLife,
  papersSkySea,
  papersPeople,
  papersLearning,
  papersOdd,
]

/** All sample papers, one of each subject in turn, so that every stretch of them is mixed. */
export const samplePapers: readonly SamplePaper[] = takeTurns(SUBJECTS)

function takeTurns(lists: SamplePaper[][]): SamplePaper[] {
  const longest = Math.max(...lists.map((list) => list.length))
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? []))
  return turns.flat()
}
