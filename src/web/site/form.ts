import type { FastifyRequest } from 'fastify'
import type { FieldError, TypedTopic } from '../../subscribers/preferences.ts'

/** More than any field may hold. Text that is cut off would be refused anyway. */
const LONGEST = 8000

/** More values of one name than any form has. */
const MOST_VALUES = 200

/** What was typed into a field of a sent form; empty if there is no such field. */
export function field(request: FastifyRequest, name: string): string {
  return fields(request, name)[0] ?? ''
}

/** All values sent under one name, in the form's order. */
export function fields(request: FastifyRequest, name: string): string[] {
  const body = request.body as Record<string, unknown> | null | undefined
  return [body?.[name] ?? []]
    .flat()
    .slice(0, MOST_VALUES)
    .filter((value) => typeof value === 'string')
    .map((value) => value.slice(0, LONGEST))
}

/** The id of a stored row as an address or a form writes it; undefined if the text is no such number. */
export function parseId(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** More rows than a subscriber may have topics. A form of a quarter of a megabyte could hold thousands. */
const MOST_ROWS = 40

/** The rows of a form's topics: fields of one name each, side by side. */
export function topicRows(request: FastifyRequest): TypedTopic[] {
  const names = fields(request, 'topicName')
  const queries = fields(request, 'topicQuery').slice(0, MOST_ROWS)
  const quotas = fields(request, 'topicQuota')
  const levels = fields(request, 'topicPickiness')
  return queries.map((query, index) => ({
    name: names[index] ?? '',
    query,
    quota: quotas[index] ?? '',
    ...(levels[index] === undefined ? {} : { pickiness: levels[index] }),
  }))
}

/** A field's error as its page shows it. */
export interface ShownError {
  field: string
  /** What the page calls the field. */
  label: string
  /** Id of the field's element. */
  id: string
  message: string
  /** A query cut at the place of the error. */
  marked: { before: string; after: string } | undefined
}

const MARK_CONTEXT = 30

/** Errors by field, for the template to put each beside what it is about. */
export function showErrors(errors: FieldError[], rows: TypedTopic[] = []): Record<string, ShownError> {
  return Object.fromEntries(errors.map((error) => [error.field, showOne(error, rows)]))
}

function showOne(error: FieldError, rows: TypedTopic[]): ShownError {
  const row = /^topics\.(\d+)\./.exec(error.field)?.[1]
  const query = row === undefined ? undefined : rows[Number(row)]?.query
  const at = error.position
  const marked =
    query === undefined || at === undefined
      ? undefined
      : {
          at: at + 1,
          before: query.slice(Math.max(0, at - MARK_CONTEXT), at),
          after: query.slice(at, at + MARK_CONTEXT),
        }
  return {
    field: error.field,
    label: labelOf(error.field),
    id: error.field.replaceAll('.', '-'),
    message: error.message,
    marked,
  }
}

const LABELS: Record<string, string> = {
  email: 'Mail address',
  topics: 'Topics',
  name: 'name',
  query: 'looks for',
  quota: 'at most',
  sendAt: 'Hour',
  timeZone: 'Time zone',
  weekdays: 'Days',
  maxPapers: 'Papers at most',
  trendWeight: 'Interests or trends',
}

/** The label of a field as the page has it: `topics.2.query` is “Topic 3, looks for”. */
function labelOf(field: string): string {
  const [name = '', row, part = ''] = field.split('.')
  return row === undefined ? (LABELS[name] ?? name) : `Topic ${Number(row) + 1}, ${LABELS[part] ?? part}`
}

/**
 * Attributes that tie a field to its error and hints, for a template to put as they are: field names and hints are
 * ours, nothing of it was typed by anybody.
 */
export function fieldState(errors: Record<string, ShownError>, name: string, ...hints: string[]): string {
  const error = errors[name]
  const ids = error === undefined ? hints : [...hints, `${error.id}-error`]
  const describedBy = ids.length === 0 ? '' : ` aria-describedby="${ids.join(' ')}"`
  return (error === undefined ? '' : ' aria-invalid="true"') + describedBy
}
