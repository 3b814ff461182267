import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import type { StoredItem } from '../../db/digests/digestItems.ts'
import type { Db } from '../../db/engine/connect.ts'
import { findPapers } from '../../db/papers/papers.ts'
import type { DigestPaper, Paper } from '../../domain.ts'

const MOST_KEPT = 5000

/** The papers that were mailed last, by number and version. A day's papers go to many subscribers. */
const papersKept = keptFor((_db: Db): BoundedCache<string, Paper> => newCache(MOST_KEPT))

/** The papers of digests in their order. Each paper is read once per process and version, and is one object for all. */
export async function papersOf(db: Db, items: StoredItem[]): Promise<Map<number, DigestPaper[]>> {
  const cache = papersKept(db)
  const missing = new Set(
    items.filter((item) => !cache.entries.has(versionOf(item))).map((item) => item.paper_id),
  )
  const read = new Map((await findPapers(db, [...missing])).map((paper) => [paper.id, paper]))
  const papers = new Map<number, DigestPaper[]>()
  for (const item of items) {
    const version = versionOf(item)
    const paper = cache.entries.get(version) ?? read.get(item.paper_id)
    // Deleted between the two queries.
    if (paper === undefined) continue
    if (!cache.entries.has(version)) keep(cache, version, paper)
    const { digest_id, paper_id, topic, score, reasons } = item
    const list = papers.get(digest_id) ?? []
    list.push({ paperId: paper_id, topic, score, reasons, paper })
    papers.set(digest_id, list)
  }
  return papers
}

function versionOf({ paper_id, updated_at }: StoredItem): string {
  return `${paper_id} ${updated_at.getTime()}`
}
