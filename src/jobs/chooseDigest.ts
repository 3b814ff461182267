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

/** Chooses one reader's digest. @throws UsageError naming the topic that cannot be read. */
export type Chooser = (reader: DigestReader) => DigestSelection

const NOTHING: ReadonlySet<number> = new Set()

/**
 * Makes ready to choose from the papers listed until `last` for these subscribers: what composeDigests freezes and a
 * preview shows.
 */
export async function openChooser(db: Db, subscriberIds: number[], last: LocalDate): Promise<Chooser> {
  const index = await candidateIndex(db, last)
  const paperIds = index.papers.map((paper) => paper.id)
  const taken = await listTakenPapers(db, subscriberIds, paperIds)
  return ({ id, max, topics }) => {
    const mine = (id === undefined ? undefined : taken.get(id)) ?? NOTHING
    return selectDigest(index, topics, { max, exclude: (paperId) => mine.has(paperId) })
  }
}

/** The digest of one reader from papers listed until `last`. */
export async function chooseDigest(db: Db, reader: DigestReader, last: LocalDate): Promise<DigestSelection> {
  const chooser = await openChooser(db, reader.id === undefined ? [] : [reader.id], last)
  return chooser(reader)
}
