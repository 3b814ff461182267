import { reasonOf } from '../../errors.ts'
import { trainCorpusModel } from '../../ranking/corpus/trainCorpusModel.ts'
import type { RankablePaper } from '../../ranking/index/paperIndex.ts'
import { packCorpusModel } from './modelBytes.ts'

/** What the process is told: papers, any number of times, then that these are all. */
export type TrainingOrder = { papers: RankablePaper[] } | 'train'

/** What it answers: the packed corpus model in parts, then how many there were; or why there is none. */
export type TrainingAnswer = { part: Uint8Array } | { parts: number } | { failed: string }

/** Small enough for other queries to come in between when it is stored, where the database is embedded. */
const PART_BYTES = 512 * 1024

/** The other side of trainApart.ts: collects papers, learns from them, answers, and ends with the connection. */
const papers: RankablePaper[] = []
process.on('message', (order: TrainingOrder) => {
  if (order !== 'train') papers.push(...order.papers)
  else answer()
})

function answer(): void {
  try {
    const packed = packCorpusModel(trainCorpusModel(papers))
    const parts = Math.ceil(packed.length / PART_BYTES)
    for (let part = 0; part < parts; part++)
      tell({ part: packed.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) })
    tell({ parts })
  } catch (error) {
    tell({ failed: reasonOf(error) })
  }
}

function tell(answer: TrainingAnswer): void {
  process.send?.(answer)
}
