import { papersHealth } from './health.ts'
import { papersLanguage } from './language.ts'
import { papersLearning } from './learning.ts'
import { papersLife } from './life.ts'
import { papersOdd } from './odd.ts'
import { papersPeople } from './people.ts'
import { papersRobots } from './robots.ts'
import type { SamplePaper } from './samplePaper.ts'
import { papersSkySea } from './skySea.ts'

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

/** All sample papers. The subjects take turns, so that every stretch is mixed. */
export const samplePapers: readonly SamplePaper[] = takeTurns(SUBJECTS)

function takeTurns(lists: SamplePaper[][]): SamplePaper[] {
  const longest = Math.max(...lists.map((list) => list.length))
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? []))
  return turns.flat()
}
