import { z } from 'zod'
import { isTimeZone } from '../calendar.ts'
import { PICKINESS, type Topic } from '../domain.ts'
import { addressProblem, NO_UTF8, needsUtf8, parseAddress } from '../mail/address.ts'
import type { Clause } from '../ranking/language/clauses.ts'
import { parseQuery } from '../ranking/language/query.ts'
import { QueryError } from '../ranking/language/queryError.ts'
import { MAX_TOPIC_NAME_LENGTH } from '../ranking/language/topicOption.ts'

/** What a subscriber chooses. */
export interface Preferences {
  topics: Topic[]
  /** IANA name. */
  timeZone: string
  /** Local wall-clock time, `HH:MM`. */
  sendAt: string
  /** ISO weekdays, 1 Monday … 7 Sunday. */
  weekdays: number[]
  maxPapers: number
  /** Share of the score that upvotes decide, 0 to 1. If this or a field below is absent, it stays as it is; a new subscriber gets the default. */
  trendWeight?: number
  /** Whether one place of a digest goes to a paper from outside of the topics. */
  explore?: boolean
  /** Whether papers that were opened may teach the taste. */
  countsOpens?: boolean
}

/** Preferences as typed into a form: every value is text, and a topic row without text is no topic. */
export interface TypedPreferences {
  topics: TypedTopic[]
  timeZone: string
  sendAt: string
  weekdays: string[]
  maxPapers: string
  /** Such as `0.15`; absent if the form does not ask. */
  trendWeight?: string
  /** As a checkbox sends it: `on`, or empty; absent if the form does not ask. */
  explore?: string
  countsOpens?: string
}

export interface TypedTopic {
  name: string
  query: string
  quota: string
  /** One of PICKINESS; absent if the form does not ask. */
  pickiness?: string
}

/** What is wrong with one field of a form, in one line. */
export interface FieldError {
  /** Such as `email` or `sendAt`; in the third topic row `topics.2.query`. */
  field: string
  message: string
  /** For a topic's query, where the mistake is, in UTF-16 code units from 0. */
  position?: number
}

export type Parsed<Values> = { values: Values } | { errors: FieldError[] }

export const DEFAULTS = { timeZone: 'UTC', sendAt: '08:00', weekdays: [1, 2, 3, 4, 5, 6, 7], maxPapers: 10 }
export const MAX_TOPICS = 12
const MAX_PAPERS = 50

const PAPERS_ADVICE = `Expected a whole number from 1 to ${MAX_PAPERS}.`

const TREND_ADVICE =
  'Expected a number from 0 (only your interests) to 1 (only what is trending), such as 0.15.'

const email = z.string().transform((text, context) => {
  const address = parseAddress(text)
  if (address === undefined) {
    context.issues.push({ code: 'custom', message: addressProblem(text), input: text })
  }
  return address ?? z.NEVER
})

const query = z.string().transform((text, context) => {
  try {
    parseQuery(text)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { message, position } = error
    context.issues.push({ code: 'custom', message, input: text, params: { position } })
  }
  return text
})

const count = z
  .string()
  .trim()
  .regex(/^\d{1,3}$/, PAPERS_ADVICE)
  .transform(Number)
const papers = count.refine((value) => value >= 1 && value <= MAX_PAPERS, PAPERS_ADVICE)

const topic = z.object({
  name: z
    .string()
    .max(MAX_TOPIC_NAME_LENGTH, `Expected a name of at most ${MAX_TOPIC_NAME_LENGTH} characters.`),
  query,
  quota: z.union([z.literal('').transform(() => null), papers], {
    error: `${PAPERS_ADVICE} Leave it empty for no limit.`,
  }),
  pickiness: z.enum(PICKINESS, `Expected how picky the topic is: ${PICKINESS.join(', ')}.`).optional(),
})

const weight = z
  .string()
  .trim()
  .regex(/^(?:0?\.\d{1,6}|[01](?:\.\d{0,6})?)$/, TREND_ADVICE)
  .transform(Number)
  .refine((value) => value <= 1, TREND_ADVICE)

const checkbox = z.string().transform((text) => text !== '')

const preferences = z.object({
  timeZone: z.string().refine(isTimeZone, 'Expected a time zone of the list, for example Europe/Berlin.'),
  sendAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time of day from 00:00 to 23:59, for example 08:00.'),
  weekdays: z
    .array(z.enum(['1', '2', '3', '4', '5', '6', '7'], 'Expected weekdays from 1 (Monday) to 7 (Sunday).'))
    .min(1, 'Choose at least one weekday; to stop for a while, pause instead.')
    .transform((days) => [...new Set(days.map(Number))].sort()),
  maxPapers: papers,
  trendWeight: weight.optional(),
  explore: checkbox.optional(),
  countsOpens: checkbox.optional(),
})

/** Reads preferences as typed, or lists every field that is wrong and why. */
export function parsePreferences(typed: TypedPreferences): Parsed<Preferences> {
  const plain = preferences.safeParse(typed)
  const topics = parseTopics(typed.topics)
  if (plain.success && 'values' in topics) return { values: { ...plain.data, topics: topics.values } }
  return { errors: [...errorsOf(plain), ...('errors' in topics ? topics.errors : [])] }
}

/** Reads a mail address as typed into the spelling that is stored. */
export function parseEmail(typed: string): Parsed<string> {
  const parsed = z.object({ email }).safeParse({ email: typed })
  return parsed.success ? { values: parsed.data.email } : { errors: errorsOf(parsed) }
}

/**
 * Why an address that `parseEmail` gave cannot be mailed; undefined if it can. `takesUtf8`: asks the mail server whether it takes
 * letters beyond ASCII before the @.
 */
export async function unmailable(
  address: string,
  takesUtf8: () => Promise<boolean>,
): Promise<FieldError | undefined> {
  if (!needsUtf8(address)) return undefined
  try {
    return (await takesUtf8()) ? undefined : { field: 'email', message: NO_UTF8 }
  } catch {
    const message = 'The mail server cannot be asked now whether it takes such an address; try again later.'
    return { field: 'email', message }
  }
}

/** Reads the topic rows of a form. A row with neither name nor query is left out. */
function parseTopics(rows: TypedTopic[]): Parsed<Topic[]> {
  const topics: Topic[] = []
  const errors: FieldError[] = []
  const filled = rows.filter(({ name, query }) => (name + query).trim() !== '').length
  // Reading a query costs; thousands of them are not read.
  if (filled > MAX_TOPICS) return { errors: [tooMany(filled)] }
  for (const [index, row] of rows.map(cleanRow).entries()) {
    if (row.name === '' && row.query === '') continue
    const parsed = topic.safeParse({ ...row, name: row.name || nameFor(row.query) })
    if (!parsed.success) errors.push(...errorsOf(parsed, `topics.${index}.`))
    else if (topics.some((other) => other.name === parsed.data.name)) errors.push(sameName(index))
    else topics.push(parsed.data)
  }
  return errors.length > 0 ? { errors } : { values: topics }
}

/** Removes control characters: a line of text has none, and PostgreSQL refuses U+0000. */
function cleanRow(row: TypedTopic): TypedTopic {
  const line = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const { pickiness } = row
  return {
    name: line(row.name),
    query: line(row.query),
    quota: line(row.quota),
    ...(pickiness === undefined ? {} : { pickiness }),
  }
}

const NAMED_WORDS = 3
const LONGEST_NAME = 40

/** The name of a topic that was given none: what its query looks for first, without the signs of the language. */
export function nameFor(text: string): string {
  const words = wordsIn(text)
  const line = (words.length > 0 ? words.join(', ') : text.replace(/["“”]/g, '')).trim()
  const name = [...line].slice(0, LONGEST_NAME).join('').trim()
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** The first things that a query looks for: words that stand side by side are one. */
function wordsIn(text: string): string[] {
  const named: string[] = []
  let end = -1
  for (const { text: word, position, occurrence } of clausesOf(text)) {
    if (occurrence === 'never') continue
    if (position === end + 1 && named.length > 0) named.push(`${named.pop()} ${word}`)
    else named.push(word)
    end = position + word.length
    if (named.length > NAMED_WORDS) break
  }
  return named.slice(0, NAMED_WORDS)
}

function clausesOf(text: string): Clause[] {
  try {
    return parseQuery(text).clauses
  } catch (error) {
    if (error instanceof QueryError) return []
    throw error
  }
}

function errorsOf(result: z.ZodSafeParseResult<unknown>, prefix = ''): FieldError[] {
  return (result.error?.issues ?? []).map((issue) => {
    const params = 'params' in issue ? (issue.params as { position?: number }) : undefined
    return { field: `${prefix}${String(issue.path[0])}`, message: issue.message, position: params?.position }
  })
}

function sameName(index: number): FieldError {
  return { field: `topics.${index}.name`, message: 'Expected a name of its own, got that of a topic above.' }
}

function tooMany(got: number): FieldError {
  return { field: 'topics', message: `Expected at most ${MAX_TOPICS} topics, got ${got}; join some.` }
}
