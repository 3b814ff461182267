import type { KnownPaper, PlannedMerge } from '../planning/planning.ts'

/**
 * What a paper's values become when a merge is taken back: those that it had changed are what they were, unless they
 * changed since. `changed` may come out of JSON, dates as texts.
 */
export function valuesToReturn(paper: KnownPaper, changed: PlannedMerge['changed']): Partial<KnownPaper> {
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
