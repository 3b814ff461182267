import type { Bytes } from './bytes.ts'

/** A file inside an archive. Its bytes must be read, or left, before the next file is requested. */
export interface ArchivedFile {
  /** The name in the archive. It labels messages and may contain a date. It is never a path to write to. */
  name: string
  bytes: Bytes
}

/** Files that operating systems add to archives: resource forks, thumbnails, hidden files. */
export function isHidden(name: string): boolean {
  return name
    .split('/')
    .some((part) => /^(?:\.[^.]|__MACOSX$)/.test(part) || /^(?:thumbs\.db|desktop\.ini)$/i.test(part))
}

/** A name that is safe to show: one line, limited in length, without control characters. */
export function shownName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
  return plain.length <= 200 ? plain : `${plain.slice(0, 60)}…${plain.slice(-120)}`
}
