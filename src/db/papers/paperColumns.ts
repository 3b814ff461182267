import { type FieldKind, type KnownPaper, PAPER_FIELDS, type PaperField } from '../../domain.ts'
import type { PaperColumn } from '../engine/schema.ts'

/** The columns of `papers` that hold the fields of a paper, made from the list of the fields. */

const SQL_TYPES: Record<FieldKind, string> = {
  text: 'text',
  texts: 'text[]',
  time: 'timestamptz',
  number: 'integer',
}

const FIELDS = Object.keys(PAPER_FIELDS) as PaperField[]

/** The column of a field: `arxiv_id` of `arxivId`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The columns to select for a Paper, each named as its field. */
export const PAPER_COLUMNS = columnsFor(FIELDS)

type SelectedColumn<Selected extends PaperField> = {
  [Field in Selected]: `papers.${PaperColumn<Field>} as ${Field}`
}[Selected]

/** The columns to select for the id and some fields of papers, each named as its field. */
export function columnsFor<Field extends PaperField>(fields: readonly Field[]) {
  return [
    'papers.id',
    ...fields.map((field) => `papers.${columnOf(field)} as ${field}` as SelectedColumn<Field>),
  ] as const
}

/** The SQL type of each written column, by the field's name in KnownPaper. */
export const COLUMN_TYPES = {
  id: 'bigint',
  ...(Object.fromEntries(FIELDS.map((field) => [field, SQL_TYPES[PAPER_FIELDS[field]]])) as Record<
    PaperField,
    string
  >),
  provenance: 'jsonb',
} satisfies Record<keyof KnownPaper, string>
