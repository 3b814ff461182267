import type { Db } from '../db/connect.ts'
import { listTakenPapers } from '../db/digestItems.ts'
import type { LocalDate, Topic } from '../domain.ts'
import { type DigestSelection, selectDigest } from '../ranking/selectDigest.ts'
import { candidateIndex } from './candidates.ts'

/** Whom a digest is chosen for; without an id nobody has been sent anything. */
export interface DigestReader {
  id: number | undefined
  max: number
  topics: Topic[]
}

/** The digest of this reader from papers listed until `last`: what composeDigests freezes, and a preview shows. */
export async function chooseDigest(db: Db, reader: DigestReader, last: LocalDate): Promise<DigestSelection> {
  const index = await candidateIndex(db, last)
  const taken = await takenPapers(
    db,
    reader.id,
    index.papers.map((paper) => paper.id),
  )
  return selectDigest(index, reader.topics, { max: reader.max, exclude: (paperId) => taken.has(paperId) })
}

async function takenPapers(db: Db, id: number | undefined, paperIds: number[]): Promise<ReadonlySet<number>> {
  if (id === undefined) return new Set()
  return (await listTakenPapers(db, [id], paperIds)).get(id) ?? new Set()
}
