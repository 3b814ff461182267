import type { Entry } from '../../../../src/domain.ts'
import { listsPapers, type Wanted } from '../../../../src/sources/dumps/dumpKind.ts'
import { type Dump, partsOf } from '../../../../src/sources/dumps/parts.ts'
import { readPart } from '../../../../src/sources/dumps/readPart.ts'
import { pipeOf } from '../../../support/dumps.ts'

/** The papers of a dump and the labels of its parts, up to what it failed with. */
export async function papersIn(
  dump: Buffer | Dump,
  wanted: Wanted = { format: 'auto' },
): Promise<{ entries: Entry[]; labels: string[]; error?: string }> {
  const entries: Entry[] = []
  const labels: string[] = []
  try {
    const opened = Buffer.isBuffer(dump) ? pipeOf('dump', dump) : dump
    for await (const part of partsOf(opened, (names) => listsPapers(names, wanted))) {
      labels.push(part.label)
      for await (const batch of readPart(part, wanted, 0)) {
        entries.push(...(batch.kind === 'page' ? batch.listing : batch).entries)
      }
    }
    return { entries, labels }
  } catch (error) {
    return { entries, labels, error: (error as Error).message }
  }
}
