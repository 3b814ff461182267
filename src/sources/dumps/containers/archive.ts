import type { Bytes } from './bytes.ts'

/** A file inside an archive. Its bytes are read before the next file is asked for, or left. */
export interface ArchivedFile {
  /** As the archive has it: a label for messages and a place for a date, never a path to write to. */
  name: string
  bytes: Bytes
}

/** What systems add to archives of their own: resource forks, thumbnails, everything hidden. */
export function isHidden(name: string): boolean {
  return name
    .split('/')
    .some((part) => /^(?:\.[^.]|__MACOSX$)/.test(part) || /^(?:thumbs\.db|desktop\.ini)$/i.test(part))
}

/** A name as it may be shown: one line, of a bearable length, with no signs that steer a terminal. */
export function shownName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
  return plain.length <= 200 ? plain : `${plain.slice(0, 60)}…${plain.slice(-120)}`
}
