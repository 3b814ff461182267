import type { Pickiness, Topic } from '../../domain.ts'
import { UsageError } from '../../errors.ts'
import { parseQuery } from './query.ts'

export const MAX_TOPIC_NAME_LENGTH = 80

/**
 * Parses a topic as the command line takes it, `NAME=QUERY`. The name ends at the first `=`; the query is checked and kept as typed.
 * Throws QueryError for a query that cannot be read, and UsageError without a name.
 */
export function parseTopicOption(option: string, pickiness?: Pickiness): Topic {
  const at = option.indexOf('=')
  const name = option.slice(0, Math.max(at, 0)).replace(/\s+/g, ' ').trim()
  const query = option.slice(at + 1).trim()
  if (at < 0 || name === '')
    throw new UsageError(
      `Expected a topic as NAME=QUERY, got “${option.slice(0, 60)}”: write for example --topic 'Health="chest x-ray" ecg'`,
    )
  if (name.length > MAX_TOPIC_NAME_LENGTH)
    throw new UsageError(
      `Expected a topic name of at most ${MAX_TOPIC_NAME_LENGTH} characters, got ${name.length}: choose a shorter one`,
    )
  parseQuery(query)
  return { name, query, quota: null, ...(pickiness === undefined ? {} : { pickiness }) }
}
