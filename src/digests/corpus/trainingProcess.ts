import { reasonOf } from '../../errors.ts'
import { trainCorpusModel } from '../../ranking/corpus/trainCorpusModel.ts'
import type { RankablePaper } from '../../ranking/index/paperIndex.ts'
import { packCorpusModel } from './modelBytes.ts'
import { starterModel } from './starter.ts'
import { withStarter } from './withStarter.ts'

/** Messages to the process: any number of batches of papers, then the order to train. */
export type TrainingOrder = { papers: RankablePaper[] } | 'train'

/** Messages from the process: the packed corpus model in parts, then the number of parts; or the error. */
export type TrainingAnswer = { part: Uint8Array } | { parts: number } | { failed: string }

/** Parts are this small so that an embedded database can answer other queries between two of them. */
const PART_BYTES = 512 * 1024

/** The process that trainApart.ts starts. It collects papers, trains, answers, and ends when the connection closes. */
const papers: RankablePaper[] = []
process.on('message', (order: TrainingOrder) => {
  if (order !== 'train') papers.push(...order.papers)
  else answer()
})

function answer(): void {
  try {
    const packed = packCorpusModel(trainCorpusModel(withStarter(papers, starterModel())))
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
