import type { RankablePaper } from '../../src/ranking/index/paperIndex.ts'

/** A paper with what a test cares about. */
export function paper(id: number, title: string, rest: Partial<RankablePaper> = {}): RankablePaper {
  return {
    id,
    title,
    abstract: null,
    authors: [],
    categories: [],
    organization: null,
    keywords: [],
    upvotes: null,
    day: '2026-11-20',
    ...rest,
  }
}
