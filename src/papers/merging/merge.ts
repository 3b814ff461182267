import { type Entry, PAPER_FIELDS, type Paper, type PaperField, type Provenance } from '../../domain.ts'
import { strongIds } from '../profile/strongIds.ts'
import { type FieldValue, type Known, type MergeRule, mergeRules } from './mergeRules.ts'

/** Where an entry's values come from: the format that read them, and when they were observed (null if unknown). */
export interface Seen {
  format: string
  at: Date | null
}

/** A paper that is not stored yet. */
export type NewPaperFields = Omit<Paper, 'id'> & { provenance: Provenance }

/** The fields of a paper of which nothing is known yet. */
const NOTHING_KNOWN = {
  ...Object.fromEntries(
    Object.entries(PAPER_FIELDS).map(([field, kind]) => [field, kind === 'texts' ? [] : null]),
  ),
  title: '',
}

/** Makes a new paper from one entry. */
export function paperFromEntry(entry: Entry, seen: Seen): NewPaperFields {
  const told = toldBy(entry)
  const at = timeOf(seen.at)
  const origin = { format: seen.format, at: isoOf(at) }
  const paper: Record<string, unknown> = { ...NOTHING_KNOWN }
  const provenance: Provenance = {}
  for (const [field, rule] of RULES) {
    const came = knownOf(told[field], seen.format, at)
    if (came === undefined) continue
    paper[field] = rule(undefined, came).value
    provenance[field] = origin
  }
  return { ...(paper as unknown as NewPaperFields), provenance }
}

/** The entry's values, with canonical ids. */
function toldBy(entry: Entry): Partial<Record<PaperField, unknown>> {
  const { arxiv, doi } = strongIds(entry)
  return { ...entry, arxivId: arxiv, doi }
}

/**
 * Merges an entry into its paper by the rule of each field (mergeRules.ts). A field that the entry lacks stays as it
 * is. An unknown value is taken. A known value is replaced only by a better one. `changes` is empty if the entry only
 * confirms a value with a better format or a newer observation; `provenance` then says so. Undefined if nothing
 * changes, as for an entry that was merged before.
 */
export function mergeEntry(
  paper: Paper & { provenance: Provenance },
  entry: Entry,
  seen: Seen,
): { changes: Partial<Paper>; provenance: Provenance } | undefined {
  const merged = mergeFields(paper, entry, seen)
  return merged.provenance === paper.provenance ? undefined : merged
}

/** Merges another paper, each of whose values has its own origin. */
export function mergePaper(
  paper: NewPaperFields,
  other: NewPaperFields,
): { changes: Partial<Paper>; provenance: Provenance } | undefined {
  const merged = mergeValues(paper, (field) => keptOf(other, field))
  return merged.provenance === paper.provenance ? undefined : merged
}

function mergeFields(
  paper: NewPaperFields,
  entry: Entry,
  seen: Seen,
): { changes: Partial<Paper>; provenance: Provenance } {
  const told = toldBy(entry)
  const at = timeOf(seen.at)
  return mergeValues(paper, (field) => knownOf(told[field], seen.format, at))
}

const RULES = Object.entries(mergeRules) as [PaperField, MergeRule][]

/** The origin of a value, as compared and as stored. */
interface Origin {
  format: string
  at: number | null
  told: Provenance[string]
}

function mergeValues(
  paper: NewPaperFields,
  cameOf: (field: PaperField) => Known | undefined,
): { changes: Partial<Paper>; provenance: Provenance } {
  const changes: Record<string, FieldValue> = {}
  const origins: Provenance = {}
  let origin: Origin | undefined
  for (const [field, rule] of RULES) {
    const came = cameOf(field)
    if (came === undefined) continue
    const kept = keptOf(paper, field)
    const merged = rule(kept, came)
    const isConfirmed = kept !== undefined && isEqual(merged.value, kept.value)
    if (isConfirmed && merged.format === kept.format && merged.at === kept.at) continue
    if (!isConfirmed) changes[field] = merged.value
    // Most values of one entry have one origin.
    if (origin === undefined || origin.format !== merged.format || origin.at !== merged.at) {
      origin = { format: merged.format, at: merged.at, told: { format: merged.format, at: isoOf(merged.at) } }
    }
    origins[field] = origin.told
  }
  const isChanged = origin !== undefined
  return { changes, provenance: isChanged ? { ...paper.provenance, ...origins } : paper.provenance }
}

/** A stored value with its origin. If the origin is unknown, the value ranks below every other. */
function keptOf(paper: NewPaperFields, field: PaperField): Known | undefined {
  const origin = Object.hasOwn(paper.provenance, field) ? paper.provenance[field] : undefined
  return knownOf(paper[field], origin?.format ?? '', timeOf(origin?.at ?? null))
}

/** Undefined if there is no value: absent, empty, or an invalid date or number. */
function knownOf(value: unknown, format: string, at: number | null): Known | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (Array.isArray(value) && value.length === 0) return undefined
  if (value instanceof Date && Number.isNaN(value.getTime())) return undefined
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  return { value: value as FieldValue, format, at }
}

function timeOf(at: Date | string | null): number | null {
  const time = at === null ? Number.NaN : new Date(at).getTime()
  return Number.isNaN(time) ? null : time
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

function isEqual(one: FieldValue, other: FieldValue): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))
}
