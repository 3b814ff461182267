/** What the weights of words are computed from, where an index holds only some papers of a collection. */
export interface CollectionStatistics {
  /** How many papers were counted. */
  papers: number
  /** How many of these have a stem; undefined for a stem that was not counted. */
  holders(stem: string): number | undefined
  /** The mean length of a paper, see `PaperIndex.meanLength`. */
  meanLength: number
  /** How many papers the collection has. */
  stored: number
}

/** A phrase of which nobody counted the papers is taken to be this much rarer than its rarest word. */
export const PHRASE_RARITY = 3
