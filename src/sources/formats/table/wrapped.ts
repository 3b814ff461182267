import { type Fields, fieldsOf } from '../../reading/fields.ts'

/** What catalogues put around a record: citations, search hits, dataset rows, edges of a graph, items of a library. */
const WRAPPERS = [
  'citedPaper',
  'citingPaper',
  'paper',
  'row',
  '_source',
  'info',
  'node',
  'data',
  'attributes',
  'content',
  'message',
  'bibjson',
  'fields',
]

/**
 * The record inside of an object that is none itself: the paper of `{citedPaper: {title, …}}`, with what stands beside
 * it where the record does not say the same. Other values are given back as they are.
 */
export function unwrapped(value: unknown): unknown {
  const record = fieldsOf(value)
  if (record === undefined || hasTitle(record)) return value
  const name = WRAPPERS.find((candidate) => hasTitle(fieldsOf(record[candidate])))
  return name === undefined
    ? value
    : { ...beside(record, name), ...fieldsOf(record[name]), ...pageOf(record) }
}

/** The page of a note of OpenReview (https://docs.openreview.net), which says only the id of its forum. */
function pageOf({ forum, content }: Fields): Fields {
  const isNote = typeof forum === 'string' && /^[\w-]{1,40}$/.test(forum) && fieldsOf(content) !== undefined
  return isNote ? { url: `https://openreview.net/forum?id=${forum}` } : {}
}

/** Ids and dates beside an inner record say something about it; lists and objects there are other things. */
function beside(record: Fields, inner: string): Fields {
  const kept = Object.entries(record).filter(
    ([name, value]) =>
      name !== inner && (typeof value === 'string' || typeof value === 'number') && name !== 'url',
  )
  return Object.fromEntries(kept)
}

const TITLES = ['title', 'titles', 'Title', 'display_name']

/** Whether an object bears a title as records do: a text, a list of texts, `{value}`. */
export function hasTitle(record: Fields | undefined): boolean {
  return record !== undefined && TITLES.some((name) => isTitle(record[name]))
}

function isTitle(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== ''
  if (Array.isArray(value))
    return value.length > 0 && (typeof value[0] === 'string' || isTitle(fieldsOf(value[0])?.title))
  const inner = fieldsOf(value)?.value
  return typeof inner === 'string'
}
