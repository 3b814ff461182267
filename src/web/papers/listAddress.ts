import { addDays, isLocalDate } from '../../calendar.ts'
import type { DaySpan, ListOrder } from '../../db/papers/paperLists.ts'
import type { LocalDate } from '../../domain.ts'

export type Span = 'day' | 'week' | 'month'

/** What a list shows, as its address says it. */
export interface ListAddress {
  span: Span
  /** The last day; undefined: the newest. */
  day: LocalDate | undefined
  /** A query in the language of topics; empty: everything. */
  q: string
  /** Undefined: the best match first if there is a query, else the most upvotes. */
  order: ListOrder | 'best' | undefined
  /** An arXiv category; empty: all. */
  cat: string
  page: number
}

const SPANS: Record<Span, number> = { day: 1, week: 7, month: 30 }
const ORDERS = ['votes', 'rising', 'newest', 'best'] as const
const MOST_QUERY = 4000
const MOST_CATEGORY = 40

/** Reads the query string of a list's address. Undefined if `day` is no day; anything else that is unknown is left out. */
export function readListAddress(query: Record<string, unknown>): ListAddress | undefined {
  const { day } = query
  if (day !== undefined && day !== '' && !(typeof day === 'string' && isLocalDate(day))) return undefined
  const text = (name: string, most: number) => {
    const value = query[name]
    return typeof value === 'string'
      ? value
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim()
          .slice(0, most)
      : ''
  }
  const span = text('span', 10)
  const page = text('page', 6)
  return {
    span: span in SPANS ? (span as Span) : 'day',
    day: day || undefined,
    q: text('q', MOST_QUERY),
    order: ORDERS.find((order) => order === text('order', 10)),
    cat: text('cat', MOST_CATEGORY),
    page: /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1,
  }
}

/** The address of a list. What is as it would be anyway is left out, so that one list has one address. */
export function listUrl(address: Partial<ListAddress>): string {
  const { span, day, q, order, cat, page } = address
  const params = new URLSearchParams()
  if (span !== undefined && span !== 'day') params.set('span', span)
  if (day) params.set('day', day)
  if (q) params.set('q', q)
  if (order && order !== 'votes') params.set('order', order)
  if (cat) params.set('cat', cat)
  if (page !== undefined && page > 1) params.set('page', `${page}`)
  return params.size === 0 ? '/trending' : `/trending?${params}`
}

/** The days of a list that ends with a day. */
export function spanOf(span: Span, day: LocalDate): DaySpan {
  return { from: addDays(day, 1 - SPANS[span]), to: day }
}
