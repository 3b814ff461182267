/** What a topic gives each paper of an index, written down while it is matched. */
export interface Board {
  /** What clauses and related words add, in this order. */
  interest: Float64Array
  /** What related words of the corpus model add. */
  related: Float64Array
  /** Not 0 for a paper that has one of the words itself, or a field wished for. */
  held: Uint8Array
}

/** Wiped ones, to be used again: new ones cost more than wiping. As many as were in use at once. */
const spare: Board[] = []

/** A board of zeros for so many papers; give it back with returnBoard when it is not needed any more. */
export function takeBoard(papers: number): Board {
  const spared = spare.pop()
  if (spared?.held.length === papers) return spared
  return {
    interest: new Float64Array(papers),
    related: new Float64Array(papers),
    held: new Uint8Array(papers),
  }
}

/** Gives back what takeBoard gave; it must not be used afterwards. */
export function returnBoard(board: Board): void {
  board.interest.fill(0)
  board.related.fill(0)
  board.held.fill(0)
  spare.push(board)
}
