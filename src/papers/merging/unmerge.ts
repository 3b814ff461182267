import { type KnownPaper, PAPER_FIELDS, type PaperField, type Provenance } from '../../domain.ts'

/** The values that a merge changed, by field name, so that a split can undo the merge. */
export type ValueChanges = Record<string, { before: ValueWithOrigin; after: ValueWithOrigin }>

export interface ValueWithOrigin {
  value: unknown
  /** Null if unknown. */
  origin: Provenance[string] | null
}

/** The values that differ between a paper before a merge and the same paper after it. */
export function changedBetween(before: KnownPaper, after: KnownPaper): ValueChanges {
  const differing = (Object.keys(PAPER_FIELDS) as PaperField[]).filter(
    (field) => fieldOf(before, field).value !== fieldOf(after, field).value,
  )
  return Object.fromEntries(
    differing.map((field) => [field, { before: fieldOf(before, field), after: fieldOf(after, field) }]),
  )
}

function fieldOf(paper: KnownPaper, field: PaperField): ValueWithOrigin {
  return { value: paper[field], origin: paper.provenance[field] ?? null }
}

/**
 * The values to write into a paper when a merge is undone. A value that the merge changed goes back to what it was
 * before, unless it has changed again since. `changed` may come from JSON, in which dates are strings.
 */
export function valuesToReturn(paper: KnownPaper, changed: ValueChanges): Partial<KnownPaper> {
  const back: Record<string, unknown> = {}
  const provenance = { ...paper.provenance }
  for (const [field, { before, after }] of Object.entries(changed)) {
    if (JSON.stringify(paper[field as keyof KnownPaper]) !== JSON.stringify(after.value)) continue
    back[field] = before.value
    if (before.origin === null) delete provenance[field]
    else provenance[field] = before.origin
  }
  return { ...back, provenance }
}
