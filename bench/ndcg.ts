const DEPTH = 10

/**
 * nDCG@10 of a ranking with yes-or-no relevance: Σ 1/log₂(rank + 1) over the relevant papers of the first ten,
 * divided by the same sum for the best possible ranking. Järvelin & Kekäläinen (2002).
 */
export function ndcg10(ranking: readonly string[], relevant: ReadonlySet<string>): number {
  const gain = ranking
    .slice(0, DEPTH)
    .reduce((sum, id, at) => sum + (relevant.has(id) ? 1 / Math.log2(at + 2) : 0), 0)
  let ideal = 0
  for (let at = 0; at < Math.min(DEPTH, relevant.size); at++) ideal += 1 / Math.log2(at + 2)
  return gain / ideal
}

/** The reciprocal of the rank of the first relevant paper; 0 if there is none. */
export function firstHit(ranking: readonly string[], relevant: ReadonlySet<string>): number {
  const at = ranking.findIndex((id) => relevant.has(id))
  return at < 0 ? 0 : 1 / (at + 1)
}
