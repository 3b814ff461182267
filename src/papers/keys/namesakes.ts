import type { Entry, Paper } from '../../domain.ts'
import { profileOf } from '../profile/profile.ts'
import { codeOf } from './blockingKeys.ts'

/**
 * Keys of a record whose title many papers share, such as the title of a column. The title alone leads to too many
 * papers to compare, so these papers are divided by their authors: a block that grows too large is cut by a further key
 * (McNeill, Kardes and Borthwick, "Dynamic Record Blocking", QDB 2012). Papers are filed under these keys only when
 * their title has become crowded, because few titles do.
 */

/** A list of names that breaks off keeps its first ones. */
const MOST_FAMILIES = 4

/** The codes under which a record is filed: its title with each family name, or with no name if it has no authors. */
export function namesakeCodes(record: Entry | Paper): number[] {
  const families = familiesOf(record)
  return families.length === 0 ? [unsignedCode(record)] : families.map((family) => codeWith(record, family))
}

/**
 * The codes by which similar records are found: those under which it is filed, and the code of papers without authors.
 */
export function askedNamesakeCodes(record: Entry | Paper): number[] {
  return [...familiesOf(record).map((family) => codeWith(record, family)), unsignedCode(record)]
}

function familiesOf(record: Entry | Paper): string[] {
  return [...new Set(profileOf(record).names.map(({ family }) => family))].slice(0, MOST_FAMILIES)
}

function unsignedCode(record: Entry | Paper): number {
  return codeWith(record, '')
}

function codeWith(record: Entry | Paper, family: string): number {
  return codeOf(`${profileOf(record).letters}/${family}`)
}
