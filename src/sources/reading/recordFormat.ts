import type { Entry, Reject } from '../../domain.ts'

/**
 * One kind of record in a dump of many (JSON lines or one JSON array): how to recognise it and how to read it. Both
 * are pure, total functions of one parsed JSON value, so that a dump of any size can be streamed.
 */
export interface RecordFormat {
  /** Short and stable. It is stored with each value: `arxiv-snapshot`. */
  name: string
  detect(record: unknown): boolean
  /** Names of the fields that it looks at; those with others are told as ignored. */
  reads: ReadonlySet<string>
  /** `where` names the record in a reject: `line 12`. */
  parse(record: unknown, where: string): Entry | Reject
}

/** A set of the names of fields that a text lists, blanks between them. */
export function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
