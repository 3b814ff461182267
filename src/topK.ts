/**
 * Inserts an item into a list of the best `k` seen so far, which is kept best first. Of equal items the one inserted first
 * comes first. `compare` is below 0 if its first argument is the better one. Takes O(k), so it suits short lists.
 */
export function insertTopK<Item>(
  best: Item[],
  item: Item,
  k: number,
  compare: (a: Item, b: Item) => number,
): void {
  if (best.length >= k && compare(item, best[k - 1]!) >= 0) return
  let at = Math.min(best.length, k - 1)
  while (at > 0 && compare(item, best[at - 1]!) < 0) {
    best[at] = best[at - 1]!
    at--
  }
  best[at] = item
}
