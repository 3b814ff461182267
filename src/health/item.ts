/** The kinds of things that need a person. Each has a section in docs/operations.md. */
export const ITEM_KINDS = [
  'layout changed',
  'source failing',
  'source silent',
  'source short',
  'mail paused',
  'domain refuses',
  'digests held',
  'digests failed',
  'digests late',
  'queue away',
  'queue paused',
  'queue stuck',
  'worker gone',
  'disk full',
  'database full',
  'backup old',
  'merges in doubt',
] as const

export type ItemKind = (typeof ITEM_KINDS)[number]

/** `bad`: something does not work now. `warning`: it will not, or somebody should look. */
export type Severity = 'bad' | 'warning'

/** Something that needs a person. */
export interface Item {
  kind: ItemKind
  /** The same trouble has the same key, at every look. */
  key: string
  severity: Severity
  /** What it is, in a few words. */
  title: string
  /** Why. */
  reason: string
  since: Date
  /** What to do on the command line. */
  advice: string
  /** What it is about, for a page that offers deeds. */
  about?: { source: number } | { step: string } | { reason: string }
}

/** One of the list of checks. */
export interface Check<Facts> {
  name: string
  /** What needs a person. */
  look(facts: Facts): Item[]
  /** What is well, in a few words, if nothing is found. */
  tell(facts: Facts): string
}
