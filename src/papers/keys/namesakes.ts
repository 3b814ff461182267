import type { Entry, Paper } from '../../domain.ts'
import { profileOf } from '../profile/profile.ts'
import { codeOf } from './blockingKeys.ts'

/**
 * Keys of a record under a title that many papers bear, such as the title of a column. There the title alone leads to too
 * many papers to compare, so it is split by who signed them: a block that grows too large is cut by a further key
 * (McNeill, Kardes and Borthwick, "Dynamic Record Blocking", QDB 2012). Papers are filed under these keys only once
 * their title is crowded, because hardly any title is.
 */

/** A list of names that breaks off keeps its first ones. */
const MOST_FAMILIES = 4

/** The codes under which a record is filed: its title with each family name, or with nobody's where it is not signed. */
export function namesakeCodes(record: Entry | Paper): number[] {
  const families = familiesOf(record)
  return families.length === 0 ? [unsignedCode(record)] : families.map((family) => codeWith(record, family))
}

/** The codes by which its likes are found: those that it is filed under, and the one of papers that are not signed. */
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
