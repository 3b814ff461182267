/** What the edge checklist needs to know of one format: how a paper is written in it, and what each of its fields becomes. */

/** A paper's fields by the format's own names; one that is absent is not written. */
export type Raw = Record<string, unknown>

/** What kind of value a field holds: decides which values are empty and which are of a wrong type. */
export type Kind = 'text' | 'names' | 'count' | 'link' | 'date'

export interface FieldCase {
  kind: Kind
  good: unknown
  /** What of an entry the good value becomes, as JSON. */
  entry: Record<string, unknown>
  /** In the place of the kind's values of a wrong type. */
  wrong?: unknown[]
  /** A date that is known as one by its spelling alone: another text in its place is none. */
  bySpelling?: true
  /** In the place of the kind's empty values. */
  empty?: unknown[]
}

export interface FormatCase {
  /** Format and, where it has several, the form: `hf-page: cards`. */
  name: string
  format: string
  /** The whole page, answer or dump. */
  write(papers: Raw[]): string
  /** What every paper must have. */
  base: Raw
  /** What these alone become, as JSON. */
  entry: Record<string, unknown>
  fields: Record<string, FieldCase>
  /** Values are JSON values; otherwise all are text. */
  isJson: boolean
  /** White space that can be written in the middle of a text of this format. */
  space: string
  /** Signs that mean something in the format, or look as if, and must come back as they are. */
  signs: string
  /** What the signs become in a format whose texts may hold markup and entities. */
  signsRead?: string
  /** What a page without papers is; undefined for a format that holds exactly one. */
  none: 'empty' | 'refused' | undefined
  /** The fields of `base` that must be right for a paper to be one, with values that are not. */
  required: Record<string, unknown[]>
}

/** Values that say nothing. */
export const NOTHING: unknown[] = ['', ' ']
export const SIGNS = 'R&D <b>bold</b> "quoted" it\'s &amp; &lt;x&gt; $\\alpha<\\beta$ ä עברית 🤖'
/** The same without markup, and with entities decoded. */
export const SIGNS_READ = 'R&D bold "quoted" it\'s & <x> $\\alpha<\\beta$ ä עברית 🤖'
export const SPACE = ' \n\t  \u00a0'

const WRONG_JSON: Record<Kind, unknown[]> = {
  text: [5, true, null, ['x'], { a: 1 }],
  names: [5, true, null, {}, [5, null, {}, ' ']],
  count: ['3', true, null, [], {}, -1, 1.5, 2 ** 31],
  link: [
    5,
    true,
    null,
    [],
    {},
    'x',
    'javascript:alert(1)',
    '//a.example/x',
    'https://good.example@evil.example/',
  ],
  date: [true, null, [], {}, 'soon', '2026-02-30T00:00:00.000Z'],
}

const WRONG_TEXT: Record<Kind, unknown[]> = {
  text: [],
  names: [' , ; '],
  count: ['many', '-1', '1.5', '9'.repeat(20)],
  link: ['x', 'javascript:alert(1)', '//a.example/x', 'https://good.example@evil.example/'],
  date: ['soon', '2026-02-30', '2026-13-01T00:00:00Z'],
}

/** Values of a wrong type for a field. */
export function wrongValues({ isJson }: FormatCase, { kind, wrong }: FieldCase): unknown[] {
  return wrong ?? (isJson ? WRONG_JSON : WRONG_TEXT)[kind]
}

/** Values that are there and empty. */
export function emptyValues({ isJson }: FormatCase, { kind, empty }: FieldCase): unknown[] {
  return empty ?? (isJson && kind === 'names' ? [[], ['']] : [''])
}

/** Text as HTML and XML write it. */
export function escaped(value: unknown): string {
  return `${value}`
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** `<name>value</name>` for each field that is there, by a list of the fields' names or of what to write for them. */
export function elements(raw: Raw, written: Record<string, (value: string) => string>): string {
  return Object.entries(written)
    .flatMap(([field, write]) => (raw[field] === undefined ? [] : write(escaped(raw[field]))))
    .join('\n')
}
