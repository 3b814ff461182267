import { createHash } from 'node:crypto'
import type { Entry, Paper } from '../../domain.ts'
import { foldTitle, lettersOf } from '../../text/titles.ts'
import { profileOf } from '../profile/profile.ts'
import { strongIds } from '../profile/strongIds.ts'
import { type BlockingKeys, blockingKeys } from './blockingKeys.ts'
import { editorialKey } from './editorials.ts'
import { identityKeys, lettersKey } from './identityKeys.ts'
import { askedNamesakeCodes, namesakeCodes } from './namesakes.ts'

/** A key: text for an id, a whole entry or a title; a number for the code of similar titles. */
export type Key = string | number

/** All keys of one entry: those it is looked up by, and those its paper is filed under. */
export interface EntryKeys {
  /** Ids and the entry's whole text: each leads to the paper without a comparison of titles. */
  sure: string[]
  /** In the order in which they decide: sure keys, the title, similar titles. */
  asked: Key[]
  held: Key[]
}

/** An entry with its keys, which are made once. */
export interface KeyedEntry {
  entry: Entry
  keys: EntryKeys
}

/** Makes an entry's keys. */
export function keyedEntry(entry: Entry): KeyedEntry {
  return { entry, keys: entryKeys(entry) }
}

const TEXT = 'text:'

/**
 * The keys of an entry. An entry without ids also has a key of its whole text, so that the same listing again finds the
 * same paper, whatever that paper has become since. A title that says nothing ("Editorial") has no key of its own,
 * except together with its authors.
 */
export function entryKeys(entry: Entry): EntryKeys {
  const ids = identityKeys(entry)
  const sure = ids.length === 0 ? [textKey(entry)] : ids
  const folded = foldTitle(entry.title)
  const title = lettersKey(lettersOf(folded))
  if (title === undefined) {
    const editorial = editorialKey(profileOf(entry))
    const all = editorial === undefined ? sure : [...sure, editorial]
    return { sure, asked: all, held: all }
  }
  const hasArxiv = ids.some((key) => key.startsWith('arxiv:'))
  const near = blockingKeys(folded)
  return {
    sure,
    asked: [...sure, title, ...askedNear(near, hasArxiv)],
    held: [...sure, title, ...(hasArxiv ? near.held.map(withArxiv) : near.held)],
  }
}

/** The keys by which an entry is looked up if its title is crowded; see namesakes.ts. */
export function askedNamesakes(entry: Entry): Key[] {
  const codes = askedNamesakeCodes(entry)
  return hasArxivId(entry) ? codes : [...codes, ...codes.map(withArxiv)]
}

/** The keys under which a record with a crowded title is filed. */
export function heldNamesakes(record: Entry | Paper): Key[] {
  const codes = namesakeCodes(record)
  return hasArxivId(record) ? codes.map(withArxiv) : codes
}

/** The title key of an entry; undefined if its title does not tell papers apart. */
export function titleKeyOf({ held }: EntryKeys): string | undefined {
  return held.find(isTitleKey)
}

function hasArxivId(record: Entry | Paper): boolean {
  return strongIds(record).arxiv !== undefined
}

/**
 * Codes of papers with an arXiv id are negative. An entry with an arXiv id can only match such a paper by that id, so
 * it does not look these codes up.
 */
function withArxiv(code: number): number {
  return -code - 1
}

function askedNear({ asked }: BlockingKeys, hasArxiv: boolean): number[] {
  return hasArxiv ? asked : [...asked, ...asked.map(withArxiv)]
}

/** Whether the key is the whole text of an entry: then its holder is the paper. */
export function isTextKey(key: Key): key is string {
  return typeof key === 'string' && key.startsWith(TEXT)
}

export function isTitleKey(key: Key): key is string {
  return typeof key === 'string' && key.startsWith('title:')
}

/** Whether the key is an id or the whole text: it leads to the paper without a comparison of titles. */
export function isSureKey(key: Key): key is string {
  return !isBlockingKey(key) && !isTitleKey(key)
}

/** Whether the key only says that titles may be alike. */
export function isBlockingKey(key: Key): key is number {
  return typeof key === 'number'
}

function textKey(entry: Entry): string {
  const { title, authors = [], abstract = '', venue = '', year = 0 } = entry
  const text = JSON.stringify([title, authors, abstract, venue, year])
  return TEXT + createHash('sha256').update(text).digest('hex')
}
